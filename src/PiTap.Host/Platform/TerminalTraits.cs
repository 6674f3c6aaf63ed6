using System.Globalization;

namespace PiTap.Host.Platform;

/// <summary>What the environment says of the terminal, whether or not there is one.</summary>
/// <param name="HasEscapes">True if it may be sent escape sequences.</param>
/// <param name="IsUnicode">True if it shows more than ASCII: the locale's character set is UTF-8.</param>
/// <param name="Columns">The width that is asked for; null to ask the terminal.</param>
internal sealed record TerminalTraits(bool HasEscapes, bool IsUnicode, int? Columns)
{
    /// <summary>No line is wider, whoever asks.</summary>
    public const int MaxColumns = 4096;

    private static readonly string[] s_localeVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>
    /// <c>NO_COLOR</c> (no-color.org), <c>TERM</c>, <c>COLUMNS</c>, and the locale as setlocale(3) finds it: <c>LC_ALL</c>,
    /// <c>LC_CTYPE</c>, <c>LANG</c>, the first one that is set.
    /// </summary>
    public static TerminalTraits Of(Func<string, string?> environment)
    {
        string terminal = environment("TERM") ?? "";
        string locale = s_localeVariables.Select(environment).FirstOrDefault(static value => !string.IsNullOrEmpty(value)) ?? "";
        bool isNumber = int.TryParse(environment("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns);
        return new TerminalTraits(
            string.IsNullOrEmpty(environment("NO_COLOR")) && terminal is not ("" or "dumb"),
            locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase),
            isNumber && columns is > 0 and <= MaxColumns ? columns : null);
    }
}
