using System.Globalization;
using System.Text;

namespace PiTap.Catalogue.Names;

/// <summary>Text that may be shown on a terminal and on a page as it is.</summary>
internal static class PlainText
{
    private const char Substitute = '?';
    private const int ShownLength = 80;

    /// <summary>
    /// True for a text that begins and ends with something visible, and has no character that is invisible, ends a line or turns the
    /// direction of writing.
    /// </summary>
    public static bool Is(string text) => text.Length > 0 && text.Trim() == text && text.EnumerateRunes().All(IsPlain);

    /// <summary>A text of somebody else's for a message: what is not plain is replaced, and what is long is cut.</summary>
    public static string Shown(string text)
    {
        StringBuilder shown = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= ShownLength)
                return shown.Append("...").ToString();
            shown.Append(IsPlain(rune) ? rune.ToString() : Substitute.ToString());
        }
        return shown.ToString();
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.SpaceSeparator => rune.Value == ' ',
        _ => true,
    };
}
