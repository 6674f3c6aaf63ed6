using System.Globalization;

namespace PiTap.Catalogue.Packed;

/// <summary>What a set says of itself: a line each, <c>licence: MIT</c>.</summary>
internal static class DescriptionText
{
    private const string Mark = ": ";
    private const string DateForm = "yyyy-MM-dd";

    private static readonly string[] s_keys = ["set", "title", "package", "version", "date", "licence", "source"];

    /// <summary>Null if a line is missing or its date is none; lines that this version does not know are passed over.</summary>
    public static SetDescription? Parse(IEnumerable<string> lines, int rows, long bytes, out string? error)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            int mark = line.IndexOf(Mark, StringComparison.Ordinal);
            if (mark > 0 && !line.Any(char.IsControl))
                values.TryAdd(line[..mark], line[(mark + Mark.Length)..]);
        }
        error = Array.Find(s_keys, key => !values.ContainsKey(key)) is string missing
            ? $"it does not say its {missing}"
            : null;
        if (error is not null)
            return null;
        if (!DateOnly.TryParseExact(values["date"], DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            error = $"its date '{values["date"]}' is not of the form 2026-01-31";
            return null;
        }
        return new SetDescription(values["set"], values["title"], values["package"], values["version"], date, values["licence"],
            values["source"], rows, bytes);
    }

    /// <summary>The lines of a description, in order.</summary>
    public static IEnumerable<string> Lines(SetDescription description) => s_keys.Zip(
    [
        description.Name, description.Title, description.Package, description.Version,
        description.Date.ToString(DateForm, CultureInfo.InvariantCulture), description.Licence, description.Source,
    ], static (key, value) => key + Mark + value);
}
