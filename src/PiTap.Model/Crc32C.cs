using System.Buffers.Binary;
using System.Numerics;

namespace PiTap.Model;

/// <summary>
/// CRC-32C (RFC 9260 appendix A), in the form that processors compute: a sum begins with <see cref="First"/>, and goes on over as many
/// pieces as there are. What the RFC writes down is the complement of the last one.
/// </summary>
public static class Crc32C
{
    /// <summary>The sum over nothing.</summary>
    public const uint First = uint.MaxValue;

    /// <summary>The sum with these bytes behind what it is over already.</summary>
    public static uint Add(ReadOnlySpan<byte> bytes, uint sum = First)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            sum = BitOperations.Crc32C(sum, value);
        return sum;
    }
}
