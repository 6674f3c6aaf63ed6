using System.Globalization;
using System.Text;
using PiTap.Export;

namespace PiTap.Host.Output;

/// <summary>Text as a terminal shows it: how wide it is, and where it is cut. Cells are counted, not characters.</summary>
internal static class DisplayText
{
    /// <summary>Marks above or below one letter, as many as a language stacks: hundreds would draw over other lines.</summary>
    private const int MaxMarks = 3;

    private const string Ellipsis = "\u2026";
    private const string AsciiEllipsis = "..";

    /// <summary>Ranges of two cells, first and last (Unicode Standard Annex 11: W and F, and pictures).</summary>
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115f), (0x231a, 0x231b), (0x2329, 0x232a), (0x23e9, 0x23ec), (0x23f0, 0x23f0), (0x23f3, 0x23f3), (0x25fd, 0x25fe),
        (0x2614, 0x2615), (0x2630, 0x2637), (0x2648, 0x2653), (0x267f, 0x267f), (0x268a, 0x268f), (0x2693, 0x2693), (0x26a1, 0x26a1),
        (0x26aa, 0x26ab), (0x26bd, 0x26be), (0x26c4, 0x26c5), (0x26ce, 0x26ce), (0x26d4, 0x26d4), (0x26ea, 0x26ea), (0x26f2, 0x26f3),
        (0x26f5, 0x26f5), (0x26fa, 0x26fa), (0x26fd, 0x26fd), (0x2705, 0x2705), (0x270a, 0x270b), (0x2728, 0x2728), (0x274c, 0x274c),
        (0x274e, 0x274e), (0x2753, 0x2755), (0x2757, 0x2757), (0x2795, 0x2797), (0x27b0, 0x27b0), (0x27bf, 0x27bf), (0x2b1b, 0x2b1c),
        (0x2b50, 0x2b50), (0x2b55, 0x2b55), (0x2e80, 0x303e), (0x3041, 0x4dbf), (0x4e00, 0xa4cf), (0xa960, 0xa97f), (0xac00, 0xd7a3),
        (0xf900, 0xfaff), (0xfe10, 0xfe19), (0xfe30, 0xfe6f), (0xff01, 0xff60), (0xffe0, 0xffe6), (0x16fe0, 0x18fff), (0x1aff0, 0x1b2ff),
        (0x1f000, 0x1faff), (0x20000, 0x3fffd),
    ];

    /// <summary>Fit for a terminal, whoever sent it; without Unicode everything outside of ASCII is written as <c>\u{FC}</c>.</summary>
    public static string Clean(string text, bool isUnicode)
    {
        string clean = TerminalText.Clean(text);
        return Ascii.IsValid(clean) ? clean : Escape(clean, isUnicode);
    }

    /// <summary>Cells that clean text takes.</summary>
    public static int Width(string text)
    {
        if (Ascii.IsValid(text))
            return text.Length;
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>The end of a name, as its end says whose it is.</summary>
    public static string CutLeft(string text, int width, bool isUnicode)
    {
        int left = Width(text);
        if (left <= width)
            return text;
        string mark = Mark(width, isUnicode);
        int at = 0;
        while (at < text.Length)
        {
            Rune rune = Rune.GetRuneAt(text, at);
            // A mark that lost its letter would sit on the ellipsis.
            if (left <= width - mark.Length && Width(rune) > 0)
                break;
            left -= Width(rune);
            at += rune.Utf16SequenceLength;
        }
        return mark + text[at..];
    }

    /// <summary>The beginning of a text.</summary>
    public static string CutRight(string text, int width, bool isUnicode)
    {
        if (Width(text) <= width)
            return text;
        string mark = Mark(width, isUnicode);
        int room = width - mark.Length;
        int at = 0;
        while (at < text.Length)
        {
            Rune rune = Rune.GetRuneAt(text, at);
            room -= Width(rune);
            if (room < 0)
                break;
            at += rune.Utf16SequenceLength;
        }
        return text[..at] + mark;
    }

    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Width(text)));

    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Width(text))) + text;

    /// <summary>Lines of a paragraph, broken between words; a word that is too long is cut.</summary>
    public static IEnumerable<string> Wrap(string text, int width, bool isUnicode)
    {
        StringBuilder line = new();
        int used = 0;
        foreach (string whole in text.Split(' '))
        {
            string word = CutRight(whole, width, isUnicode);
            int length = Width(word);
            if (used > 0 && used + 1 + length > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }
            if (used > 0)
                line.Append(' ');
            line.Append(word);
            used += length + (used > 0 ? 1 : 0);
        }
        yield return line.ToString();
    }

    private static string Mark(int width, bool isUnicode) =>
        isUnicode && width >= 1 ? Ellipsis : width >= AsciiEllipsis.Length ? AsciiEllipsis : "";

    private static int Width(Rune rune)
    {
        if (rune.IsAscii)
            return 1;
        if (IsMark(rune))
            return 0;
        foreach ((int first, int last) in s_wide)
        {
            if (rune.Value <= last)
                return rune.Value >= first ? 2 : 1;
        }
        return 1;
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static string Escape(string text, bool isUnicode)
    {
        StringBuilder escaped = new(text.Length + 16);
        // A mark at the beginning would sit on what stands before the text.
        int marks = MaxMarks;
        foreach (Rune rune in text.EnumerateRunes())
        {
            marks = IsMark(rune) ? marks + 1 : 0;
            if (rune.IsAscii || (isUnicode && marks <= MaxMarks))
                escaped.Append(rune.ToString());
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }
        return escaped.ToString();
    }
}
