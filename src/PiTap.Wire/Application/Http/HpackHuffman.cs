namespace PiTap.Wire.Application.Http;

/// <summary>
/// The Huffman code of HPACK (RFC 7541 appendix B). The code is canonical, so the length of each symbol's code says it all: codes of one
/// length follow each other in order of their symbols.
/// </summary>
internal sealed class HpackHuffman
{
    /// <summary>The symbol that no string may hold (section 5.2).</summary>
    public const int EndOfString = 256;

    /// <summary>Longest code, in bits.</summary>
    public const int LongestCodeBits = 30;

    /// <summary>The one code there is: it holds no state, so all connections share it.</summary>
    public static readonly HpackHuffman Shared = new();

    /// <summary>Length of each symbol's code in bits, the last one that of <see cref="EndOfString"/>.</summary>
    public static ReadOnlySpan<byte> CodeBits =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private readonly uint[] _firstCode = new uint[LongestCodeBits + 1];
    private readonly int[] _firstIndex = new int[LongestCodeBits + 1];
    private readonly int[] _count = new int[LongestCodeBits + 1];
    private readonly ushort[] _symbols = new ushort[EndOfString + 1];

    private HpackHuffman()
    {
        int index = 0;
        uint code = 0;
        for (int bits = 1; bits <= LongestCodeBits; bits++)
        {
            _firstCode[bits] = code;
            _firstIndex[bits] = index;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (CodeBits[symbol] == bits)
                    _symbols[index++] = (ushort)symbol;
            }
            _count[bits] = index - _firstIndex[bits];
            code = code + (uint)_count[bits] << 1;
        }
    }

    /// <summary>Decodes a string. False if it is not consistent (section 5.2) or does not fit.</summary>
    public bool TryDecode(ReadOnlySpan<byte> coded, Span<byte> destination, out int written)
    {
        written = 0;
        uint code = 0;
        int bits = 0;
        foreach (byte b in coded)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                code = code << 1 | (uint)(b >> bit & 1);
                if (++bits > LongestCodeBits)
                    return false;
                uint offset = code - _firstCode[bits];
                if (code < _firstCode[bits] || offset >= (uint)_count[bits])
                    continue;
                int symbol = _symbols[_firstIndex[bits] + (int)offset];
                if (symbol == EndOfString || written == destination.Length)
                    return false;
                destination[written++] = (byte)symbol;
                code = 0;
                bits = 0;
            }
        }
        // What is left is padding: fewer than eight bits, all ones.
        return bits < 8 && code == (1u << bits) - 1;
    }
}
