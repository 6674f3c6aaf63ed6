using System.Buffers.Binary;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// A ServerHello of TLS, DTLS or QUIC (RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3), HelloRetryRequest included: the handshake message
/// without its header.
/// <code>
///  0  legacy version, 2 bytes
///  2  random, 32 bytes
/// 34  session ID, behind its length (1 byte)
///     cipher suite, 2 bytes
///     compression method, 1 byte
///     extensions, behind their length (2 bytes)
/// </code>
/// </summary>
public readonly ref struct ServerHelloView
{
    private const int RandomOffset = 2;
    private const int SessionIdOffset = 34;
    private const int RandomLength = SessionIdOffset - RandomOffset;
    private const int CipherSuiteLength = 2;
    private const int CompressionMethodLength = 1;

    private ServerHelloView(ReadOnlySpan<byte> body)
    {
        LegacyVersion = BinaryPrimitives.ReadUInt16BigEndian(body);
        Random = body.Slice(RandomOffset, RandomLength);
    }

    // SHA-256 of "HelloRetryRequest", in place of random bytes (RFC 8446 section 4.1.3).
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
        0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];

    /// <summary>The version field: TLS 1.3 writes 0x0303 here and the truth into supported_versions.</summary>
    public ushort LegacyVersion { get; }

    /// <summary>The 32 random bytes.</summary>
    public ReadOnlySpan<byte> Random { get; }

    /// <summary>The session ID.</summary>
    public ReadOnlySpan<byte> SessionId { get; private init; }

    /// <summary>The cipher suite chosen.</summary>
    public ushort CipherSuite { get; private init; }

    /// <summary>The extensions, in order.</summary>
    public TlsExtensionList Extensions { get; private init; }

    /// <summary>True for a HelloRetryRequest: the client will send another hello (RFC 8446 section 4.1.4).</summary>
    public bool IsHelloRetryRequest => Random.SequenceEqual(RetryRandom);

    /// <summary>The version chosen: that of supported_versions where there is one, else <see cref="LegacyVersion"/>.</summary>
    public ushort Version =>
        Extensions.TryFind(TlsExtensionType.SupportedVersions, out ReadOnlySpan<byte> data)
        && BinaryPrimitives.TryReadUInt16BigEndian(data, out ushort version)
            ? version
            : LegacyVersion;

    /// <summary>The application protocol chosen (RFC 7301); empty if none is named, as in TLS 1.3, which encrypts it.</summary>
    public ReadOnlySpan<byte> Alpn => new TlsProtocolNames(Extensions.FindUInt16List(TlsExtensionType.Alpn).Bytes).First;

    /// <summary>
    /// Reads a whole message, in the short form of the TLS 1.3 drafts before 22 where its version says so.
    /// <see cref="ParseStatus.Truncated"/> where it ends before its compression method.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> body, out ServerHelloView hello)
    {
        hello = default;
        if (body.Length <= SessionIdOffset)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> rest = body[SessionIdOffset..];
        ReadOnlySpan<byte> sessionId = default;
        int fixedLength = CipherSuiteLength;
        if (!TlsDrafts.HasShortServerHello(BinaryPrimitives.ReadUInt16BigEndian(body)))
        {
            fixedLength += CompressionMethodLength;
            if (!TlsVector.TryTake8(ref rest, out sessionId))
                return ParseStatus.Truncated;
        }
        if (rest.Length < fixedLength)
            return ParseStatus.Truncated;
        hello = new ServerHelloView(body)
        {
            SessionId = sessionId,
            CipherSuite = BinaryPrimitives.ReadUInt16BigEndian(rest),
            Extensions = TlsExtensionList.Read(rest[fixedLength..], missing: 0),
        };
        return ParseStatus.Ok;
    }
}
