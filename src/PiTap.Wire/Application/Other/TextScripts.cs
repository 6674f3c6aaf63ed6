namespace PiTap.Wire.Application.Other;

/// <summary>
/// Groups of Unicode characters that stand beside one another in a text. A run of text keeps to one script, with ASCII, punctuation,
/// symbols and emoji among it, while bytes that make UTF-8 by chance (RFC 3629) jump from one to the next.
/// </summary>
internal enum TextScript : byte
{
    /// <summary>No character of text: control characters, unassigned and private ones.</summary>
    None = 0,
    /// <summary>ASCII, punctuation, symbols, emoji: with any script.</summary>
    Common,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    /// <summary>Devanagari, Bengali, Tamil and the other scripts of India and Sri Lanka.</summary>
    Indic,
    /// <summary>Thai and Lao, Burmese, Khmer, Tibetan, Georgian, Ethiopic.</summary>
    Other,
    /// <summary>Chinese and Japanese.</summary>
    Han,
    Hangul,
}

/// <summary>
/// Which script a character is of, by the blocks of the Unicode Standard (Blocks.txt), or the parts of them that today's languages use.
/// </summary>
internal static class TextScripts
{
    private static readonly (int First, int Last, TextScript Script)[] s_blocks =
    [
        (0x00a0, 0x017f, TextScript.Latin),
        // Vietnamese.
        (0x01a0, 0x01b0, TextScript.Latin),
        // Romanian.
        (0x0218, 0x021b, TextScript.Latin),
        (0x0384, 0x03ce, TextScript.Greek),
        (0x0400, 0x04ff, TextScript.Cyrillic),
        (0x0531, 0x058f, TextScript.Armenian),
        (0x05b0, 0x05f4, TextScript.Hebrew),
        (0x0600, 0x06ff, TextScript.Arabic),
        (0x0900, 0x0dff, TextScript.Indic),
        (0x0e01, 0x0efd, TextScript.Other),
        (0x0f00, 0x109f, TextScript.Other),
        (0x10a0, 0x10ff, TextScript.Other),
        (0x1200, 0x137f, TextScript.Other),
        (0x1780, 0x17f9, TextScript.Other),
        (0x1e00, 0x1eff, TextScript.Latin),
        (0x1f00, 0x1fff, TextScript.Greek),
        (0x2000, 0x206f, TextScript.Common),
        (0x20a0, 0x20c0, TextScript.Common),
        (0x2100, 0x27bf, TextScript.Common),
        (0x3000, 0x30ff, TextScript.Han),
        (0x3400, 0x4dbf, TextScript.Han),
        (0x4e00, 0x9fff, TextScript.Han),
        (0xac00, 0xd7a3, TextScript.Hangul),
        (0xf900, 0xfaff, TextScript.Han),
        (0xfb50, 0xfdff, TextScript.Arabic),
        (0xfe00, 0xfe0f, TextScript.Common),
        (0xfe70, 0xfefc, TextScript.Arabic),
        (0xff00, 0xffef, TextScript.Han),
        (0x1f000, 0x1faff, TextScript.Common),
        (0x20000, 0x2ffff, TextScript.Han),
    ];

    /// <summary>The script of a Unicode scalar value.</summary>
    public static TextScript Of(int value)
    {
        if (value < 0x80)
            return value is (>= 0x20 and < 0x7f) or '\t' or '\r' or '\n' ? TextScript.Common : TextScript.None;
        foreach ((int first, int last, TextScript script) in s_blocks)
        {
            if (value <= last)
                return value >= first ? script : TextScript.None;
        }
        return TextScript.None;
    }
}
