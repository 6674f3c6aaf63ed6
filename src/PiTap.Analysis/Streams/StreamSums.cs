using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PiTap.Analysis.Streams;

/// <summary>
/// Sums over the first bytes of a stream, block by block: enough to tell whether bytes that come again are others. Of a block that only a
/// part came again of nothing is said.
/// </summary>
internal struct StreamSums
{
    /// <summary>Bytes of a stream that are compared: where a first flight of TLS or a request ends.</summary>
    public const int MaxBytes = 2_048;

    private const int BlockBytes = 32;
    private const int WordBytes = sizeof(ulong);

    // Odd, so that no bit of a word is lost.
    private const ulong Factor = 0x9e37_79b9_7f4a_7c15;

    [InlineArray(MaxBytes / BlockBytes)]
    private struct Blocks
    {
        private ushort _first;
    }

    private Blocks _blocks;
    private ulong _current;

    /// <summary>Bytes summed so far.</summary>
    public int Length { get; private set; }

    /// <summary>Takes the next bytes of the stream.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes - Length)];
        for (; Length % BlockBytes == 0 && bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            _blocks[Length / BlockBytes] = Fold(SumOfBlock(bytes));
            Length += BlockBytes;
        }
        while (!bytes.IsEmpty)
        {
            int place = Length % BlockBytes;
            int count = Math.Min(bytes.Length, BlockBytes - place);
            _current += Sum(bytes[..count], place);
            Length += count;
            if (place + count == BlockBytes)
            {
                _blocks[Length / BlockBytes - 1] = Fold(_current);
                _current = 0;
            }
            bytes = bytes[count..];
        }
    }

    /// <summary>True if bytes that stand here in the stream are others than those that were summed.</summary>
    public readonly bool Contradicts(int offset, ReadOnlySpan<byte> bytes)
    {
        int end = Math.Min(Length, offset + bytes.Length);
        // The first block that is there from its beginning.
        int start = (Math.Max(offset, 0) + BlockBytes - 1) / BlockBytes * BlockBytes;
        for (; start + BlockBytes <= end; start += BlockBytes)
        {
            if (Fold(SumOfBlock(bytes[(start - offset)..])) != _blocks[start / BlockBytes])
                return true;
        }
        return start < end && end == Length && Sum(bytes[(start - offset)..(end - offset)], 0) != _current;
    }

    private static ushort Fold(ulong sum) => (ushort)(sum >> 48);

    /// <summary>The sum of a whole block, which most bytes come in.</summary>
    private static ulong SumOfBlock(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes[..BlockBytes]);
        return Weighted(words[0], 0) + Weighted(words[1], WordBytes)
            + Weighted(words[2], 2 * WordBytes) + Weighted(words[3], 3 * WordBytes);
    }

    /// <summary>What bytes add to the sum of their block: the parts of a block add up to the whole, however it is cut.</summary>
    private static ulong Sum(ReadOnlySpan<byte> bytes, int place)
    {
        ulong sum = 0;
        int i = 0;
        for (; i < bytes.Length && (place + i) % WordBytes != 0; i++)
            sum += Weighted((ulong)bytes[i] << 8 * ((place + i) % WordBytes), place + i);
        for (; i + WordBytes <= bytes.Length; i += WordBytes)
            sum += Weighted(BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]), place + i);
        for (; i < bytes.Length; i++)
            sum += Weighted((ulong)bytes[i] << 8 * ((place + i) % WordBytes), place + i);
        return sum;
    }

    private static ulong Weighted(ulong value, int place) => value * (Factor + 2 * (ulong)(place / WordBytes));
}
