using System.Buffers.Binary;

namespace PiTap.Wire.Application.Other;

/// <summary>
/// IPsec in UDP (RFC 3948 section 2): on port 500 IKE, on port 4500 IKE behind four zeros, ESP, or a single byte FF that keeps a NAT open.
/// <code>
/// IKE (RFC 7296 section 3.1)                           ESP (RFC 4303 section 2)
///  0  the initiator's number, 8 bytes                   0  number of the association, not 0 to 255
///  8  the responder's, 8 bytes                          4  sequence number
/// 16  next payload                                      8  encrypted, then the integrity check: multiples of four
/// 17  version (2 x 4 bits), kind of exchange, flags
/// 20  number of the message
/// 24  length of all of it
/// </code>
/// </summary>
public static class IpsecMessages
{
    /// <summary>What stands before IKE on port 4500.</summary>
    public const int MarkerLength = 4;

    private const int ResponderOffset = 8;
    private const int VersionOffset = 17;
    private const int ExchangeOffset = 18;
    private const int FlagsOffset = 19;
    private const int LengthOffset = 24;
    private const int HeaderLength = 28;
    private const byte Version1 = 0x10;
    private const byte Version2 = 0x20;
    private const byte FromInitiator = 0x08;
    private const byte Response = 0x20;

    /// <summary>True for IKE of version 1 or 2, as far as it was captured.</summary>
    public static bool IsIke(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength
            || BinaryPrimitives.ReadUInt64BigEndian(message) == 0
            || BinaryPrimitives.ReadUInt32BigEndian(message[LengthOffset..]) < (uint)message.Length)
            return false;
        const byte Flags1 = 0x07, Flags2 = 0x38;
        byte exchange = message[ExchangeOffset];
        byte flags = message[FlagsOffset];
        return message[VersionOffset] switch
        {
            // RFC 2408 section 3.1 and RFC 2409 section 5: main, aggressive, informational, quick mode and others.
            Version1 => exchange is (>= 1 and <= 6) or (>= 32 and <= 34) && (flags & ~Flags1) == 0,
            // IANA "IKEv2 Exchange Types": from the first one to those behind RFC 9370.
            Version2 => exchange is >= 34 and <= 44 && (flags & ~Flags2) == 0,
            _ => false,
        };
    }

    /// <summary>True if an <see cref="IsIke">IKE message</see> answers: it bears the responder's number or says so.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> ike) => ike[VersionOffset] == Version2
        ? (ike[FlagsOffset] & Response) != 0
        : BinaryPrimitives.ReadUInt64BigEndian(ike[ResponderOffset..]) != 0;

    /// <summary>True if who began the association sent the message; null if it does not tell (version 1).</summary>
    public static bool? IsFromInitiator(ReadOnlySpan<byte> ike) =>
        ike[VersionOffset] == Version2 ? (ike[FlagsOffset] & FromInitiator) != 0 : null;

    /// <summary>True for what on port 4500 is IKE behind its marker.</summary>
    public static bool HasMarker(ReadOnlySpan<byte> payload) =>
        payload.Length > MarkerLength && BinaryPrimitives.ReadUInt32BigEndian(payload) == 0;

    /// <summary>True for the byte that keeps a NAT open (RFC 3948 section 2.3).</summary>
    public static bool IsKeepalive(ReadOnlySpan<byte> payload) => payload.Length == 1 && payload[0] == 0xff;

    /// <summary>True for what can be ESP; <paramref name="isWhole"/> if the capture did not cut it.</summary>
    public static bool IsEsp(ReadOnlySpan<byte> payload, bool isWhole)
    {
        // Header, one block of cipher text and the shortest check (RFC 4303 section 2, RFC 4106, RFC 4868).
        const int MinLength = 8 + 4 + 8;
        const uint FirstNumber = 256;
        return payload.Length >= MinLength
            && (!isWhole || (payload.Length & 3) == 0)
            && BinaryPrimitives.ReadUInt32BigEndian(payload) >= FirstNumber
            && BinaryPrimitives.ReadUInt32BigEndian(payload[4..]) != 0;
    }
}
