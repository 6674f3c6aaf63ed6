using System.Globalization;
using System.Text;
using PiTap.Panel.Drawing;
using PiTap.Panel.Lights;

namespace PiTap.Panel.Terminal;

/// <summary>
/// A display in a terminal: each character is two pixels, one above the other. With colours it sends 24-bit SGR codes (ISO 8613-6);
/// without, it has nothing but letters, and a light's pattern is what tells it from another.
/// </summary>
public static class HalfBlocks
{
    private const char UpperHalf = '\u2580';
    private const string Reset = "\e[0m";

    /// <summary>The characters for dark and lit pixels: both dark, the lower lit, the upper lit, both.</summary>
    private const string MonoBlocks = " \u2584\u2580\u2588";

    /// <summary>The picture, a line of text for each two rows of pixels.</summary>
    public static IReadOnlyList<string> Lines(Frame frame, bool hasColours)
    {
        ArgumentNullException.ThrowIfNull(frame);
        bool isMono = frame.Depth == PixelDepth.OneBit || !hasColours;
        IEnumerable<int> rows = Enumerable.Range(0, (frame.Height + 1) / 2).Select(static row => row * 2);
        return [.. rows.Select(row => isMono ? MonoLine(frame, row) : ColourLine(frame, row))];
    }

    /// <summary>The lights in one line: a full or an empty circle each, and what those say that are lit.</summary>
    /// <param name="lights">The lights.</param>
    /// <param name="nowNs">The moment, nanoseconds since the Unix epoch.</param>
    /// <param name="hasColours">Whether the terminal has colours.</param>
    public static string Line(IReadOnlyList<Light> lights, long nowNs, bool hasColours)
    {
        ArgumentNullException.ThrowIfNull(lights);
        StringBuilder line = new();
        foreach (Light light in lights)
        {
            (byte red, byte green, byte blue) = light.At(nowNs, 1);
            char sign = light.Pattern.IsOn(nowNs) ? '\u25CF' : '\u25CB';
            line.Append(hasColours && sign == '\u25CF' ? $"{Code(38, red, green, blue)}{sign}{Reset}" : $"{sign}").Append(' ');
        }
        IEnumerable<string> said = lights.Where(static light => light.Pattern != LightPattern.Off)
            .Select(static light => Plain(light.Meaning));
        return line.Append(' ').AppendJoin(", ", said).ToString().TrimEnd();
    }

    private static string MonoLine(Frame frame, int y)
    {
        StringBuilder line = new(frame.Width);
        for (int x = 0; x < frame.Width; x++)
            line.Append(MonoBlocks[(IsLit(frame, x, y) ? 2 : 0) + (IsLit(frame, x, y + 1) ? 1 : 0)]);
        return line.ToString();
    }

    private static string ColourLine(Frame frame, int y)
    {
        StringBuilder line = new();
        (ushort Upper, ushort Lower)? before = null;
        for (int x = 0; x < frame.Width; x++)
        {
            (ushort Upper, ushort Lower) pair = (frame[x, y], y + 1 < frame.Height ? frame[x, y + 1] : Ink.Black);
            if (pair != before)
            {
                (byte red, byte green, byte blue) = Ink.Parts(pair.Upper);
                line.Append(Code(38, red, green, blue));
                (red, green, blue) = Ink.Parts(pair.Lower);
                line.Append(Code(48, red, green, blue));
                before = pair;
            }
            line.Append(UpperHalf);
        }
        return line.Append(Reset).ToString();
    }

    /// <summary>A pixel of a colour counts as lit from half the brightness of white on, by what the eye makes of the three.</summary>
    private static bool IsLit(Frame frame, int x, int y)
    {
        if (y >= frame.Height)
            return false;
        (byte red, byte green, byte blue) = Ink.Parts(frame[x, y]);
        return 3 * red + 6 * green + blue >= 1275;
    }

    private static string Code(int ground, byte red, byte green, byte blue) =>
        string.Create(CultureInfo.InvariantCulture, $"\e[{ground};2;{red};{green};{blue}m");

    /// <summary>A name comes from the wire: what would move the cursor or turn the line round is left out.</summary>
    private static string Plain(string text) => string.Concat(text.EnumerateRunes().Where(static letter =>
        Rune.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)));
}
