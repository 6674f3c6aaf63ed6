using System.Buffers.Binary;
using System.IO.Compression;

namespace PiTap.Panel.Drawing;

/// <summary>
/// A bitmap font as <c>fonts/pack.py</c> packs it: cells of one size, the characters in ranges. Unpacked when the first glyph is asked for,
/// so that the large set for Chinese, Japanese and Korean takes its megabyte only where such a name is seen.
/// </summary>
internal sealed class GlyphSet(string name)
{
    private const int HeadBytes = 4;
    private const int RangeBytes = 6;

    private readonly Lazy<byte[]> _bytes = new(() => Unpack(name));

    public int Width => _bytes.Value[0];

    public int Height => _bytes.Value[1];

    /// <summary>Bytes of a row of a glyph; the leftmost pixel is the highest bit of the first.</summary>
    public int Stride => (Width + 7) / 8;

    /// <summary>The rows of a character's glyph; empty if there is none.</summary>
    public ReadOnlySpan<byte> Glyph(int codePoint)
    {
        ReadOnlySpan<byte> bytes = _bytes.Value;
        int ranges = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        int size = Stride * Height, before = 0;
        for (int i = 0; i < ranges; i++)
        {
            ReadOnlySpan<byte> range = bytes.Slice(HeadBytes + i * RangeBytes, RangeBytes);
            int first = (int)BinaryPrimitives.ReadUInt32BigEndian(range), count = BinaryPrimitives.ReadUInt16BigEndian(range[4..]);
            if (codePoint < first)
                return [];
            if (codePoint < first + count)
                return bytes.Slice(HeadBytes + ranges * RangeBytes + (before + codePoint - first) * size, size);
            before += count;
        }
        return [];
    }

    private static byte[] Unpack(string name)
    {
        using Stream packed = typeof(GlyphSet).Assembly.GetManifestResourceStream($"fonts/{name}.font")
            ?? throw new InvalidOperationException($"this build of PiTap lacks its font '{name}'");
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        using MemoryStream bytes = new();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }
}
