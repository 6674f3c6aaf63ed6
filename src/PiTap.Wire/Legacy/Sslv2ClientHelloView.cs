using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>
/// A ClientHello in the format of SSL 2.0, which old clients send to reach servers of any version (RFC 5246 appendix E.2).
/// It has no extensions, so no server name; JA3 and JA4 are not defined for it.
/// <code>
///  0  1 and the length of the rest (15 bits)
///  2  message type: 1
///  3  version, 2 bytes
///  5  length of the cipher specifications, 2 bytes
///  7  length of the session ID, 2 bytes
///  9  length of the challenge, 2 bytes
/// 11  cipher specifications (3 bytes each), session ID, challenge
/// </code>
/// </summary>
public readonly ref struct Sslv2ClientHelloView
{
    private const byte ClientHelloType = 1;
    private const ushort Ssl20 = 0x0002, Ssl30 = 0x0300, Tls13 = 0x0304;
    private const int RecordHeaderLength = 2;
    private const int HeaderLength = 11;
    private const int TypeOffset = 2;
    private const int VersionOffset = 3;
    private const int CipherSpecLengthOffset = 5;
    private const int SessionIdLengthOffset = 7;
    private const int ChallengeLengthOffset = 9;
    private const int CipherSpecLength = 3;
    private const int SessionIdLength = 16;
    private const int MinChallengeLength = 16;
    private const int MaxChallengeLength = 32;

    private Sslv2ClientHelloView(ReadOnlySpan<byte> data)
    {
        TotalLength = RecordHeaderLength + (BinaryPrimitives.ReadUInt16BigEndian(data) & 0x7fff);
        Version = BinaryPrimitives.ReadUInt16BigEndian(data[VersionOffset..]);
        CipherSpecCount = BinaryPrimitives.ReadUInt16BigEndian(data[CipherSpecLengthOffset..]) / CipherSpecLength;
        IsWhole = data.Length >= TotalLength;
    }

    /// <summary>The highest version that the client offers.</summary>
    public ushort Version { get; }

    /// <summary>How many cipher specifications (three bytes each) the client offers.</summary>
    public int CipherSpecCount { get; }

    /// <summary>Length of the record with its header, in bytes: TLS records may follow.</summary>
    public int TotalLength { get; }

    /// <summary>True if all of the record is available.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// Reads the record at the start of <paramref name="data"/>. The lengths must add up exactly, which makes a chance match rare:
    /// there is no other mark to tell such a record by.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out Sslv2ClientHelloView hello)
    {
        hello = default;
        // The first byte has its high bit set, the third is the message type: enough to reject most other protocols at once.
        if (data.Length > 0 && (data[0] & 0x80) == 0)
            return ParseStatus.Malformed;
        if (data.Length > TypeOffset && data[TypeOffset] != ClientHelloType)
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(data) & 0x7fff;
        int cipherSpecs = BinaryPrimitives.ReadUInt16BigEndian(data[CipherSpecLengthOffset..]);
        int sessionId = BinaryPrimitives.ReadUInt16BigEndian(data[SessionIdLengthOffset..]);
        int challenge = BinaryPrimitives.ReadUInt16BigEndian(data[ChallengeLengthOffset..]);
        bool isConsistent = BinaryPrimitives.ReadUInt16BigEndian(data[VersionOffset..])
                is Ssl20 or (>= Ssl30 and <= Tls13)
            && cipherSpecs > 0 && cipherSpecs % CipherSpecLength == 0
            && sessionId is 0 or SessionIdLength
            && challenge is >= MinChallengeLength and <= MaxChallengeLength
            && length == HeaderLength - RecordHeaderLength + cipherSpecs + sessionId + challenge;
        if (!isConsistent)
            return ParseStatus.Malformed;
        hello = new Sslv2ClientHelloView(data);
        return ParseStatus.Ok;
    }
}
