using System.Text;

namespace PiTap.Panel.Drawing;

/// <summary>
/// A typeface at one size: Latin letters of Spleen, those of other scripts of GNU Unifont, enlarged by whole numbers so that edges stay
/// sharp.
/// </summary>
internal sealed class Face
{
    private const int UnifontHeight = 16;
    private const char Ellipsis = '\u2026';

    private static readonly GlyphSet s_narrow = new("unifont-8x16");
    private static readonly GlyphSet s_wide = new("unifont-16x16");
    private static readonly GlyphSet s_large = new("spleen-12x24");

    private readonly GlyphSet _latin;
    private readonly int _scale;
    private readonly int _otherScale;

    private Face(GlyphSet latin, int scale, int otherScale)
    {
        _latin = latin;
        _scale = scale;
        _otherScale = otherScale;
    }

    /// <summary>5x8: labels beside something larger.</summary>
    public static Face Tiny { get; } = new(new GlyphSet("spleen-5x8"), 1, 0);

    /// <summary>6x12: names on the small displays. Other scripts do not fit into twelve rows.</summary>
    public static Face Small { get; } = new(new GlyphSet("spleen-6x12"), 1, 0);

    /// <summary>8x16.</summary>
    public static Face Body { get; } = new(new GlyphSet("spleen-8x16"), 1, 1);

    /// <summary>12x24.</summary>
    public static Face Large { get; } = new(s_large, 1, 2);

    /// <summary>16x32.</summary>
    public static Face Huge { get; } = new(new GlyphSet("spleen-16x32"), 1, 2);

    /// <summary>24x48.</summary>
    public static Face Great { get; } = new(s_large, 2, 3);

    /// <summary>32x64.</summary>
    public static Face Giant { get; } = new(new GlyphSet("spleen-32x64"), 1, 4);

    /// <summary>Height of a line, pixels.</summary>
    public int Height => _latin.Height * _scale;

    /// <summary>Width of a Latin letter, pixels.</summary>
    public int Width => _latin.Width * _scale;

    /// <summary>True if the letter can be drawn.</summary>
    public bool Has(Rune letter) => letter.Value == Ellipsis || !Find(letter, out _, out _).IsEmpty;

    /// <summary>Width of a text that <see cref="Names.Drawable"/> made, pixels.</summary>
    public int Measure(string text)
    {
        int width = 0;
        foreach (Rune letter in text.EnumerateRunes())
            width += Advance(letter);
        return width;
    }

    /// <summary>Draws a text whose upper left corner is given, and gives where the next letter would begin.</summary>
    public int Draw(Frame frame, int x, int y, string text, ushort colour)
    {
        foreach (Rune letter in text.EnumerateRunes())
        {
            if (letter.Value == Ellipsis)
                DrawEllipsis(frame, x, y, colour);
            else
                DrawGlyph(frame, x, y, letter, colour);
            x += Advance(letter);
        }
        return x;
    }

    private int Advance(Rune letter)
    {
        if (letter.Value == Ellipsis || Find(letter, out GlyphSet set, out int scale).IsEmpty)
            return Width;
        return set.Width * scale;
    }

    /// <summary>Three dots on the base line: the small fonts have no such letter, and all sizes cut a name alike.</summary>
    private void DrawEllipsis(Frame frame, int x, int y, ushort colour)
    {
        int dot = Math.Max(1, Width / 8), step = Math.Max(2, Width / 3), baseLine = y + Height * 3 / 4;
        for (int i = 0; i < 3; i++)
            Shapes.Fill(frame, new PixelArea(x + i * step + (Width - 2 * step - dot) / 2, baseLine - dot, dot, dot), colour);
    }

    private void DrawGlyph(Frame frame, int x, int y, Rune letter, ushort colour)
    {
        ReadOnlySpan<byte> rows = Find(letter, out GlyphSet set, out int scale);
        int down = set == _latin ? 0 : (Height - UnifontHeight * scale) / 2;
        for (int row = 0; row * set.Stride < rows.Length; row++)
        {
            for (int column = 0; column < set.Width; column++)
            {
                if ((rows[row * set.Stride + column / 8] << (column & 7) & 0x80) != 0)
                    Shapes.Fill(frame, new PixelArea(x + column * scale, y + down + row * scale, scale, scale), colour);
            }
        }
    }

    private ReadOnlySpan<byte> Find(Rune letter, out GlyphSet set, out int scale)
    {
        (set, scale) = (_latin, _scale);
        ReadOnlySpan<byte> glyph = set.Glyph(letter.Value);
        if (!glyph.IsEmpty || _otherScale == 0)
            return glyph;
        (set, scale) = (s_narrow, _otherScale);
        glyph = set.Glyph(letter.Value);
        if (!glyph.IsEmpty)
            return glyph;
        set = s_wide;
        return set.Glyph(letter.Value);
    }
}
