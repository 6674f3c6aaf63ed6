using System.Globalization;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Tables;

/// <summary>
/// Reads tables that are text: comments at the head, then a line for each record, its fields between tabs, sorted by its key, byte by byte.
/// A line that is not whole, not in its place, or there already is refused.
/// </summary>
internal sealed class TableReader(List<TableError> errors)
{
    private readonly Dictionary<string, TableError> _places = new(StringComparer.Ordinal);

    private string _file = "";
    private int _line;

    /// <summary>Hands each line's fields to <paramref name="take"/>. The key is its first fields, by default the first.</summary>
    public void Read(TableFile file, int fieldCount, Action<string[]> take, int keyFields = 1)
    {
        _file = file.Name;
        _line = 0;
        string previous = "";
        string text = file.Text;
        if (!text.EndsWith('\n'))
            Refuse("the file does not end with a line feed");
        else
            text = text[..^1];
        foreach (string line in text.Split('\n'))
        {
            _line++;
            if (line.StartsWith('#') && previous.Length == 0)
                continue;
            string[] fields = line.Split('\t');
            if (IsWhole(fields, fieldCount) && IsInPlace(string.Join(' ', fields[..keyFields]), ref previous))
                take(fields);
        }
    }

    /// <summary>The lines at a file's head that begin with <c>#</c>, without that mark.</summary>
    public static IEnumerable<string> ReadHead(string text) =>
        text.Split('\n').TakeWhile(static line => line.StartsWith('#')).Select(static line => line.TrimStart('#', ' '));

    /// <summary>Where the record with this key stands.</summary>
    public (string File, int Line) PlaceOf(string key) => (_places[key].File, _places[key].Line);

    /// <summary>Forgets the keys: those of files that are read later belong to another table.</summary>
    public Dictionary<string, int> TakePlaces()
    {
        Dictionary<string, int> lines =
            _places.ToDictionary(static place => place.Key, static place => place.Value.Line, StringComparer.Ordinal);
        _places.Clear();
        return lines;
    }

    /// <summary>Notes what is wrong with the line that is being read.</summary>
    public void Refuse(string reason) => errors.Add(new TableError(_file, _line, reason));

    /// <summary>True for an https address and a day; else the line is refused.</summary>
    public bool IsSourced(string source, string day, out DateOnly date)
    {
        date = default;
        bool isAddress = Uri.TryCreate(source, UriKind.Absolute, out Uri? uri);
        if (!isAddress || uri!.Scheme != Uri.UriSchemeHttps || !DomainName.IsWellFormed(uri.Host))
            Refuse($"source '{source}' is not an https address");
        else if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
            Refuse($"date '{day}' is not of the form 2026-01-31");
        else
            return true;
        return false;
    }

    private bool IsWhole(string[] fields, int fieldCount)
    {
        if (fields.Length != fieldCount)
        {
            Refuse($"{fields.Length} fields, not {fieldCount}");
            return false;
        }
        if (Array.Find(fields, static field => field.Length == 0 || field.Trim() != field || field.Any(char.IsControl)) is not string field)
            return true;
        Refuse(field.Length == 0 ? "a field is empty" : $"'{field.Trim()}' stands between blanks or has a control character");
        return false;
    }

    private bool IsInPlace(string key, ref string previous)
    {
        if (string.CompareOrdinal(previous, key) > 0)
            Refuse($"not sorted: '{key}' belongs before '{previous}'");
        previous = key;
        if (_places.TryGetValue(key, out TableError first))
        {
            Refuse($"'{key}' stands in {first.File}:{first.Line} already");
            return false;
        }
        _places.Add(key, new TableError(_file, _line, ""));
        return true;
    }
}
