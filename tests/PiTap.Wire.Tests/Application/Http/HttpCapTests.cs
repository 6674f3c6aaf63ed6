using System.Text;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

/// <summary>What a reader of HTTP waits for and remembers, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class HttpCapTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData(63, 66)]
    [InlineData(64, 65)]
    [Trait("cap", "Wire.HttpStreamReader.MaxAwaited")]
    public void So_many_requests_are_awaited_and_a_further_one_is_taken_for_GET(int before, int responses)
    {
        List<string> heads = [];
        HttpStreamReader client = new(), server = new();
        (client.Peer, server.Peer) = (server, client);
        string get = "GET / HTTP/1.1\r\n\r\n", empty = "HTTP/1.1 204 None\r\n\r\n";
        Feed(client, string.Concat(Enumerable.Repeat(get, before)) + "HEAD / HTTP/1.1\r\n\r\n" + get, []);
        // The answer to HEAD has no body whatever it says; that to GET takes the next one for its body, as the first one does.
        string answer = $"HTTP/1.1 200 OK\r\nContent-Length: {empty.Length}\r\n\r\n" + empty;
        Feed(server, answer + string.Concat(Enumerable.Repeat(empty, before - 1)) + answer
            + string.Concat(Enumerable.Repeat(empty, 64 - before)), heads);
        Assert.Equal(responses, heads.Count);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    [Trait("cap", "Wire.HttpHeadView.MaxMethodBytes")]
    public void A_method_of_HTTP_has_so_many_characters(int characters, bool isMethod)
    {
        string method = new('A', characters);
        Assert.Equal(isMethod, HttpHeadView.LooksLikeStart(Encoding.ASCII.GetBytes(method + " / HTTP/1.1\r\n")));
        Assert.Equal(isMethod, HttpHeadView.MayBecomeStart(Encoding.ASCII.GetBytes(method)));
    }

    [Theory]
    [InlineData(7_000, true)]
    [InlineData(9_000, false)]
    [Trait("cap", "Wire.HttpHeadView.MaxProbeBytes")]
    public void The_end_of_a_first_line_is_waited_for_so_long(int characters, bool isWaitedFor) =>
        Assert.Equal(isWaitedFor, HttpHeadView.MayBecomeStart(Encoding.ASCII.GetBytes("GET /" + new string('a', characters))));

    [Theory]
    [InlineData(4_000, 2)]
    [InlineData(5_000, 1)]
    [Trait("cap", "Wire.HttpStreamReader.MaxLineBytes")]
    public void The_end_of_a_line_between_chunks_is_waited_for_so_long(int characters, int responses)
    {
        List<string> heads = [];
        HttpStreamReader reader = new();
        Feed(reader, Chunked + "1;" + new string('x', characters), heads);
        Feed(reader, "\r\na\r\n0\r\n\r\nHTTP/1.1 204 None\r\n\r\n", heads);
        Assert.Equal(responses, heads.Count);
    }

    [Theory]
    [InlineData(15, 2)]
    [InlineData(16, 1)]
    [Trait("cap", "Wire.HttpStreamReader.MaxDigits")]
    public void The_size_of_a_chunk_has_so_many_digits(int digits, int responses)
    {
        List<string> heads = [];
        string size = "a".PadLeft(digits, '0');
        Feed(new HttpStreamReader(), $"{Chunked}{size}\r\n0123456789\r\n0\r\n\r\nHTTP/1.1 204 None\r\n\r\n", heads);
        Assert.Equal(responses, heads.Count);
    }

    [Theory]
    [InlineData(18, 2)]
    [InlineData(19, 1)]
    [Trait("cap", "Wire.HttpKnownFields.MaxDigits")]
    public void The_length_of_a_body_has_so_many_digits(int digits, int responses)
    {
        List<string> heads = [];
        string length = "5".PadLeft(digits, '0');
        string head = $"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: {length}\r\n\r\n";
        Feed(new HttpStreamReader(), head + "helloHTTP/1.1 204 None\r\n\r\n", heads);
        Assert.Equal(responses, heads.Count);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [Trait("cap", "Wire.HttpHeadView.MaxEmptyBytes")]
    public void So_many_empty_lines_stand_before_a_request(int lines, bool isStream) => Assert.Equal(
        isStream, HttpHeadView.LooksLikeStream([.. Enumerable.Repeat("\r\n"u8.ToArray(), lines).SelectMany(static line => line),
            .. "GET / HTTP/1.1\r\n"u8]));

    [Fact]
    public void A_method_longer_than_any_is_none()
    {
        Assert.True(HttpMethods.IsRegistered("UPDATEREDIRECTREF"u8));
        Assert.False(HttpMethods.IsRegistered(new byte[65_000]));
    }

    private static void Feed(HttpStreamReader reader, string text, List<string> heads)
    {
        Heads handler = new(heads);
        Assert.Equal(text.Length, reader.Feed(Encoding.ASCII.GetBytes(text), ref handler));
    }

    private readonly struct Heads(List<string> heads) : IHttpHandler
    {
        public void OnRequest(in HttpHeadView head) => heads.Add("request");

        public void OnResponse(in HttpHeadView head) => heads.Add("response");
    }
}
