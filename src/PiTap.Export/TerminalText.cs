using System.Globalization;
using System.Text;

namespace PiTap.Export;

/// <summary>
/// Makes text that came off the network fit for a terminal or a spreadsheet. Host names, user agents and file names are
/// hostile bytes: an escape sequence in one can rewrite the screen, a bidirectional override can turn a name around.
/// </summary>
public static class TerminalText
{
    /// <summary>
    /// Writes controls (C0, DEL, C1), format characters (bidirectional marks and overrides, zero-width ones), line separators,
    /// private, unassigned and broken characters as <c>\u{1B}</c>; leaves everything else.
    /// </summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Escape(text) : text;
    }

    /// <summary>True where a terminal or a reader could be fooled by the character.</summary>
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    private static string Escape(string text)
    {
        StringBuilder cleaned = new(text.Length + 16);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (!isWhole)
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)rest[0]:X}}}");
            else if (IsUnsafe(rune))
                cleaned.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            else
                cleaned.Append(rest[..length]);
            rest = rest[length..];
        }
        return cleaned.ToString();
    }
}
