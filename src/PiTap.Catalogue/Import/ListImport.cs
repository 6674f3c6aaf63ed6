using System.Globalization;
using System.Text;
using System.Text.Json;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Import;

/// <summary>Makes a set from files of a list of trackers or companies that somebody has. They are read whole first.</summary>
internal sealed class ListImport
{
    /// <summary>Bytes of a file: several times what one has.</summary>
    public const int MaxFileBytes = 8 << 20;

    private const string DateForm = "yyyy-MM-dd";

    private readonly ListFields _fields = new();
    private readonly ListRows _rows;
    private readonly SortedDictionary<ListFileKind, (string Name, JsonElement Root)> _files = [];

    private DateOnly _date = DateOnly.MinValue;
    private string _version = "-";
    private string? _licence;

    private ListImport(PublicSuffixes suffixes) => _rows = new ListRows(suffixes, _fields);

    /// <summary>Null, and a sentence in <paramref name="error"/>, if the files cannot be taken.</summary>
    public static ImportedSet? Read(IReadOnlyList<ImportFile> files, PublicSuffixes suffixes, out string? error)
    {
        ListImport import = new(suffixes);
        List<JsonDocument> open = [];
        try
        {
            error = files.Select(file => import.Open(file, open)).FirstOrDefault(static fault => fault is not null);
            return error is null ? import.Make(out error) : null;
        }
        catch (InvalidOperationException)
        {
            // What the library says of half a surrogate pair, and of bytes that are not UTF-8.
            error = $"{import._fields.File}: a text in it is not Unicode: a stray byte, or an escape that stands for no character; "
                + "get the list anew";
            return null;
        }
        finally
        {
            open.ForEach(static document => document.Dispose());
        }
    }

    private string? Open(ImportFile file, List<JsonDocument> open)
    {
        string name = PlainText.Shown(file.Name);
        _fields.File = name;
        if (file.Bytes.Length > MaxFileBytes)
            return $"{name}: it has {file.Bytes.Length} bytes, and a list has at most {MaxFileBytes}";
        if (!ListFile.IsJson(file.Bytes.Span))
            return $"{name}: it is no list in JSON, as the other file is: import them one after the other";
        if (ListFile.Open(file.Bytes, out string? error) is not { } document)
            return $"{name}: {error}";
        open.Add(document);
        ListFileKind kind = ListFile.KindOf(document.RootElement);
        if (kind == ListFileKind.None)
            return $"{name}: {UnknownFile.Name(file.Bytes.Span)}";
        foreach ((ListFileKind other, (string otherName, _)) in _files)
        {
            (PartyList list, PartyList otherList) = (ListFile.ListOf(kind), ListFile.ListOf(other));
            if (list != otherList)
                return $"{otherName} is by {otherList.Name} and {name} by {list.Name}: import them one after the other";
            if (kind == other)
                return $"{otherName} and {name} are the same file of {list.Name}'s list: name one of them";
        }
        _files.Add(kind, (name, document.RootElement));
        Describe(document.RootElement, file.Date);
        return null;
    }

    private ImportedSet? Make(out string? error)
    {
        PartyList list = ListFile.ListOf(_files.First().Key);
        if (_files.TryGetValue(ListFileKind.AdGuardCompanies, out (string Name, JsonElement Root) alone) && _files.Count == 1)
        {
            error = $"{alone.Name}: it is {list.Name}'s list of companies, which names no domains: name trackers.json too, which does";
            return null;
        }
        foreach ((ListFileKind kind, (string name, JsonElement root)) in _files)
        {
            _fields.File = name;
            Read(kind, root);
        }
        List<ThirdPartyRow> rows = _fields.Error is null ? _rows.Take() : [];
        error = _fields.Error
            ?? (rows.Count > 0 ? null : $"{_fields.File}: it is of {list.Name}'s list, but names no domain that PiTap can use");
        if (error is not null)
            return null;
        SetDescription description = new(list.Set, $"service, company and category of a domain, by {list.Name}", Package: "-", _version,
            _date, _licence ?? list.Licence, "imported: " + string.Join(" and ", _files.Values.Select(static file => file.Name)),
            rows.Count, Bytes: 0);
        return new ImportedSet(description, PartyListFile.Write(description, rows)) { Note = Note() };
    }

    private void Read(ListFileKind kind, JsonElement root)
    {
        switch (kind)
        {
            case ListFileKind.AdGuardTrackers:
                AdGuardList.Read(root, AdGuardCompanies(), _fields, _rows);
                break;
            case ListFileKind.DuckDuckGoWeb or ListFileKind.DuckDuckGoApps:
                DuckDuckGoList.Read(root, _fields, _rows);
                break;
            case ListFileKind.DisconnectServices:
                DisconnectList.ReadServices(root, _fields, _rows);
                break;
            case ListFileKind.DisconnectEntities:
                DisconnectList.ReadEntities(root, _fields, _rows);
                break;
            case ListFileKind.Exodus:
                ExodusList.Read(root.TryGetProperty("trackers", out JsonElement trackers) ? trackers : root, _fields, _rows);
                break;
        }
    }

    /// <summary>The companies of the other file; none if it was not named.</summary>
    private Dictionary<string, string?> AdGuardCompanies()
    {
        if (!_files.TryGetValue(ListFileKind.AdGuardCompanies, out (string Name, JsonElement Root) companies))
            return [];
        string trackers = _fields.File;
        _fields.File = companies.Name;
        Dictionary<string, string?> read = AdGuardList.Companies(companies.Root, _fields);
        _fields.File = trackers;
        return read;
    }

    /// <summary>What whoever imports should know: what was left out, and what another file would add.</summary>
    private string? Note()
    {
        StringBuilder note = new();
        if (_files.ContainsKey(ListFileKind.AdGuardTrackers) && _files.Count == 1)
            note.Append("It names services without their companies; these are in companies.json: name both files to have them. ");
        if (_fields.DescribeLeftOut() is { Length: > 0 } leftOut)
            note.Append("Left out: ").Append(leftOut).Append(". ");
        return note.Length > 0 ? note.ToString().TrimEnd() : null;
    }

    /// <summary>Day, version and licence, by what the file says, or the day of its last change.</summary>
    private void Describe(JsonElement root, DateOnly changed)
    {
        DateOnly day = changed;
        if (TextOf(root, "timeUpdated") is { Length: >= 10 } updated
            && DateOnly.TryParseExact(updated[..10], DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly said))
        {
            day = said;
        }
        if (root.TryGetProperty("version", out JsonElement version) && version.ValueKind == JsonValueKind.Number
            && version.TryGetInt64(out long number))
        {
            _version = number.ToString(CultureInfo.InvariantCulture);
        }
        _date = day > _date ? day : _date;
        if (TextOf(root, "license") is { } licence)
        {
            _licence = licence.Contains("GNU General Public License", StringComparison.Ordinal) ? "GPL-3.0-or-later"
                : licence.Contains("NonCommercial-ShareAlike 4.0", StringComparison.Ordinal) ? "CC-BY-NC-SA-4.0"
                : "that of the file";
        }
    }

    private static string? TextOf(JsonElement root, string field) =>
        root.TryGetProperty(field, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
