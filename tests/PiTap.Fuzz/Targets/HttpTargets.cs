using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Http;

namespace PiTap.Fuzz.Targets;

/// <summary>HTTP/1: one head, and a stream cut at a place that the first byte chooses.</summary>
internal sealed class HttpTarget : IFuzzTarget
{
    private struct Handler : IHttpHandler
    {
        public int Heads { get; private set; }

        public void OnRequest(in HttpHeadView head) => Touch(head);

        public void OnResponse(in HttpHeadView head) => Touch(head);

        private void Touch(in HttpHeadView head)
        {
            Heads++;
            head.Body(out long length);
            Property.Holds(length >= -1, "a length below zero");
        }
    }

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        int cut = data[0] % data.Length;
        ReadOnlySpan<byte> bytes = data[1..];
        cut = Math.Min(cut, bytes.Length);
        HttpHeadView.LooksLikeStart(bytes);
        if (HttpHeadView.Parse(bytes, out HttpHeadView head) == ParseStatus.Ok)
            Touch(head, bytes);
        HttpStreamReader reader = new();
        Handler handler = default;
        int taken = reader.Feed(bytes[..cut], ref handler);
        Property.Holds(taken <= cut, "more taken than given");
        if (taken == cut)
            taken += reader.Feed(bytes[cut..], ref handler);
        Property.Holds(taken <= bytes.Length && handler.Heads <= bytes.Length, "more taken than given");
        reader.Skip(1_000);
        reader.Reset();
    }

    private static void Touch(in HttpHeadView head, ReadOnlySpan<byte> bytes)
    {
        Property.IsInside(head.Method, bytes);
        Property.IsInside(head.Target, bytes);
        Property.IsInside(head.Version, bytes);
        Property.IsInside(head.Host, bytes);
        Property.IsInside(head.UserAgent, bytes);
        Property.IsInside(head.RequestedWith, bytes);
        Property.Holds(head.HeadLength <= bytes.Length, "a head longer than the bytes");
        int fields = 0;
        foreach (HttpField field in head.Fields)
        {
            Property.IsInside(field.Name, bytes);
            Property.IsInside(field.Value, bytes);
            Property.Holds(++fields <= bytes.Length, "more fields than bytes");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [9, .. "GET /a?b=c HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: t/1\r\nX-Requested-With: com.example\r\n\r\n"u8,
            .. "GET / HTTP/1.1\r\nHost: b\r\n\r\n"u8],
        [40, .. "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n"u8],
        [3, .. "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.0 404 No\r\n\r\nrest"u8],
        [1, .. "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n"u8],
    ];
}

/// <summary>HTTP/2 in the clear, from the preface on.</summary>
internal sealed class Http2Target : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        Http2StreamReader.LooksLikePreface(data);
        Http2StreamReader reader = new();
        List<Http2Request> requests = [];
        reader.Feed(data[..(data.Length / 2)], requests);
        reader.Feed(data[(data.Length / 2)..], requests);
        Property.Holds(requests.Count <= data.Length, "more requests than bytes");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        // Indexed: GET, https, /; then the authority as a literal (RFC 7541 section 6).
        byte[] block = [0x82, 0x87, 0x84, 0x41, 6, .. "a.test"u8, 0x7a, 3, .. "t/1"u8];
        yield return [.. Http2StreamReader.Preface, .. Frame(4, 0, 0, [0, 3, 0, 0, 0, 100]), .. Frame(1, 5, 1, block)];
        yield return [.. Http2StreamReader.Preface, .. Frame(1, 0x29, 1, [2, 0, 0, 0, 0, 15, .. block[..4], 0, 0]),
            .. Frame(9, 4, 1, block[4..])];
    }

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload) =>
        [0, .. DnsBytes.Vector16(payload)[..2], type, flags, 0, 0, 0, stream, .. payload];
}
