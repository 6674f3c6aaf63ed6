using System.Buffers.Binary;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// Variable-length integers (RFC 9000 section 16): the two top bits of the first byte give the length, 1, 2, 4 or 8 bytes.
/// </summary>
internal static class QuicVarInt
{
    /// <summary>
    /// Reads one at <paramref name="position"/> and steps behind it; false, and nothing moved, where the bytes end too soon.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        if ((uint)position >= (uint)bytes.Length)
            return false;
        ReadOnlySpan<byte> rest = bytes[position..];
        int length = 1 << (rest[0] >> 6);
        if (rest.Length < length)
            return false;
        value = length switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest) & 0x3fffu,
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest) & 0x3fff_ffffu,
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest) & 0x3fff_ffff_ffff_ffff,
        };
        position += length;
        return true;
    }
}
