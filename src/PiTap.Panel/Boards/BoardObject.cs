using System.Globalization;
using System.Text.Json;

namespace PiTap.Panel.Boards;

/// <summary>An object of a board's file, of which every key is asked for by name: one that is not known is refused.</summary>
internal sealed class BoardObject
{
    private readonly string _file;
    private readonly string _place;
    private readonly Dictionary<string, JsonElement> _fields;

    public BoardObject(string file, string place, JsonElement element, params string[] known)
    {
        (_file, _place) = (file, place);
        if (element.ValueKind != JsonValueKind.Object)
            throw new BoardProfileException(file, place, "this must be an object in braces");
        _fields = element.EnumerateObject().ToDictionary(static field => field.Name, static field => field.Value, StringComparer.Ordinal);
        foreach (string name in _fields.Keys.Where(name => !known.Contains(name)))
            throw Refusal(name, $"there is no such key; known here are {string.Join(", ", known)}");
    }

    public BoardProfileException Refusal(string key, string reason) => new(_file, Join(key), reason);

    public bool Has(string key) => _fields.ContainsKey(key);

    public string Text(string key, int mostLetters)
    {
        if (Required(key) is not { ValueKind: JsonValueKind.String } value || value.GetString() is not { Length: > 0 } text)
            throw Refusal(key, "this must be a text in quotation marks");
        if (text.Length > mostLetters || text.Any(char.IsControl))
            throw Refusal(key, $"this must be one line of at most {mostLetters} letters");
        return text;
    }

    public int Number(string key, int least, int most, int? otherwise = null)
    {
        if (otherwise is int value && !Has(key))
            return value;
        if (Required(key) is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt32(out value))
            throw Refusal(key, "this must be a whole number");
        return value >= least && value <= most ? value
            : throw Refusal(key, string.Create(CultureInfo.InvariantCulture, $"{value} is not from {least} to {most}"));
    }

    public int? OptionalNumber(string key, int least, int most) => Has(key) ? Number(key, least, most) : null;

    public bool Truth(string key) => Has(key) && _fields[key].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refusal(key, "this must be true or false"),
    };

    /// <summary>One word of those that an enumeration has, in small letters.</summary>
    public T Word<T>(string key)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(static name => name.ToLowerInvariant())];
        int index = Required(key).ValueKind == JsonValueKind.String ? Array.IndexOf(words, _fields[key].GetString()) : -1;
        return index >= 0 ? Enum.GetValues<T>()[index] : throw Refusal(key, $"this must be one of {string.Join(", ", words)}");
    }

    public BoardObject? OptionalObject(string key, params string[] known) =>
        Has(key) ? new BoardObject(_file, Join(key), _fields[key], known) : null;

    /// <summary>The entries of a list; none if the key is not there.</summary>
    public IReadOnlyList<JsonElement> List(string key, int most)
    {
        if (!Has(key))
            return [];
        if (_fields[key].ValueKind != JsonValueKind.Array)
            throw Refusal(key, "this must be a list in brackets");
        return _fields[key].GetArrayLength() <= most
            ? [.. _fields[key].EnumerateArray()]
            : throw Refusal(key, $"this must be a list of at most {most}");
    }

    /// <summary>An object in a list.</summary>
    public BoardObject Entry(string key, int index, JsonElement element, params string[] known) =>
        new(_file, $"{Join(key)}[{index}]", element, known);

    private JsonElement Required(string key) => _fields.TryGetValue(key, out JsonElement value) ? value
        : throw Refusal(key, "this is missing");

    private string Join(string key) => _place.Length == 0 ? key : $"{_place}.{key}";
}
