using System.Globalization;
using System.Text;
using CsCheck;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

/// <summary>
/// However a connection is cut into segments, the same requests and responses are found in it, with the same fields (RFC 9112).
/// </summary>
public sealed class HttpSegmentationTests
{
    private static readonly string[] s_methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PROPFIND", "MADE-UP", "UPDATEREDIRECTREF"];

    // Bodies that hold what heads and chunks are made of.
    private static readonly string[] s_bodies =
        ["", "x", "GET /no HTTP/1.1\r\nHost: no.example\r\n\r\n", "0\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", new('y', 300)];

    /// <summary>A connection: all that each side sends, and the heads that are in it.</summary>
    private sealed record Connection(byte[] Client, byte[] Server, string[] Requests, string[] Responses);

    private static readonly Gen<(string Method, int Body, int Coding, bool HasBlankLine)> s_message =
        Gen.Select(Gen.Int[0, s_methods.Length - 1].Select(static index => s_methods[index]), Gen.Int[0, s_bodies.Length - 1],
            Gen.Int[0, 3], Gen.Bool);

    private static readonly Gen<Connection> s_connections = Gen.Select(s_message, s_message).Array[1, 6].Select(Build);

    private static readonly Connection s_sample = Build(
    [
        (("GET", 0, 0, false), ("GET", 2, 1, false)),
        (("POST", 2, 1, true), ("GET", 2, 3, false)),
        (("HEAD", 0, 0, false), ("GET", 4, 1, false)),
        (("PUT", 2, 2, false), ("GET", 0, 2, false)),
        (("MADE-UP", 3, 3, false), ("GET", 5, 1, false)),
    ]);

    private struct Log(List<string> heads) : IHttpHandler
    {
        public readonly void OnRequest(in HttpHeadView head) =>
            heads.Add($"{Text(head.Method)} {Text(head.Target)} {Text(head.Host)} {Text(head.UserAgent)} {Text(head.RequestedWith)}");

        public readonly void OnResponse(in HttpHeadView head) => heads.Add($"{head.StatusCode.ToString(CultureInfo.InvariantCulture)}");

        private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
    }

    [Fact]
    public void Cut_at_any_one_place_it_is_the_same()
    {
        for (int cut = 0; cut <= s_sample.Client.Length; cut++)
            Check(s_sample, [cut, s_sample.Client.Length - cut], []);
        for (int cut = 0; cut <= s_sample.Server.Length; cut++)
            Check(s_sample, [], [cut, s_sample.Server.Length - cut]);
    }

    [Fact]
    public void Cut_at_any_two_places_it_is_the_same()
    {
        // Every pair of cuts within the messages whose framing is the most delicate: chunks with a trailer, and what follows them.
        int from = s_sample.Client.AsSpan().IndexOf("PUT"u8);
        for (int first = from; first < s_sample.Client.Length; first++)
        {
            for (int second = first; second < s_sample.Client.Length; second++)
                Check(s_sample, [first, second - first, s_sample.Client.Length - second], []);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void In_segments_of_any_one_length_it_is_the_same(int segmentBytes) => Check(s_sample, [segmentBytes], [segmentBytes]);

    [Fact]
    public void Any_connection_one_byte_at_a_time_is_the_same() =>
        s_connections.Sample(static connection => Check(connection, [1], [1]), iter: 2_000);

    [Fact]
    public void Any_connection_in_any_segments_is_the_same() =>
        Gen.Select(s_connections, Gen.Int[1, 90].Array[1, 30], Gen.Int[1, 90].Array[1, 30])
            .Sample(static (connection, client, server) => Check(connection, client, server), iter: 5_000);

    /// <summary>
    /// Feeds both sides, requests first as pipelining sends them, in segments of the lengths given (from the first again when they are used
    /// up).
    /// </summary>
    private static void Check(Connection connection, int[] clientCuts, int[] serverCuts)
    {
        HttpStreamReader client = new();
        HttpStreamReader server = new() { Peer = client };
        client.Peer = server;
        Assert.Equal(connection.Requests, Feed(client, connection.Client, clientCuts));
        Assert.Equal(connection.Responses, Feed(server, connection.Server, serverCuts));
        client.Reset();
        server.Reset();
    }

    private static List<string> Feed(HttpStreamReader reader, byte[] stream, int[] cuts)
    {
        List<string> heads = [];
        Log log = new(heads);
        int offset = 0;
        for (int turn = 0; offset < stream.Length; turn++)
        {
            int length = cuts.Length == 0 ? stream.Length : Math.Min(cuts[turn % cuts.Length], stream.Length - offset);
            Assert.Equal(length, reader.Feed(stream.AsSpan(offset, length), ref log));
            offset += length;
        }
        return heads;
    }

    private static Connection Build(
        ((string Method, int Body, int Coding, bool HasBlankLine) Request,
            (string Method, int Body, int Coding, bool HasBlankLine) Response)[] pairs)
    {
        StringBuilder client = new();
        StringBuilder server = new();
        List<string> requests = [];
        List<string> responses = [];
        for (int i = 0; i < pairs.Length; i++)
        {
            (string method, int body, int coding, bool hasBlankLine) = pairs[i].Request;
            // RFC 9112 section 2.2: an empty line before a request is to be ignored.
            if (i > 0 && hasBlankLine)
                client.Append("\r\n");
            client.Append(CultureInfo.InvariantCulture,
                $"{method} /{i}?q=a HTTP/1.1\r\nHost: h{i}.example:8080\r\nUser-Agent:  Talk/{i} \r\nX-Requested-With: app.{i}\r\n");
            requests.Add($"{method} /{i}?q=a h{i}.example:8080 Talk/{i} app.{i}");
            Append(client, s_bodies[body], method is "GET" or "HEAD" ? 0 : coding, hasBody: method is not ("GET" or "HEAD"));
            if (pairs[i].Response.HasBlankLine)
            {
                server.Append("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                responses.Add("103");
            }
            server.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {400 + i} Sorry\r\nServer: s\r\n");
            responses.Add($"{400 + i}");
            // The answer to HEAD tells of a body that it has not.
            Append(server, s_bodies[pairs[i].Response.Body], Math.Max(1, pairs[i].Response.Coding), hasBody: method != "HEAD");
        }
        return new Connection(Encoding.Latin1.GetBytes(client.ToString()), Encoding.Latin1.GetBytes(server.ToString()), [.. requests],
            [.. responses]);
    }

    /// <summary>
    /// Ends a head and adds a body: 0 none, 1 by its length, 2 in one chunk with extension and trailer, 3 in chunks of seven bytes.
    /// </summary>
    private static void Append(StringBuilder stream, string body, int coding, bool hasBody)
    {
        switch (coding)
        {
            case 1:
                stream.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{(hasBody ? body : "")}");
                break;
            case 2:
                stream.Append("Transfer-Encoding: chunked\r\n\r\n");
                if (hasBody)
                {
                    stream.Append(body.Length == 0 ? "" : $"{body.Length:X4};name=\"0\"\r\n{body}\r\n")
                        .Append("000\r\nDigest: 0\r\nX: GET / HTTP/1.1\r\n\r\n");
                }
                break;
            case 3:
                stream.Append("Transfer-Encoding: chunked\r\n\r\n");
                foreach (char[] chunk in hasBody ? body.Chunk(7) : [])
                    stream.Append(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n").Append(chunk).Append("\r\n");
                stream.Append(hasBody ? "0\r\n\r\n" : "");
                break;
            default:
                stream.Append("\r\n");
                break;
        }
    }
}
