using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// One TLS record (RFC 8446 section 5.1, RFC 5246 section 6.2.1), whole or as far as it is available.
/// <code>
///  0  content type
///  1  version, 2 bytes
///  3  length of the fragment, 2 bytes
///  5  fragment
/// </code>
/// </summary>
public readonly ref struct TlsRecordView
{
    /// <summary>Bytes before the fragment.</summary>
    public const int HeaderLength = 5;

    /// <summary>
    /// The longest fragment, in bytes: 2^14 and what the compression or encryption of TLS 1.2 may add (RFC 5246 section 6.2.3).
    /// </summary>
    public const int MaxFragmentLength = (1 << 14) + 2048;

    private const int LengthOffset = 3;
    private const int HandshakeHeaderLength = 4;

    private TlsRecordView(ReadOnlySpan<byte> data)
    {
        ContentType = (TlsContentType)data[0];
        LegacyVersion = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        Length = BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]);
        Fragment = data.Slice(HeaderLength, Math.Min(Length, data.Length - HeaderLength));
    }

    /// <summary>What the record carries.</summary>
    public TlsContentType ContentType { get; }

    /// <summary>The version in the header: TLS 1.3 writes 0x0301 or 0x0303.</summary>
    public ushort LegacyVersion { get; }

    /// <summary>The declared length of the fragment, in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes of the fragment that are available.</summary>
    public ReadOnlySpan<byte> Fragment { get; }

    /// <summary>True if all of the fragment is available.</summary>
    public bool IsWhole => Fragment.Length == Length;

    /// <summary>The declared length of the record with its header, in bytes.</summary>
    public int TotalLength => HeaderLength + Length;

    /// <summary>
    /// Reads the record at the start of <paramref name="data"/>. <see cref="ParseStatus.Ok"/> once the header is there,
    /// <see cref="ParseStatus.Malformed"/> where it cannot be one of TLS.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out TlsRecordView record)
    {
        record = default;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (!LooksLikeRecord(data))
            return ParseStatus.Malformed;
        record = new TlsRecordView(data);
        return ParseStatus.Ok;
    }

    /// <summary>
    /// True if the first five bytes are a plausible record header: a known type, SSL 3.0 to TLS 1.3, a length within the limit.
    /// </summary>
    public static bool LooksLikeRecord(ReadOnlySpan<byte> data) =>
        data.Length >= HeaderLength
        && data[0] is >= (byte)TlsContentType.ChangeCipherSpec and <= (byte)TlsContentType.Heartbeat
        && BinaryPrimitives.ReadUInt16BigEndian(data[1..]) is >= TlsVersions.Ssl30 and <= TlsVersions.Tls13
        && BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]) <= MaxFragmentLength;

    /// <summary>
    /// True if a record begins with the first bytes of a ClientHello or ServerHello: type 1 or 2, a length that fits, a version of TLS.
    /// Ten bytes decide; fewer are no hello.
    /// </summary>
    public static bool LooksLikeHello(ReadOnlySpan<byte> data)
    {
        if (!LooksLikeRecord(data) || data[0] != (byte)TlsContentType.Handshake || data.Length < HelloProbeLength)
            return false;
        int declared = BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]);
        ReadOnlySpan<byte> message = data[HeaderLength..];
        int length = TlsVector.ReadUInt24(message[1..]);
        // The version's first byte: 3, or 0x7f in a ServerHello of a TLS 1.3 draft.
        return message[0] is (byte)TlsHandshakeType.ClientHello or (byte)TlsHandshakeType.ServerHello
            && length is >= MinHelloLength and <= TlsHandshakeReader.MaxMessageLength
            && declared > HandshakeHeaderLength
            && message[HandshakeHeaderLength] is 0x03 or 0x7f;
    }

    /// <summary>How many bytes <see cref="LooksLikeHello"/> looks at.</summary>
    internal const int HelloProbeLength = HeaderLength + HandshakeHeaderLength + 1;

    // Version, random and cipher suite: the shortest ServerHello, that of the TLS 1.3 drafts.
    private const int MinHelloLength = 36;
}
