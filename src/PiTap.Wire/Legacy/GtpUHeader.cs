using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>
/// The header of GTP-U (3GPP TS 29.281 section 5.1), which carries a phone's IP packets through a mobile network.
/// <code>
///  0  version (3 bits), protocol type, spare, extension, sequence, N-PDU number
///  1  message type: 255 for a packet
///  2  length of what stands behind the eight bytes
///  4  tunnel endpoint identifier
///  8  only if one of the three flags is set: sequence (2 bytes), N-PDU number, type of the first extension header
/// </code>
/// </summary>
internal static class GtpUHeader
{
    /// <summary>Extension headers on one packet.</summary>
    public const int MaxExtensionHeaders = 8;

    private const int FlagsOffset = 0;
    private const int TypeOffset = 1;
    private const int LengthOffset = 2;
    private const int HeaderLength = 8;
    private const int NextOffset = 3;
    private const int OptionalLength = 4;
    private const byte TypePacket = 255;
    private const byte FixedBits = 0xf8;
    private const byte Version1 = 0x30;
    private const byte OptionalFlags = 0x07;
    private const byte ExtensionFlag = 0x04;

    /// <summary>Steps over header and extension headers, to an IP packet. Signalling is <see cref="ParseStatus.Unsupported"/>.</summary>
    public static ParseStatus Skip(ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        // Version 1, protocol type GTP, and the spare bit, which "shall be sent as '0'".
        if ((payload[FlagsOffset] & FixedBits) != Version1)
            return ParseStatus.Malformed;
        if (payload[TypeOffset] != TypePacket)
            return ParseStatus.Unsupported;
        // More than the length says is not part of the packet.
        int length = BinaryPrimitives.ReadUInt16BigEndian(payload[LengthOffset..]);
        ReadOnlySpan<byte> rest = payload[HeaderLength..];
        rest = rest[..Math.Min(rest.Length, length)];
        if ((payload[FlagsOffset] & OptionalFlags) == 0)
        {
            inner = rest;
            return ParseStatus.Ok;
        }
        if (rest.Length < OptionalLength)
            return length < OptionalLength ? ParseStatus.Malformed : ParseStatus.Truncated;
        byte next = (payload[FlagsOffset] & ExtensionFlag) != 0 ? rest[NextOffset] : (byte)0;
        return SkipExtensions(next, rest[OptionalLength..], out inner);
    }

    /// <summary>
    /// Steps over the extension headers (section 5.2.1): the first byte counts words of four bytes, the last one names the next header.
    /// </summary>
    private static ParseStatus SkipExtensions(byte next, ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        for (int headers = 0; next != 0; headers++)
        {
            if (headers >= MaxExtensionHeaders)
                return ParseStatus.Malformed;
            if (bytes.IsEmpty)
                return ParseStatus.Truncated;
            int length = 4 * bytes[0];
            if (length == 0)
                return ParseStatus.Malformed;
            if (bytes.Length < length)
                return ParseStatus.Truncated;
            next = bytes[length - 1];
            bytes = bytes[length..];
        }
        inner = bytes;
        return ParseStatus.Ok;
    }
}
