using System.Text;
using CsCheck;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

public sealed class HttpStreamReaderTests
{
    private const string Chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nGET /\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";

    private const string Requests =
        "GET /1 HTTP/1.1\r\nHost: a.example\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: b.example\r\nContent-Length: 20\r\n\r\n"
        + "GET /no HTTP/1.1\r\n\r\nPROPFIND /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        + "UPDATEREDIRECTREF /4 HTTP/1.0\r\n\r\nMADE-UP /5 HTTP/1.1\r\n\r\n";

    private struct Log(List<string> heads) : IHttpHandler
    {
        public readonly void OnRequest(in HttpHeadView head) =>
            heads.Add(Encoding.Latin1.GetString(head.Method) + " " + Encoding.Latin1.GetString(head.Target));

        public readonly void OnResponse(in HttpHeadView head) =>
            heads.Add(head.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private readonly List<string> _heads = [];
    private readonly HttpStreamReader _client = new();
    private readonly HttpStreamReader _server = new();

    public HttpStreamReaderTests()
    {
        _client.Peer = _server;
        _server.Peer = _client;
    }

    [Fact]
    public void Every_request_of_a_connection_is_seen()
    {
        Feed(_client, Requests);
        Assert.Equal(["GET /1", "POST /2", "PROPFIND /3", "UPDATEREDIRECTREF /4", "MADE-UP /5"], _heads);
    }

    [Fact]
    public void It_does_not_matter_how_the_bytes_are_cut() =>
        Gen.Int[1, 60].Array[1, 40].Sample(cuts =>
        {
            List<string> heads = [];
            HttpStreamReader reader = new();
            string rest = Requests + Requests;
            for (int i = 0; rest.Length > 0; i++)
            {
                int length = Math.Min(rest.Length, cuts[i % cuts.Length]);
                Assert.Equal(length, Feed(reader, rest[..length], heads));
                rest = rest[length..];
            }
            return heads.SequenceEqual(
                ["GET /1", "POST /2", "PROPFIND /3", "UPDATEREDIRECTREF /4", "MADE-UP /5", "GET /1", "POST /2", "PROPFIND /3",
                    "UPDATEREDIRECTREF /4", "MADE-UP /5"]);
        });

    [Fact]
    public void A_connection_may_come_byte_by_byte()
    {
        foreach (char c in Requests)
            Feed(_client, c.ToString());
        Assert.Equal(["GET /1", "POST /2", "PROPFIND /3", "UPDATEREDIRECTREF /4", "MADE-UP /5"], _heads);
    }

    [Fact]
    public void A_chunked_body_with_trailers_is_stepped_over_byte_by_byte()
    {
        foreach (char c in Chunked + "HTTP/1.1 404 No\r\n\r\n")
            Feed(_server, c.ToString());
        Assert.Equal(["200", "404"], _heads);
    }

    [Fact]
    public void What_was_asked_tells_whether_there_is_a_body()
    {
        Feed(_client, "HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        Feed(_server, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
            + "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nHTTP/1.1 500 E\r\n\r\n");
        Assert.Equal(["HEAD /", "GET /", "100", "200", "304", "500"], _heads);
    }

    [Fact]
    public void A_body_that_ends_with_the_connection_hides_nothing_but_itself()
    {
        Feed(_client, "GET / HTTP/1.0\r\n\r\n");
        Feed(_server, "HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 404 in the body\r\n\r\n");
        Assert.Equal(["GET /", "200"], _heads);
    }

    [Fact]
    public void Behind_a_granted_CONNECT_the_stream_is_something_else()
    {
        Feed(_client, "CONNECT a.example:443 HTTP/1.1\r\n\r\n");
        string answer = "HTTP/1.1 200 Connection established\r\n\r\n";
        Assert.Equal(answer.Length, Feed(_server, answer + "\u0016\u0003\u0003"));
        Assert.True(_server.IsTunnel && _client.IsTunnel);
        Assert.Equal(0, Feed(_client, "GET / HTTP/1.1\r\n\r\n"));
    }

    [Fact]
    public void Behind_a_refused_CONNECT_HTTP_goes_on()
    {
        Feed(_client, "CONNECT a.example:443 HTTP/1.1\r\n\r\n");
        Feed(_server, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
        Feed(_client, "\r\nCONNECT a.example:443 HTTP/1.1\r\n\r\n");
        Assert.Equal(["CONNECT a.example:443", "407", "CONNECT a.example:443"], _heads);
        Assert.False(_client.IsTunnel);
    }

    [Theory]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001")]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\n\r\n", "\u0016")]
    [InlineData("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", "\u0081\u0085\u0001")]
    [InlineData("GET /chat HTTP/1.1\r\nUpgrade: h2c\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public void A_tunnel_is_known_by_what_follows_where_its_answer_is_missing(string request, string next)
    {
        Assert.Equal(request.Length, Feed(_client, request + next));
        Assert.True(_client.IsTunnel);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 Connection established\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")]
    public void The_answer_to_an_unseen_request_opens_a_tunnel(string answer)
    {
        HttpStreamReader alone = new();
        Assert.Equal(answer.Length, Feed(alone, answer + "\u0016\u0003\u0003\u0000"));
        Assert.True(alone.IsTunnel);
    }

    [Fact]
    public void Bytes_missing_from_a_body_do_no_harm()
    {
        Feed(_client, "POST / HTTP/1.1\r\nContent-Length: 3000000000\r\n\r\n" + "abc");
        _client.Skip(2_999_999_996);
        Feed(_client, "dGET /next HTTP/1.1\r\n\r\n");
        Assert.Equal(["POST /", "GET /next"], _heads);
    }

    [Fact]
    public void Behind_other_missing_bytes_the_next_segment_that_begins_a_message_is_taken()
    {
        Feed(_client, "GET /1 HTTP/1.1\r\nHost: a.ex");
        _client.Skip(100);
        Feed(_client, "le\r\n\r\nGET /inside HTTP/1.1\r\n\r\n");
        Feed(_client, "GET /2 HTTP/1.1\r\n\r\n");
        Assert.Equal(["GET /2"], _heads);
    }

    [Fact]
    public void Missing_answers_do_not_shift_the_others()
    {
        Feed(_client, "HEAD /1 HTTP/1.1\r\n\r\n");
        _server.Skip(200);
        Feed(_client, "GET /2 HTTP/1.1\r\n\r\n");
        Feed(_server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 No\r\n\r\n");
        Assert.Equal(["HEAD /1", "GET /2", "200", "404"], _heads);
    }

    [Fact]
    [Trait("cap", "Wire.HttpHeadView.MaxHeadBytes")]
    public void A_head_beyond_its_cap_is_given_up_in_whatever_pieces_it_comes()
    {
        string head = "GET / HTTP/1.1\r\nX: " + new string('x', 65_536) + "\r\n\r\n";
        Feed(_client, head);
        Feed(_client, "GET /2 HTTP/1.1\r\n\r\n");
        foreach (char[] piece in head.Chunk(1_000))
            Feed(_client, new string(piece));
        Feed(_client, "GET /3 HTTP/1.1\r\n\r\n");
        Assert.Equal(["GET /2", "GET /3"], _heads);
    }

    [Fact]
    public void What_is_no_HTTP_is_passed_over_without_end()
    {
        byte[] noise = new byte[1_000];
        new Random(1).NextBytes(noise);
        Log log = new(_heads);
        for (int i = 0; i < 100; i++)
            Assert.Equal(noise.Length, _client.Feed(noise, ref log));
        Assert.Empty(_heads);
    }

    [Fact]
    public void No_bytes_and_no_gaps_make_it_throw_or_take_more_than_there_is() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60],
            Gen.OneOf(Gen.String["GETHP /1.:\r\n0a;"], Gen.Const("GET / HTTP/1.1\r\n"), Gen.Const(Chunked))).Array[0, 30]
            .Sample(steps =>
            {
                HttpStreamReader first = new();
                HttpStreamReader second = new() { Peer = first };
                first.Peer = second;
                List<string> heads = [];
                foreach ((int kind, int gap, string text) in steps)
                {
                    HttpStreamReader reader = kind % 2 == 0 ? first : second;
                    if (kind > 1)
                        reader.Skip(gap);
                    int taken = Feed(reader, text, heads);
                    Assert.True(reader.IsTunnel ? taken <= text.Length : taken == text.Length);
                }
            });

    [Fact]
    public void A_reader_that_was_reset_is_as_good_as_new()
    {
        Feed(_client, "CONNECT a.example:443 HTTP/1.1\r\n\r\n\u0016");
        _client.Reset();
        Feed(_client, "GET / HTTP/1.1\r\n\r\n");
        Assert.Equal(["CONNECT a.example:443", "GET /"], _heads);
        Assert.Null(_client.Peer);
    }

    private struct Nothing : IHttpHandler
    {
        public readonly void OnRequest(in HttpHeadView head)
        {
        }

        public readonly void OnResponse(in HttpHeadView head)
        {
        }
    }

    [Fact]
    public void Following_a_connection_allocates_nothing()
    {
        byte[] first = Encoding.Latin1.GetBytes(Requests[..25]);
        byte[] second = Encoding.Latin1.GetBytes(Requests[25..]);
        byte[] answer =
            Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Chunked, 3)) + "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        Nothing handler = default;
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            _client.Feed(first, ref handler);
            _client.Feed(second, ref handler);
            _server.Feed(answer.AsSpan(0, 60), ref handler);
            _server.Feed(answer.AsSpan(60), ref handler);
        }));
    }

    private int Feed(HttpStreamReader reader, string text) => Feed(reader, text, _heads);

    private static int Feed(HttpStreamReader reader, string text, List<string> heads)
    {
        Log log = new(heads);
        return reader.Feed(Encoding.Latin1.GetBytes(text), ref log);
    }
}
