using System.Globalization;
using System.Text.Json;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Profiles;

/// <summary>Takes single fields out of a profile's JSON, each checked. What is wrong is noted under its file and its place there.</summary>
internal sealed class ProfileFields
{
    /// <summary>Characters of a name.</summary>
    public const int MaxTextLength = 120;

    /// <summary>Characters of an address, and of the note.</summary>
    public const int MaxLongTextLength = 500;

    /// <summary>Entries of a list.</summary>
    public const int MaxEntries = 250;

    private const string DateForm = "yyyy-MM-dd";

    private readonly List<ProfileError> _errors = [];

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<ProfileError> Errors => _errors;

    /// <summary>The file that is being read, as it is shown.</summary>
    public string File { get; set; } = "";

    /// <summary>Notes what is wrong at a place of the file.</summary>
    public void Refuse(string place, string reason) => _errors.Add(new ProfileError(File, place, reason));

    /// <summary>True for an object. Fields in it that a profile does not have are refused.</summary>
    public bool IsObject(JsonElement element, string place, params string[] fields)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Refuse(place, "An object with fields in braces belongs here.");
            return false;
        }
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!fields.Contains(property.Name))
                Refuse(place, $"A field '{PlainText.Shown(property.Name)}' is not known here. Known are {string.Join(", ", fields)}.");
        }
        return true;
    }

    /// <summary>A text; an empty one, and noted, if it is missing or no good.</summary>
    public string Text(JsonElement parent, string place, string field) =>
        OptionalText(parent, place, field, MaxTextLength) ?? Missing(place, field);

    /// <summary>A text; null if it is missing.</summary>
    public string? OptionalText(JsonElement parent, string place, string field, int maxLength)
    {
        if (!parent.TryGetProperty(field, out JsonElement element))
            return null;
        string where = Join(place, field);
        if (element.ValueKind != JsonValueKind.String)
            Refuse(where, "A text in quotation marks belongs here.");
        else if (element.GetString() is not { } text || !PlainText.Is(text))
            Refuse(where, "This text is empty, stands between blanks, or has characters that cannot be seen. Write it without them.");
        else if (text.Length > maxLength)
            Refuse(where, $"This text has {text.Length} characters. Shorten it to {maxLength}.");
        else
            return text;
        return "";
    }

    /// <summary>A list's entries; none, and noted, if there are too many, or if it is missing and must not be.</summary>
    public IReadOnlyList<JsonElement> List(JsonElement parent, string place, string field, bool isRequired)
    {
        if (!parent.TryGetProperty(field, out JsonElement element))
        {
            if (isRequired)
                Missing(place, field);
            return [];
        }
        if (element.ValueKind != JsonValueKind.Array)
            Refuse(Join(place, field), "A list in square brackets belongs here.");
        else if (element.GetArrayLength() > MaxEntries)
            Refuse(Join(place, field), $"This list has {element.GetArrayLength()} entries. Shorten it to {MaxEntries}.");
        else
            return [.. element.EnumerateArray()];
        return [];
    }

    /// <summary>A text that was read, and when.</summary>
    public PolicySource Source(JsonElement element, string place)
    {
        if (!IsObject(element, place, "url", "date", "accessed"))
            return new PolicySource("", null, default);
        string url = OptionalText(element, place, "url", MaxLongTextLength) ?? Missing(place, "url");
        bool isAddress = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme == Uri.UriSchemeHttps
            && DomainName.IsWellFormed(uri.Host) && !url.Contains(' ');
        if (url.Length > 0 && !isAddress)
            Refuse(Join(place, "url"), $"'{PlainText.Shown(url)}' is not an https address. Give the one at which the text was read.");
        DateOnly? date = Date(element, place, "date");
        DateOnly? accessed = Date(element, place, "accessed");
        if (accessed is null && !element.TryGetProperty("accessed", out _))
            Missing(place, "accessed");
        if (date > accessed)
            Refuse(place, "The text is dated later than the day on which it was read. Correct one of the two.");
        return new PolicySource(url, date, accessed ?? default);
    }

    /// <summary>Notes that a field is missing.</summary>
    public string Missing(string place, string field)
    {
        Refuse(place, $"The field '{field}' is missing. Add it.");
        return "";
    }

    /// <summary>The place of a field below another place.</summary>
    public static string Join(string place, string field) => place.Length == 0 ? field : $"{place}.{field}";

    private DateOnly? Date(JsonElement parent, string place, string field)
    {
        if (OptionalText(parent, place, field, MaxTextLength) is not { Length: > 0 } text)
            return null;
        if (DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            return date;
        Refuse(Join(place, field), $"'{PlainText.Shown(text)}' is not a day of the form 2026-01-31.");
        return null;
    }
}
