using System.Text;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>Requests that begin in unusual ways.</summary>
public sealed class HttpStartTests
{
    [Theory]
    [InlineData("GET /a?b=1\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("GET /a \r\nHost: a.example.com\r\n\r\n")]
    [InlineData("POST http://a.example.com/a\nHost: a.example.com\n\n")]
    [InlineData("\r\nGET /a HTTP/1.1\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("\n\r\n\nGET /a HTTP/1.1\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("\r\nGET /a\r\nHost: a.example.com\r\n\r\n")]
    public void A_request_without_version_or_behind_empty_lines_is_one(string text)
    {
        FlowRecord flow = Flow(text);
        Assert.Equal(("a.example.com", AppProtocol.Http, Verdict.Readable), (flow.Host, flow.AppProto, flow.Verdict));
    }

    [Theory]
    // No method of the registry; no target; more words.
    [InlineData("FETCH /a\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("GET a\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("GET /a b\r\nHost: a.example.com\r\n\r\n")]
    [InlineData("\r\n\r\n\r\n\r\n\r\n\r\nGET /a HTTP/1.1\r\nHost: a.example.com\r\n\r\n")]
    public void Other_lines_are_none(string text) => Assert.Null(Flow(text).Host);

    private static FlowRecord Flow(string text) =>
        Assert.Single(Analysis.Of(Conversation.Tcp(80).Open().Send(true, Encoding.ASCII.GetBytes(text))).Flows);
}
