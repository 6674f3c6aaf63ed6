using System.Buffers.Text;

namespace PiTap.Wire.Application;

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

    /// <summary>Longest method of the IANA registry "HTTP Method Registry" (UPDATEREDIRECTREF), in bytes.</summary>
    private const int MaxMethodBytes = 17;

    private readonly ReadOnlySpan<byte> _fields;

    private HttpHeadView(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> version, ReadOnlySpan<byte> fields, int headLength)
    {
        Method = first;
        Target = second;
        Version = version;
        _fields = fields;
        HeadLength = headLength;
    }

    /// <summary>True for a request.</summary>
    public bool IsRequest => !Method.IsEmpty;

    /// <summary>The method of a request; empty in a response.</summary>
    public ReadOnlySpan<byte> Method { get; }

    /// <summary>The target of a request as sent.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>The version, such as <c>HTTP/1.1</c>.</summary>
    public ReadOnlySpan<byte> Version { get; }

    /// <summary>The status of a response; 0 in a request.</summary>
    public int StatusCode { get; private init; }

    /// <summary>Bytes of the head, the empty line included.</summary>
    public int HeadLength { get; }

    /// <summary>The header fields, in order.</summary>
    public HttpFieldEnumerator Fields => new(_fields);

    /// <summary>
    /// Whom the request is meant for: the Host field, else the authority of an absolute target or of CONNECT (RFC 9112 section 3.2). With its port,
    /// as sent; empty where there is none.
    /// </summary>
    public ReadOnlySpan<byte> Host => TryGetField("host"u8, out ReadOnlySpan<byte> host) && !host.IsEmpty ? host : Authority;

    /// <summary>User-Agent; empty without one.</summary>
    public ReadOnlySpan<byte> UserAgent => TryGetField("user-agent"u8, out ReadOnlySpan<byte> value) ? value : default;

    /// <summary>X-Requested-With: Android's WebView puts the app's package name there; empty without one.</summary>
    public ReadOnlySpan<byte> RequestedWith => TryGetField("x-requested-with"u8, out ReadOnlySpan<byte> value) ? value : default;

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
            return end < 0 ? rest : rest[..end];
        }
    }

    /// <summary>
    /// Reads a head. <see cref="ParseStatus.Truncated"/> until its empty line is there. Lines may end with LF alone (RFC 9112 section 2.2).
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out HttpHeadView head)
    {
        head = default;
        int lineEnd = data.IndexOf((byte)'\n');
        if (lineEnd < 0)
            return LooksLikeStart(data) || data.IsEmpty ? ParseStatus.Truncated : ParseStatus.Malformed;
        if (!LooksLikeStart(data))
            return ParseStatus.Malformed;
        ReadOnlySpan<byte> line = data[..lineEnd].TrimEnd((byte)'\r');
        ReadOnlySpan<byte> rest = data[(lineEnd + 1)..];
        int fieldsLength = FindEnd(rest, out int endLength);
        if (fieldsLength < 0)
            return ParseStatus.Truncated;
        int headLength = lineEnd + 1 + fieldsLength + endLength;
        ReadOnlySpan<byte> fields = rest[..fieldsLength];
        return line.StartsWith("HTTP/"u8) ? ParseResponse(line, fields, headLength, out head) : ParseRequest(line, fields, headLength, out head);
    }

    /// <summary>
    /// True where the bytes begin like a request line with a registered method, or like a status line. A first line that is not whole is judged by what is there.
    /// </summary>
    public static bool LooksLikeStart(ReadOnlySpan<byte> data)
    {
        if (data.Length < 5)
            return false;
        if (data.StartsWith("HTTP/"u8))
            return data.Length < 7 || (data[5] == (byte)'1' && data[6] == (byte)'.');
        int space = data[..Math.Min(data.Length, MaxMethodBytes + 1)].IndexOf((byte)' ');
        return space > 0 && IsMethod(data[..space]) && space + 1 < data.Length && data[space + 1] > 0x20 && data[space + 1] < 0x7f;
    }

    /// <summary>Finds a field by its name in lower case; the first one of that name.</summary>
    public bool TryGetField(ReadOnlySpan<byte> lowerCaseName, out ReadOnlySpan<byte> value)
    {
        foreach (HttpField field in Fields)
        {
            if (EqualsIgnoringCase(field.Name, lowerCaseName))
            {
                value = field.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>
    /// Where the body ends (RFC 9112 section 6.3). Whether a response has one also depends on its request: of HEAD and of a successful CONNECT none has.
    /// </summary>
    public HttpBody Body(out long length)
    {
        length = 0;
        if (!IsRequest && (StatusCode is >= 100 and < 200 or 204 or 304))
            return HttpBody.None;
        if (TryGetField("transfer-encoding"u8, out ReadOnlySpan<byte> coding) && ContainsIgnoringCase(coding, "chunked"u8))
            return HttpBody.Chunked;
        if (TryGetField("content-length"u8, out ReadOnlySpan<byte> text) && Utf8Parser.TryParse(text, out length, out int consumed)
            && consumed == text.Length && length >= 0)
            return length == 0 ? HttpBody.None : HttpBody.Length;
        length = 0;
        return IsRequest ? HttpBody.None : HttpBody.UntilClose;
    }

    private static ParseStatus ParseRequest(ReadOnlySpan<byte> line, ReadOnlySpan<byte> fields, int headLength, out HttpHeadView head)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> method = line[..space];
        ReadOnlySpan<byte> rest = line[(space + 1)..].Trim((byte)' ');
        int last = rest.LastIndexOf((byte)' ');
        ReadOnlySpan<byte> version = last < 0 ? default : rest[(last + 1)..];
        bool hasVersion = version.StartsWith("HTTP/"u8);
        // A request of HTTP/0.9 has no version and no fields; a readable first line of something else neither.
        if (!hasVersion)
        {
            head = default;
            return ParseStatus.Malformed;
        }
        head = new HttpHeadView(method, rest[..last].TrimEnd((byte)' '), version, fields, headLength);
        return ParseStatus.Ok;
    }

    private static ParseStatus ParseResponse(ReadOnlySpan<byte> line, ReadOnlySpan<byte> fields, int headLength, out HttpHeadView head)
    {
        head = default;
        int space = line.IndexOf((byte)' ');
        if (space < 0 || !Utf8Parser.TryParse(line[(space + 1)..], out int status, out int digits) || digits != 3)
            return ParseStatus.Malformed;
        head = new HttpHeadView(default, default, line[..space], fields, headLength) { StatusCode = status };
        return ParseStatus.Ok;
    }

    /// <summary>Length of the fields with their line ends, and of the empty line behind them; -1 where that is not there.</summary>
    private static int FindEnd(ReadOnlySpan<byte> rest, out int endLength)
    {
        endLength = 0;
        int offset = 0;
        while (true)
        {
            int end = rest[offset..].IndexOf((byte)'\n');
            if (end < 0)
                return -1;
            if (end == 0 || (end == 1 && rest[offset] == (byte)'\r'))
            {
                endLength = end + 1;
                return offset;
            }
            offset += end + 1;
        }
    }

    private static bool IsMethod(ReadOnlySpan<byte> token) => token.Length switch
    {
        3 => token.SequenceEqual("GET"u8) || token.SequenceEqual("PUT"u8) || token.SequenceEqual("ACL"u8) || token.SequenceEqual("PRI"u8),
        4 => token.SequenceEqual("POST"u8) || token.SequenceEqual("HEAD"u8) || token.SequenceEqual("COPY"u8) || token.SequenceEqual("MOVE"u8)
            || token.SequenceEqual("LOCK"u8) || token.SequenceEqual("LINK"u8) || token.SequenceEqual("BIND"u8) || token.SequenceEqual("POLL"u8),
        5 => token.SequenceEqual("PATCH"u8) || token.SequenceEqual("TRACE"u8) || token.SequenceEqual("MKCOL"u8) || token.SequenceEqual("MERGE"u8)
            || token.SequenceEqual("LABEL"u8),
        6 => token.SequenceEqual("DELETE"u8) || token.SequenceEqual("SEARCH"u8) || token.SequenceEqual("UNLOCK"u8) || token.SequenceEqual("REPORT"u8)
            || token.SequenceEqual("UPDATE"u8) || token.SequenceEqual("UNLINK"u8) || token.SequenceEqual("REBIND"u8) || token.SequenceEqual("UNBIND"u8)
            || token.SequenceEqual("NOTIFY"u8),
        7 => token.SequenceEqual("OPTIONS"u8) || token.SequenceEqual("CONNECT"u8) || token.SequenceEqual("CHECKIN"u8),
        8 => token.SequenceEqual("PROPFIND"u8) || token.SequenceEqual("CHECKOUT"u8),
        9 => token.SequenceEqual("PROPPATCH"u8) || token.SequenceEqual("SUBSCRIBE"u8),
        10 => token.SequenceEqual("MKCALENDAR"u8) || token.SequenceEqual("MKACTIVITY"u8) || token.SequenceEqual("UNCHECKOUT"u8) || token.SequenceEqual("ORDERPATCH"u8)
            || token.SequenceEqual("RPC_CONNECT"u8),
        11 => token.SequenceEqual("UNSUBSCRIBE"u8) || token.SequenceEqual("RPC_IN_DATA"u8) || token.SequenceEqual("MKWORKSPACE"u8),
        12 => token.SequenceEqual("RPC_OUT_DATA"u8),
        13 => token.SequenceEqual("MKREDIRECTREF"u8),
        15 => token.SequenceEqual("VERSION-CONTROL"u8),
        16 => token.SequenceEqual("BASELINE-CONTROL"u8),
        17 => token.SequenceEqual("UPDATEREDIRECTREF"u8),
        _ => false,
    };

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase)
    {
        if (text.Length != lowerCase.Length)
            return false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if ((b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b) != lowerCase[i])
                return false;
        }
        return true;
    }

    private static bool ContainsIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase)
    {
        for (int i = 0; i + lowerCase.Length <= text.Length; i++)
        {
            if (EqualsIgnoringCase(text.Slice(i, lowerCase.Length), lowerCase))
                return true;
        }
        return false;
    }
}

/// <summary>One header field.</summary>
public readonly ref struct HttpField
{
    internal HttpField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name, as sent.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value, without white space around it.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>Walks header fields. A line without a colon and a folded line (RFC 9112 section 5.2) are passed over.</summary>
public ref struct HttpFieldEnumerator
{
    private ReadOnlySpan<byte> _rest;

    internal HttpFieldEnumerator(ReadOnlySpan<byte> fields) => _rest = fields;

    /// <summary>The field at hand.</summary>
    public HttpField Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly HttpFieldEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next field. Each turn takes a line.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
                continue;
            Current = new HttpField(line[..colon].TrimEnd(" \t"u8), line[(colon + 1)..].Trim(" \t\r"u8));
            return true;
        }
        return false;
    }
}
