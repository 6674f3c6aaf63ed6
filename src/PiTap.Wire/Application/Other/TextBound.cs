using System.Numerics;
using System.Runtime.Intrinsics;

namespace PiTap.Wire.Application.Other;

/// <summary>
/// An upper bound for the bytes that stand in runs of text, 64 bytes at a time: most payloads are encrypted, and this tells them from text
/// for a tenth of what decoding their characters costs.
/// </summary>
internal static class TextBound
{
    private const int WordBytes = 64;
    private const int Words = TextProbe.MaxBytes / WordBytes;

    /// <summary>
    /// How many bytes stand in runs, eight bytes or longer, of printable ASCII, tab, carriage return, line feed and whole UTF-8 sequences
    /// (RFC 3629 section 4, without its finer exclusions). Looks at <see cref="TextProbe.MaxBytes"/> at most.
    /// </summary>
    public static int Of(ReadOnlySpan<byte> bytes)
    {
        // One word more on both sides, of nothing: sequences and runs go over the borders.
        Span<ulong> text = stackalloc ulong[Words + 2];
        Span<ulong> follow = stackalloc ulong[Words + 2];
        Span<ulong> lead2 = stackalloc ulong[Words + 2];
        Span<ulong> lead3 = stackalloc ulong[Words + 2];
        Span<ulong> lead4 = stackalloc ulong[Words + 2];
        int words = (bytes.Length + WordBytes - 1) / WordBytes;
        Span<byte> last = stackalloc byte[WordBytes];
        for (int i = 1; i <= words; i++)
        {
            scoped ReadOnlySpan<byte> word = bytes[((i - 1) * WordBytes)..];
            if (word.Length < WordBytes)
            {
                word.CopyTo(last);
                word = last;
            }
            Classify(word, 0, i, text, follow, lead2, lead3, lead4);
            Classify(word, WordBytes / 2, i, text, follow, lead2, lead3, lead4);
        }
        // A lead byte counts with its followers, where all of them are there.
        for (int i = 1; i <= words; i++)
        {
            ulong next1 = Behind(follow, i, 1);
            ulong next2 = next1 & Behind(follow, i, 2);
            lead2[i] = (lead2[i] & next1) | (lead3[i] & next2) | (lead4[i] & next2 & Behind(follow, i, 3));
            lead3[i] = (lead3[i] | lead4[i]) & lead2[i];
            lead4[i] &= lead2[i];
        }
        for (int i = 1; i <= words; i++)
            text[i] |= lead2[i] | Before(lead2, i, 1) | Before(lead3, i, 2) | Before(lead4, i, 3);
        return BytesInRuns(text, words);
    }

    private static int BytesInRuns(Span<ulong> text, int words)
    {
        // Bits that begin a run of two, of four, of eight.
        Span<ulong> starts = stackalloc ulong[Words + 2];
        for (int length = 1; length < TextProbe.MinRunCharacters; length *= 2)
        {
            for (int i = 1; i <= words; i++)
                starts[i] = text[i] & Behind(text, i, length);
            starts.CopyTo(text);
        }
        // Each of them stands for its eight bytes.
        for (int length = 1; length < TextProbe.MinRunCharacters; length *= 2)
        {
            for (int i = 1; i <= words; i++)
                starts[i] = text[i] | Before(text, i, length);
            starts.CopyTo(text);
        }
        int count = 0;
        for (int i = 1; i <= words; i++)
            count += BitOperations.PopCount(text[i]);
        return count;
    }

    /// <summary>Word i of the bits, moved towards the front: what stands so many places behind.</summary>
    private static ulong Behind(ReadOnlySpan<ulong> bits, int i, int places) => bits[i] >> places | bits[i + 1] << (WordBytes - places);

    /// <summary>Word i of the bits, moved towards the back: what stands so many places before.</summary>
    private static ulong Before(ReadOnlySpan<ulong> bits, int i, int places) => bits[i] << places | bits[i - 1] >> (WordBytes - places);

    private static void Classify(
        ReadOnlySpan<byte> word, int offset, int i, Span<ulong> text, Span<ulong> follow, Span<ulong> lead2, Span<ulong> lead3, Span<ulong> lead4)
    {
        Vector256<byte> bytes = Vector256.Create(word[offset..]);
        Vector256<byte> isText = Within(bytes, 0x20, 0x7e) | Within(bytes, (byte)'\t', (byte)'\n') | Vector256.Equals(bytes, Vector256.Create((byte)'\r'));
        text[i] |= Bits(isText, offset);
        follow[i] |= Bits(Within(bytes, 0x80, 0xbf), offset);
        lead2[i] |= Bits(Within(bytes, 0xc2, 0xdf), offset);
        lead3[i] |= Bits(Within(bytes, 0xe0, 0xef), offset);
        lead4[i] |= Bits(Within(bytes, 0xf0, 0xf4), offset);
    }

    private static Vector256<byte> Within(Vector256<byte> bytes, byte first, byte last) =>
        Vector256.LessThanOrEqual(bytes - Vector256.Create(first), Vector256.Create((byte)(last - first)));

    private static ulong Bits(Vector256<byte> matches, int offset) => (ulong)matches.ExtractMostSignificantBits() << offset;
}
