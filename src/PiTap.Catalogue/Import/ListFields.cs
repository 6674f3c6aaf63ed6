using System.Text.Json;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Import;

/// <summary>Takes single fields out of a list's JSON, each checked. Keeps the first that is wrong, with its file and place.</summary>
internal sealed class ListFields
{
    /// <summary>Characters of a name: more than twice what one has.</summary>
    public const int MaxNameLength = 120;

    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);

    /// <summary>The first thing that is wrong; null so far.</summary>
    public string? Error { get; private set; }

    /// <summary>The file that is being read, as it is shown.</summary>
    public string File { get; set; } = "";

    /// <summary>Notes what is wrong at a place of the file, and how to go on.</summary>
    public void Refuse(string place, string reason) =>
        Error ??= $"{File}: {PlainText.Shown(place)}: {reason}; take that out, or get the list anew";

    /// <summary>What was left out, for example <c>addresses (3), public suffixes (12)</c>; empty for nothing.</summary>
    public string DescribeLeftOut() => string.Join(", ", _leftOut.OrderBy(static kind => kind.Key, StringComparer.Ordinal)
        .Select(static kind => $"{kind.Key} ({kind.Value})"));

    /// <summary>Counts what a list says and PiTap cannot use.</summary>
    public void LeaveOut(string what, int count = 1) => _leftOut[what] = _leftOut.GetValueOrDefault(what) + count;

    /// <summary>The entries of an object; none, and noted, if it is something else.</summary>
    public IEnumerable<JsonProperty> Object(JsonElement element, string place)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return element.EnumerateObject().TakeWhile(_ => Error is null);
        Refuse(place, "entries in braces belong here");
        return [];
    }

    /// <summary>The entries of a list; none, and noted, if it is something else.</summary>
    public IEnumerable<JsonElement> List(JsonElement element, string place)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().TakeWhile(_ => Error is null);
        Refuse(place, "a list in square brackets belongs here");
        return [];
    }

    /// <summary>The texts of a list; those that are none are noted.</summary>
    public IEnumerable<string> Texts(JsonElement element, string place) =>
        List(element, place).Select(text => Text(text, place)).OfType<string>();

    /// <summary>A text as it stands there; null, and noted, if it is something else.</summary>
    public string? Text(JsonElement element, string place)
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString();
        Refuse(place, "a text in quotation marks belongs here");
        return null;
    }

    /// <summary>A field that names somebody or something: null if it is missing, <c>null</c>, or no good.</summary>
    public string? Name(JsonElement parent, string place, string field) =>
        !parent.TryGetProperty(field, out JsonElement element) || element.ValueKind == JsonValueKind.Null ? null
        : Text(element, $"{place}.{field}") is { } text ? Name(text, $"{place}.{field}")
        : null;

    /// <summary>
    /// A name without the blanks around it: null if it is empty, cannot be shown, which is counted, or is too long, which is noted.
    /// </summary>
    public string? Name(string text, string place)
    {
        string name = text.Trim();
        if (name.Length == 0)
            return null;
        if (!PlainText.Is(name))
            LeaveOut("names of companies or services with characters that cannot be seen");
        else if (name.Length > MaxNameLength)
            Refuse(place, $"this name has {name.Length} characters, more than {MaxNameLength}");
        else
            return name;
        return null;
    }
}
