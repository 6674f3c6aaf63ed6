using System.Buffers;

namespace PiTap.Wire.Application.Http;

/// <summary>Where the body of an HTTP message ends (RFC 9112 section 6.3).</summary>
public enum HttpBody : byte
{
    /// <summary>There is none.</summary>
    None = 0,
    /// <summary>After a number of bytes.</summary>
    Length = 1,
    /// <summary>After the last chunk.</summary>
    Chunked = 2,
    /// <summary>With the connection.</summary>
    UntilClose = 3,
}

/// <summary>The head of an HTTP/1 request or response: start line and header fields (RFC 9112 sections 2 to 5).</summary>
public readonly ref struct HttpHeadView
{
    /// <summary>Longest head that is looked into, in bytes.</summary>
    public const int MaxHeadBytes = 64 << 10;

    /// <summary>Fewer bytes than this tell nothing: <c>GET /</c>.</summary>
    private const int MinStartBytes = 5;

    /// <summary>Shortest method: none is below three letters, but the end of a cut line may look like one.</summary>
    private const int MinMethodBytes = 3;

    /// <summary>
    /// Longest method that is looked for, in bytes: that of the IANA registry "HTTP Method Registry" has 17 (UPDATEREDIRECTREF).
    /// </summary>
    private const int MaxMethodBytes = 24;

    /// <summary>
    /// Bytes of the first line that <see cref="LooksLikeStart"/> looks at: what every server must take (RFC 9112 section 3).
    /// </summary>
    private const int MaxProbeBytes = 8_000;

    /// <summary>Bytes of empty lines before a request line; more of them are no habit of HTTP.</summary>
    private const int MaxEmptyBytes = 8;

    // Of the token characters of RFC 9110 section 5.6.2, those that methods are made of.
    private static readonly SearchValues<byte> s_methodBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);

    private readonly ReadOnlySpan<byte> _fields;
    private readonly HttpKnownFields _known;

    private HttpHeadView(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> version, ReadOnlySpan<byte> fields, int headLength)
    {
        Method = first;
        Target = second;
        Version = version;
        _fields = fields;
        _known = HttpKnownFields.Read(fields);
        HeadLength = headLength;
    }

    /// <summary>True for a request.</summary>
    public bool IsRequest => !Method.IsEmpty;

    /// <summary>The method of a request; empty in a response.</summary>
    public ReadOnlySpan<byte> Method { get; }

    /// <summary>The target of a request as sent.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>The version, such as <c>HTTP/1.1</c>; empty in a request that has none.</summary>
    public ReadOnlySpan<byte> Version { get; }

    /// <summary>The status of a response; 0 in a request.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Bytes of the head, the empty line included.</summary>
    public int HeadLength { get; }

    /// <summary>The header fields, in order.</summary>
    public HttpFieldEnumerator Fields => new(_fields);

    /// <summary>
    /// Whom the request is meant for: the Host field, else the authority of an absolute target or of CONNECT (RFC 9112 section 3.2). With
    /// its port, as sent; empty if there is none.
    /// </summary>
    public ReadOnlySpan<byte> Host => !_known.Host.IsEmpty ? _known.Host : Authority;

    /// <summary>User-Agent; empty without one.</summary>
    public ReadOnlySpan<byte> UserAgent => _known.UserAgent;

    /// <summary>X-Requested-With: Android's WebView puts the app's package name there; empty without one.</summary>
    public ReadOnlySpan<byte> RequestedWith => _known.RequestedWith;

    /// <summary>True if a request asks for another protocol, as WebSocket and HTTP/2 do (RFC 9110 section 7.8).</summary>
    public bool AsksForUpgrade => IsRequest && !_known.Upgrade.IsEmpty;

    /// <summary>True if the head says what kind of content follows (RFC 9110 section 8.3).</summary>
    public bool HasContentType => _known.HasContentType;

    private ReadOnlySpan<byte> Authority
    {
        get
        {
            if (Method.SequenceEqual("CONNECT"u8))
                return Target;
            int scheme = Target.IndexOf("://"u8);
            if (scheme <= 0 || Target[0] == (byte)'/')
                return default;
            ReadOnlySpan<byte> rest = Target[(scheme + 3)..];
            int end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
            ReadOnlySpan<byte> authority = end < 0 ? rest : rest[..end];
            // A name and password before the host are no part of it (RFC 3986 section 3.2.1).
            return authority[(authority.LastIndexOf((byte)'@') + 1)..];
        }
    }

    /// <summary>
    /// Reads a head. <see cref="ParseStatus.Truncated"/> until its empty line is there; <see cref="ParseStatus.Unsupported"/> for the
    /// preface of HTTP/2 (RFC 9113 section 3.4). Lines may end with LF alone (RFC 9112 section 2.2).
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out HttpHeadView head)
    {
        head = default;
        int lineEnd = data.IndexOf((byte)'\n');
        if (!LooksLikeStart(data))
            return MayBecomeStart(data) ? ParseStatus.Truncated : ParseStatus.Malformed;
        if (lineEnd < 0)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> line = data[..lineEnd].TrimEnd((byte)'\r');
        int scanned = lineEnd + 1;
        if (!TryFindEnd(data, ref scanned, out int headLength))
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> fields = data[(lineEnd + 1)..scanned];
        return IsStatusLine(line) ? ParseResponse(line, fields, headLength, out head) : ParseRequest(line, fields, headLength, out head);
    }

    /// <summary>
    /// True if the bytes begin like a status line or a request line. A first line that is whole must end with its version, whatever the
    /// method, or have a registered method and nothing behind its target; one that is not must begin with a registered method (IANA "HTTP
    /// Method Registry", and those of Exchange, UPnP and RPC over HTTP).
    /// </summary>
    public static bool LooksLikeStart(ReadOnlySpan<byte> data)
    {
        if (data.Length < MinStartBytes)
            return false;
        if (IsStatusLine(data))
            return true;
        int space = data[..Math.Min(data.Length, MaxMethodBytes + 1)].IndexOf((byte)' ');
        if (space < MinMethodBytes || data[..space].ContainsAnyExcept(s_methodBytes))
            return false;
        ReadOnlySpan<byte> probed = data[..Math.Min(data.Length, MaxProbeBytes)];
        int lineEnd = probed.IndexOf((byte)'\n');
        if (lineEnd >= 0)
        {
            ReadOnlySpan<byte> line = probed[..lineEnd].TrimEnd("\r "u8);
            return TryReadVersion(line, out _) || HasNoVersion(line, space);
        }
        ReadOnlySpan<byte> target = probed[space..].TrimStart((byte)' ');
        return HttpMethods.IsRegistered(data[..space]) && (target.IsEmpty || target[0] is > 0x20 and < 0x7f);
    }

    /// <summary>
    /// The same of a stream: before its first request line servers ignore empty lines (RFC 9112 section 2.2), and clients of old send them.
    /// </summary>
    public static bool LooksLikeStream(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> rest = data.TrimStart("\r\n"u8);
        return data.Length - rest.Length <= MaxEmptyBytes && LooksLikeStart(rest);
    }

    /// <summary>
    /// True if the first line is not whole and nothing in it speaks against a request yet. That is more than <see cref="LooksLikeStart"/>
    /// takes, which meets bytes of any kind: here a head is due.
    /// </summary>
    internal static bool MayBecomeStart(ReadOnlySpan<byte> data)
    {
        if (data.Length >= MaxProbeBytes || data.Contains((byte)'\n'))
            return false;
        if (data.Length < MinStartBytes)
            return true;
        int space = data[..Math.Min(data.Length, MaxMethodBytes + 1)].IndexOf((byte)' ');
        ReadOnlySpan<byte> method = space < 0 ? data : data[..space];
        return method.Length is >= MinMethodBytes and <= MaxMethodBytes && !method.ContainsAnyExcept(s_methodBytes);
    }

    /// <summary>
    /// Looks for the empty line that ends a head, from <paramref name="scanned"/> on, which is the start of a line. Where there is none
    /// yet, it is moved to the start of the last line, so that no byte is looked at twice however a head is cut; where there is one, to its
    /// start.
    /// </summary>
    internal static bool TryFindEnd(ReadOnlySpan<byte> data, scoped ref int scanned, out int headLength)
    {
        headLength = 0;
        // Each turn takes a line.
        while (true)
        {
            int end = data[scanned..].IndexOf((byte)'\n');
            if (end < 0)
                return false;
            if (end == 0 || (end == 1 && data[scanned] == (byte)'\r'))
            {
                headLength = scanned + end + 1;
                return true;
            }
            scanned += end + 1;
        }
    }

    /// <summary>
    /// Where the body ends (RFC 9112 section 6.3). Whether a response has one also depends on its request: of HEAD and of a successful
    /// CONNECT none has.
    /// </summary>
    public HttpBody Body(out long length)
    {
        length = 0;
        if (!IsRequest && (StatusCode is >= 100 and < 200 or 204 or 304))
            return HttpBody.None;
        bool isCoded = _known.HasTransferCoding;
        bool isChunked = _known.IsChunked;
        bool hasLength = _known.HasLength;
        if (!isCoded && hasLength)
            length = _known.Length;
        if (isChunked)
            return HttpBody.Chunked;
        if (!isCoded && hasLength)
            return length == 0 ? HttpBody.None : HttpBody.Length;
        return IsRequest ? HttpBody.None : HttpBody.UntilClose;
    }

    private static ParseStatus ParseRequest(ReadOnlySpan<byte> line, ReadOnlySpan<byte> fields, int headLength, out HttpHeadView head)
    {
        head = default;
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = space < 0 ? default : line[(space + 1)..].Trim((byte)' ');
        if (!TryReadVersion(rest, out ReadOnlySpan<byte> version) && !HasNoVersion(line.TrimEnd((byte)' '), space))
            return ParseStatus.Malformed;
        ReadOnlySpan<byte> target = rest[..^version.Length].TrimEnd((byte)' ');
        if (target.IsEmpty)
            return ParseStatus.Malformed;
        if (version.SequenceEqual("HTTP/2.0"u8))
            return ParseStatus.Unsupported;
        head = new HttpHeadView(line[..space], target, version, fields, headLength);
        return ParseStatus.Ok;
    }

    private static ParseStatus ParseResponse(ReadOnlySpan<byte> line, ReadOnlySpan<byte> fields, int headLength, out HttpHeadView head)
    {
        const int StatusDigits = 3;
        head = default;
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> rest = space < 0 ? default : line[(space + 1)..].TrimStart((byte)' ');
        if (rest.Length < StatusDigits || (rest.Length > StatusDigits && rest[StatusDigits] != (byte)' ') || rest[0] == (byte)'0')
            return ParseStatus.Malformed;
        int status = 0;
        foreach (byte digit in rest[..StatusDigits])
        {
            if (!char.IsAsciiDigit((char)digit))
                return ParseStatus.Malformed;
            status = 10 * status + (digit - '0');
        }
        head = new HttpHeadView(default, default, line[..space], fields, headLength) { StatusCode = status };
        return ParseStatus.Ok;
    }

    /// <summary>
    /// True for <c>HTTP/1.</c> at the front, as much of it as is there, and for the ICY of SHOUTcast, which is HTTP but for the name.
    /// </summary>
    private static bool IsStatusLine(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> version = "HTTP/1."u8;
        int length = Math.Min(data.Length, version.Length);
        return data[..length].SequenceEqual(version[..length]) || (data.StartsWith("ICY "u8) && char.IsAsciiDigit((char)data[4]));
    }

    /// <summary>
    /// True for a request line that ends behind its target, as in HTTP/0.9 and where the version was forgotten: a registered method, and a
    /// path or the address of a web page. Anything else is a readable first line of something else.
    /// </summary>
    private static bool HasNoVersion(ReadOnlySpan<byte> line, int space)
    {
        if (space <= 0 || !HttpMethods.IsRegistered(line[..space]))
            return false;
        ReadOnlySpan<byte> target = line[space..].TrimStart((byte)' ');
        bool isTarget = target.StartsWith("/"u8) || target.StartsWith("http://"u8);
        return isTarget && !target.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
    }

    /// <summary>
    /// Takes the last word of a request line where it is a version: <c>HTTP/</c>, digit, point, digit (RFC 9112 section 2.3).
    /// </summary>
    private static bool TryReadVersion(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> version)
    {
        const int VersionBytes = 8;
        version = default;
        if (line.Length <= VersionBytes || line[^(VersionBytes + 1)] != (byte)' ')
            return false;
        ReadOnlySpan<byte> last = line[^VersionBytes..];
        if (!last.StartsWith("HTTP/"u8) || !char.IsAsciiDigit((char)last[5]) || last[6] != (byte)'.' || !char.IsAsciiDigit((char)last[7]))
            return false;
        version = last;
        return true;
    }
}
