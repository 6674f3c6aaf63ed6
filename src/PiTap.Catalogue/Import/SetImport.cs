using System.Text;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Import;

/// <summary>A file that somebody gives.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">What it holds.</param>
/// <param name="Date">The day of its last change.</param>
public sealed record ImportFile(string Name, ReadOnlyMemory<byte> Bytes, DateOnly Date);

/// <summary>A set made from such files.</summary>
/// <param name="Description">What it is.</param>
/// <param name="File">The set as it is kept.</param>
public sealed record ImportedSet(SetDescription Description, ReadOnlyMemory<byte> File)
{
    /// <summary>Whole sentences for whoever imports it: what was left out of it, and why; null for nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// Makes sets from newer files of the kinds that PiTap's own are made from, and from lists that it may not carry. A file is read whole
/// before anything of it counts; what is wrong with it, or that it is of another kind, is said in a sentence.
/// </summary>
public static class SetImport
{
    /// <summary>Bytes of a file: several times what one has.</summary>
    public const int MaxFileBytes = 64 << 20;

    /// <summary>Ranges of each family that a file has at least: one with fewer is a piece.</summary>
    private const int MinRanges = 1_000;

    private const string Networks = "networks";

    private static readonly Lazy<PublicSuffixes> s_suffixes = new(ReadSuffixes);

    /// <summary>The sets that a file of countries can take the place of.</summary>
    public static IReadOnlyList<string> CountrySets { get; } = ["hosted", "hosted-second"];

    /// <summary>The sets that can be imported.</summary>
    public static IReadOnlyList<string> Sets { get; } =
        [.. CountrySets, Networks, .. PartyLists.All.Select(static list => list.Set)];

    /// <summary>Null, and a sentence in <paramref name="error"/>, if the files cannot be taken.</summary>
    /// <param name="files">One file of both families of addresses, or one of each; or the files of a list of trackers.</param>
    /// <param name="countrySet">The set that a file of countries takes the place of, of <see cref="CountrySets"/>.</param>
    /// <param name="error">The reason, with the file's name.</param>
    public static ImportedSet? Read(IReadOnlyList<ImportFile> files, string countrySet, out string? error)
    {
        if (files.Any(static file => IsList(file.Bytes.Span)))
            return ListImport.Read(files, s_suffixes.Value, out error);
        ImportedRows rows = new();
        DateOnly date = DateOnly.MinValue;
        foreach (ImportFile file in files)
        {
            DateOnly day = file.Date;
            (int v4, int v6) = (rows.V4.Count, rows.V6.Count);
            error = MmdbFile.IsOne(file.Bytes.Span) ? MmdbFile.Read(file.Bytes, rows, out day)
                : CsvFile.IsOne(FirstLine(file.Bytes.Span)) ? CsvFile.Read(Open(file), rows)
                : UnknownFile.Name(file.Bytes.Span);
            if (error is null && ((v4 > 0 && rows.V4.Count > v4) || (v6 > 0 && rows.V6.Count > v6)))
                error = "it names addresses of a family that another file names already";
            if (error is not null)
            {
                error = $"{file.Name}: {error}";
                return null;
            }
            date = day > date ? day : date;
        }
        error = Refuse(rows);
        return error is null ? Pack(files, rows, rows.Names.Count > 0 ? Networks : countrySet, date, out error) : null;
    }

    private static string? Refuse(ImportedRows rows)
    {
        if (rows.Names.Count > 0 && rows.HasCountries)
            return "one file names countries and the other one networks: import them one after the other";
        return rows.V4.Count >= MinRanges && rows.V6.Count >= MinRanges
            ? null
            : $"there are {rows.V4.Count} ranges of IPv4 addresses and {rows.V6.Count} of IPv6, and a set has thousands of both; "
                + "where they are two files, name both";
    }

    private static ImportedSet? Pack(
        IReadOnlyList<ImportFile> files, ImportedRows rows, string name, DateOnly date, out string? error)
    {
        string from = string.Join(" and ", files.Select(static file => Clean(file.Name)));
        bool isNetworks = name == Networks;
        SetDescription description = new(name,
            isNetworks ? "autonomous system of an address, its organisation" : "country that an address is hosted in",
            Package: "-", Version: "-", date, "that of the file", $"imported: {from}", Rows: 0, Bytes: 0);
        byte[] file = isNetworks ? SetPacker.PackNetworks(rows, description) : SetPacker.PackCountries(rows, description);
        return Parse(name, file, out error) is { } made ? new ImportedSet(made.Description, file) : null;
    }

    /// <summary>A sentence if a file that was imported once is no longer whole; null if it is.</summary>
    public static string? Check(string set, ReadOnlyMemory<byte> file)
    {
        string? error;
        if (PartyLists.All.FirstOrDefault(list => list.Set == set) is { } list)
        {
            _ = PartyListFile.Parse(list, file, out error);
            return error;
        }
        IPackedSet? made = Parse(set, file, out error);
        return made?.IsWhole() == false ? "its checksum is another one" : error;
    }

    private static IPackedSet? Parse(string set, ReadOnlyMemory<byte> file, out string? error) =>
        set == Networks ? NetworkSet.Parse(file, out error) : CountrySet.Parse(file, out error);

    private static bool IsList(ReadOnlySpan<byte> file) => ListFile.IsJson(file) && !MmdbFile.IsOne(file);

    private static PublicSuffixes ReadSuffixes() =>
        PublicSuffixes.Parse(Encoding.UTF8.GetString(EmbeddedData.Read("sets/public-suffixes.txt").Span), out string? error)
        ?? throw new InvalidDataException($"PiTap's own data are damaged; install it again: public-suffixes.txt: {error}");

    private static string Clean(string name) => string.Concat(name.Select(static letter => char.IsControl(letter) ? '?' : letter));

    private static string FirstLine(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> head = file[..Math.Min(file.Length, 256)];
        int end = head.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? head : head[..end]).TrimEnd('\r');
    }

    private static StreamReader Open(ImportFile file) => new(new MemoryStream(file.Bytes.ToArray(), writable: false), Encoding.UTF8);
}
