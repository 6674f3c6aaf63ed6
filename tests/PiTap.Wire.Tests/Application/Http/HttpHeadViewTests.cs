using System.Text;
using CsCheck;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

public sealed class HttpHeadViewTests
{
    private const string Request = "POST /room?id=7 HTTP/1.1\r\nHost: media.example:8080\r\nUser-Agent:  Probe/1.0 \r\n"
        + "X-Requested-With: org.example.app\r\nContent-Length: 12\r\n\r\n";

    [Fact]
    public void A_request_reads_to_every_field()
    {
        byte[] data = Bytes(Request + "body");
        Assert.Equal(ParseStatus.Ok, HttpHeadView.Parse(data, out HttpHeadView head));
        Assert.True(head.IsRequest);
        Assert.Equal("POST", Text(head.Method));
        Assert.Equal("/room?id=7", Text(head.Target));
        Assert.Equal("HTTP/1.1", Text(head.Version));
        Assert.Equal(0, head.StatusCode);
        Assert.Equal(Request.Length, head.HeadLength);
        Assert.Equal("media.example:8080", Text(head.Host));
        Assert.Equal("Probe/1.0", Text(head.UserAgent));
        Assert.Equal("org.example.app", Text(head.RequestedWith));
        Assert.False(head.AsksForUpgrade);
        Assert.Equal(HttpBody.Length, head.Body(out long length));
        Assert.Equal(12, length);
    }

    [Fact]
    public void A_response_reads_to_every_field()
    {
        byte[] data = Bytes("HTTP/1.0 404 Not Found\nServer: x\n\n");
        Assert.Equal(ParseStatus.Ok, HttpHeadView.Parse(data, out HttpHeadView head));
        Assert.False(head.IsRequest);
        Assert.Equal(404, head.StatusCode);
        Assert.Equal("HTTP/1.0", Text(head.Version));
        Assert.Equal(data.Length, head.HeadLength);
        Assert.True(head.Method.IsEmpty && head.Target.IsEmpty && head.Host.IsEmpty);
        Assert.Equal(HttpBody.UntilClose, head.Body(out _));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example")]
    [InlineData("GET http://b.example/x HTTP/1.1\r\n\r\n", "b.example")]
    [InlineData("GET http://me:secret@b.example?x HTTP/1.1\r\n\r\n", "b.example")]
    [InlineData("GET http://b.example/x HTTP/1.1\r\nHOST: a.example\r\n\r\n", "a.example")]
    [InlineData("CONNECT c.example:443 HTTP/1.1\r\n\r\n", "c.example:443")]
    [InlineData("GET /r?to=http://d.example/ HTTP/1.1\r\n\r\n", "")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\tfolded.example\r\n\r\n", "folded.example")]
    [InlineData("GET / HTTP/1.1\r\nno field\r\n stray\r\nHost : e.example\r\n\r\n", "e.example")]
    [InlineData("GET      /x HTTP/1.1\r\nHost: f.example\r\n\r\n", "f.example")]
    public void The_host_is_found_wherever_it_stands(string text, string host)
    {
        Assert.Equal(ParseStatus.Ok, HttpHeadView.Parse(Bytes(text), out HttpHeadView head));
        Assert.Equal(host, Text(head.Host));
    }

    [Theory]
    [InlineData("PURGE /cache HTTP/1.1\r\n\r\n", ParseStatus.Ok)]
    [InlineData("MADE-UP /x HTTP/1.0\r\n\r\n", ParseStatus.Ok)]
    [InlineData("ICY 200 OK\r\n\r\n", ParseStatus.Ok)]
    [InlineData("HTTP/1.1 200\r\n\r\n", ParseStatus.Ok)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ParseStatus.Unsupported)]
    [InlineData("OPTIONS rtsp://x/ RTSP/1.0\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("OPTIONS sip:x SIP/2.0\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("GET /\r\n\r\n", ParseStatus.Ok)]
    [InlineData("GET x\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("ET /x HTTP/1.1\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("GET  HTTP/1.1\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("G\u0001T / HTTP/1.1\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", ParseStatus.Malformed)]
    [InlineData("HTTP/2 200\r\n\r\n", ParseStatus.Malformed)]
    public void The_first_line_decides(string text, ParseStatus expected) => Assert.Equal(expected, HttpHeadView.Parse(Bytes(text), out _));

    [Theory]
    [InlineData("GET /", true)]
    [InlineData("GET ", false)]
    [InlineData("HTTP/", true)]
    [InlineData("HTTP/1.", true)]
    [InlineData("HTTP/2.0", false)]
    [InlineData("FOO /x", false)]
    [InlineData("SUBSCRIBE /e", true)]
    [InlineData("BASELINE-CONTROL /", true)]
    [InlineData("POST \u0001\u0002", false)]
    [InlineData("get / ", false)]
    [InlineData("get / HTTP/1.1\n", true)]
    public void A_start_is_told_by_as_much_as_is_there(string text, bool expected) =>
        Assert.Equal(expected, HttpHeadView.LooksLikeStart(Bytes(text)));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HttpBody.Length, 5)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", HttpBody.None, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 7, 7\r\n\r\n", HttpBody.Length, 7)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", HttpBody.UntilClose, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n", HttpBody.UntilClose, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", HttpBody.UntilClose, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: gzip, CHUNKED\r\n\r\n", HttpBody.Chunked, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n", HttpBody.Chunked, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 5\r\n\r\n", HttpBody.UntilClose, 0)]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", HttpBody.None, 0)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", HttpBody.None, 0)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n", HttpBody.None, 0)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", HttpBody.UntilClose, 0)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", HttpBody.None, 0)]
    public void The_body_ends_where_RFC_9112_section_6_3_says(string text, HttpBody expected, long length)
    {
        Assert.Equal(ParseStatus.Ok, HttpHeadView.Parse(Bytes(text), out HttpHeadView head));
        Assert.Equal(expected, head.Body(out long found));
        Assert.Equal(length, found);
    }

    [Fact]
    public void A_head_that_is_cut_is_truncated() =>
        ByteSweep.EachPrefix(Bytes(Request), prefix => Assert.Equal(ParseStatus.Truncated, HttpHeadView.Parse(prefix, out _)));

    [Theory]
    [InlineData("UPDATEREDIRECTREF /x HTTP/1.1\r\n\r\n")]
    [InlineData("MADE-UP /x HTTP/1.1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("ICY 200 OK\r\n\r\n")]
    public void Whatever_the_first_word_a_cut_head_is_truncated(string text) =>
        ByteSweep.EachPrefix(Bytes(text), prefix => Assert.Equal(ParseStatus.Truncated, HttpHeadView.Parse(prefix, out _)));

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw() => ByteSweep.EachChange(Bytes(Request), bytes => Touch(bytes));

    [Fact]
    public void No_bytes_make_an_accessor_throw()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => Touch(bytes));
        Gen.String["GETHOPS /1.:\r\n,chunked"].Select(text => "GET / HTTP/1.1\r\n" + text + "\r\n\r\n").Sample(text => Touch(Bytes(text)));
    }

    [Fact]
    public void Reading_a_head_allocates_nothing()
    {
        byte[] data = Bytes(Request);
        Assert.Equal(0, HostileBytes.Allocated(() => Touch(data)));
        byte[] start = Bytes("SUBSCRIBE /events");
        Assert.Equal(0, HostileBytes.Allocated(() => HttpHeadView.LooksLikeStart(start)));
    }

    private static void Touch(byte[] bytes)
    {
        if (HttpHeadView.Parse(bytes, out HttpHeadView head) != ParseStatus.Ok)
            return;
        bool isWhole = head.HeadLength <= bytes.Length && head.IsRequest == (head.StatusCode == 0)
            && head.Body(out long length) <= HttpBody.UntilClose && length >= 0;
        int seen = head.Method.Length + head.Target.Length + head.Version.Length + head.UserAgent.Length + head.RequestedWith.Length;
        foreach (HttpField field in head.Fields)
            seen += field.Name.Length + (field.Value.Contains((byte)'\n') ? bytes.Length : 0);
        if (!isWhole || head.Host.Length > bytes.Length || seen > 2 * bytes.Length)
            Assert.Fail("A view reaches beyond its bytes.");
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
