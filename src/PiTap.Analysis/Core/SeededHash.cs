using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace PiTap.Analysis.Core;

/// <summary>
/// A multiply-and-fold hash. The seed differs from process to process and stands in both factors, so that no one can prepare names or flows
/// that fall into one bucket. No output depends on the order of buckets.
/// </summary>
internal readonly struct SeededHash
{
    private const ulong Prime1 = 0x9e37_79b9_7f4a_7c15;
    private const ulong Prime2 = 0xd6e8_feb8_6659_fd93;

    private readonly ulong _seed1;
    private readonly ulong _seed2;

    private SeededHash(ulong seed1, ulong seed2)
    {
        _seed1 = seed1;
        _seed2 = seed2;
    }

    public static SeededHash Create() =>
        new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));

    public ulong Of(ulong a, ulong b) => Fold(a ^ _seed1, b ^ _seed2);

    /// <summary>Takes two more numbers into a hash.</summary>
    public ulong Of(ulong hash, ulong a, ulong b) => BitOperations.RotateLeft(hash, 23) ^ Fold(a ^ _seed2 ^ Prime1, b ^ _seed1 ^ Prime2);

    public ulong Of(ReadOnlySpan<byte> bytes)
    {
        const int Step = 2 * sizeof(ulong);
        ulong hash = _seed1 ^ (ulong)bytes.Length;
        for (; bytes.Length > Step; bytes = bytes[Step..])
            hash = Fold(Eight(bytes) ^ _seed2, Eight(bytes[sizeof(ulong)..]) ^ hash);
        ulong first;
        ulong last = 0;
        if (bytes.Length >= sizeof(ulong))
        {
            first = Eight(bytes);
            last = Eight(bytes[^sizeof(ulong)..]);
        }
        else if (bytes.Length >= sizeof(uint))
        {
            first = (ulong)Four(bytes) << 32 | Four(bytes[^sizeof(uint)..]);
        }
        else
        {
            first = bytes.IsEmpty ? 0 : (ulong)bytes[0] << 16 | (ulong)bytes[bytes.Length / 2] << 8 | bytes[^1];
        }
        return Fold(first ^ _seed2, last ^ hash ^ Prime1);
    }

    private static ulong Eight(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private static uint Four(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
