using System.Text;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Places;
using PiTap.Catalogue.Suffixes;
using PiTap.Catalogue.Tables;
using PiTap.Catalogue.Vendors;

namespace PiTap.Catalogue;

/// <summary>Reads all files of the catalogue, and gathers what is wrong with them.</summary>
internal sealed class LookupParts
{
    private const string Own = "PiTap";
    private const string OwnLicence = "MIT";

    private delegate T? Parser<T>(ReadOnlyMemory<byte> file, out string? error);

    private readonly Func<string, ReadOnlyMemory<byte>> _read;
    private readonly List<string> _errors = [];
    private readonly List<(SetDescription Description, Func<bool> IsWhole)> _sets = [];

    public LookupParts(IReadOnlyList<string> names, Func<string, ReadOnlyMemory<byte>> read)
    {
        _read = read;
        Hosted = ReadPacked<CountrySet>("sets/hosted.set", CountrySet.Parse);
        HostedSecond = ReadPacked<CountrySet>("sets/hosted-second.set", CountrySet.Parse);
        Networks = ReadPacked<NetworkSet>("sets/networks.set", NetworkSet.Parse);
        NetworkCountries = ReadPacked<NetworkCountrySet>("sets/network-countries.set", NetworkCountrySet.Parse);
        Vendors = ReadPacked<VendorSet>("sets/vendors.set", VendorSet.Parse);
        ReadPlaces();
        ReadParties(names);
        ReadLists(names);
        ReadSuffixes();
    }

    /// <summary>The name of the file of a list that was imported.</summary>
    public static string FileOf(PartyList list) => $"lists/{list.Set}.tsv";

    public CountrySet? Hosted { get; }

    public CountrySet? HostedSecond { get; }

    public NetworkSet? Networks { get; }

    public NetworkCountrySet? NetworkCountries { get; }

    public AnycastTable? Anycast { get; private set; }

    public VendorSet? Vendors { get; }

    public CountryNames? CountryNames { get; private set; }

    public CountryGroups? CountryGroups { get; private set; }

    public PartyTable? OwnParties { get; private set; }

    public ThirdPartyTable? ThirdParties { get; private set; }

    /// <summary>Lists that were imported, the one that is believed first at the head.</summary>
    public List<(PartyList List, ThirdPartyTable Table)> Lists { get; } = [];

    public PublicSuffixes? Suffixes { get; private set; }

    public IReadOnlyList<(SetDescription Description, Func<bool> IsWhole)> Sets => _sets;

    public IReadOnlyList<string> Errors => _errors;

    private T? ReadPacked<T>(string name, Parser<T> parse)
        where T : class, IPackedSet
    {
        T? set = Checked(name, parse(_read(name), out string? error), error);
        if (set is not null)
            _sets.Add((set.Description, set.IsWhole));
        return set;
    }

    private void ReadPlaces()
    {
        TableFile file = ReadTable("places/anycast.tsv");
        Anycast = AnycastTable.Parse(file, out IReadOnlyList<TableError> errors);
        Take(errors);
        AddOwn("anycast", "addresses that servers in many places share", Anycast?.Rows.Select(static row => row.Checked), [file]);

        file = ReadTable("places/groups.tsv");
        CountryGroups = CountryGroups.Parse(file, out errors);
        Take(errors);
        AddOwn("groups", "groups of countries: EU, EEA, adequacy, Five Eyes",
            CountryGroups?.Rows.Select(static row => row.Checked), [file]);

        CountryNames = CountryNames.Parse(ReadTable("sets/countries.tsv"), out errors);
        Take(errors);
        AddText(CountryNames?.Description);
    }

    private void ReadParties(IReadOnlyList<string> names)
    {
        TableFile[] files = [.. names.Where(static name => name.StartsWith("parties/", StringComparison.Ordinal)).Select(ReadTable)];
        OwnParties = PartyTable.Parse(files, out IReadOnlyList<TableError> errors);
        Take(errors);
        AddOwn("parties", "company, service and category of domains, networks and addresses",
            OwnParties?.Rows.Select(static row => row.Checked), files);

        ThirdParties = ThirdPartyTable.Parse(ReadTable("sets/third-party-web.tsv"), out errors);
        Take(errors);
        AddText(ThirdParties?.Description);
    }

    private void ReadLists(IReadOnlyList<string> names)
    {
        foreach (PartyList list in PartyLists.All.Where(list => names.Contains(FileOf(list))))
        {
            string name = FileOf(list);
            ReadOnlyMemory<byte> file = _read(name);
            if (Checked(name, PartyListFile.Parse(list, file, out string? error), error) is not { } table)
                continue;
            Lists.Add((list, table));
            _sets.Add((table.Description, () => PartyListFile.IsWhole(file.Span)));
        }
    }

    private void ReadSuffixes()
    {
        const string name = "sets/public-suffixes.txt";
        TableFile file = ReadTable(name);
        Suffixes = Checked(name, PublicSuffixes.Parse(file.Text, out string? error), error);
        SetDescription? description = DescriptionText.Parse(
            TableReader.ReadHead(file.Text), Suffixes?.Count ?? 0, file.Text.Length, out error);
        AddText(Checked(name, description, error));
    }

    private TableFile ReadTable(string name) => new(Path.GetFileName(name), Encoding.UTF8.GetString(_read(name).Span));

    private T? Checked<T>(string name, T? part, string? error)
        where T : class
    {
        if (part is null)
            _errors.Add($"{name}: {error}");
        return part;
    }

    private void Take(IReadOnlyList<TableError> errors) => _errors.AddRange(errors.Select(static error => error.ToString()));

    /// <summary>A text is read whole when it is loaded: it has no checksum to hold it against.</summary>
    private void AddText(SetDescription? description)
    {
        if (description is not null)
            _sets.Add((description, static () => true));
    }

    private void AddOwn(string name, string title, IEnumerable<DateOnly>? days, TableFile[] files)
    {
        if (days is null)
            return;
        DateOnly[] all = [.. days];
        AddText(new SetDescription(name, title, Package: "-", Version: "-", all.DefaultIfEmpty().Max(), OwnLicence, Own, all.Length,
            files.Sum(static file => (long)file.Text.Length)));
    }
}
