using System.Globalization;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Places;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Parties;

/// <summary>
/// Reads the table's files. A line is taken only if it is whole, in its place, and says something that no other line says: people review
/// these files, and what is wrong in them is to be found before they do.
/// </summary>
internal sealed class PartyTableParser
{
    /// <summary>The one file that lists companies.</summary>
    public const string CompaniesFile = "companies.tsv";

    /// <summary>Rows of all files together: far above what people would keep by hand.</summary>
    public const int MaxRows = 50_000;

    /// <summary>Characters of a service's or a company's name: they are shown in narrow columns.</summary>
    public const int MaxNameLength = 48;

    /// <summary>Stands in a company's line for a source that nobody has looked up yet.</summary>
    public const string NoSource = "-";

    private const int CompanyFields = 4;
    private const int RowFields = 7;

    private readonly List<TableError> _errors = [];
    private readonly TableReader _reader;
    private readonly List<PartyRow> _rows = [];
    private readonly Dictionary<string, Company> _companies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _companiesInUse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PartyRow> _domains = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, PartyRow> _networks = [];
    private readonly List<(AddressBlock Block, PartyRow Row)> _ranges = [];

    public PartyTableParser() => _reader = new TableReader(_errors);

    public PartyTable? Parse(IReadOnlyList<TableFile> files, out IReadOnlyList<TableError> errors)
    {
        errors = _errors;
        foreach (TableFile file in files.Where(static file => file.Name == CompaniesFile))
            _reader.Read(file, CompanyFields, TakeCompany);
        Dictionary<string, int> companyLines = _reader.TakePlaces();
        foreach (TableFile file in files.Where(static file => file.Name != CompaniesFile))
            _reader.Read(file, RowFields, TakeRow);
        RefuseShadowedDomains();
        RefuseOverlappingRanges();
        foreach ((string name, int line) in companyLines.Where(company => !_companiesInUse.Contains(company.Key)))
            _errors.Add(new TableError(CompaniesFile, line, $"no row names the company '{name}'"));
        return _errors.Count == 0 ? new PartyTable(_rows, _domains, _networks, _ranges) : null;
    }

    private void TakeCompany(string[] fields)
    {
        DateOnly? day = null;
        if (!IsName(fields[0], "company"))
            return;
        bool isUnsourced = fields[2] == NoSource && fields[3] == NoSource;
        if (!isUnsourced)
        {
            if (!_reader.IsSourced(fields[2], fields[3], out DateOnly date))
                return;
            day = date;
        }
        if (!Countries.IsAssigned(fields[1]))
            Refuse($"home country '{fields[1]}' is not an ISO 3166 code");
        else
            _companies.Add(fields[0], new Company(fields[0], fields[1], isUnsourced ? null : fields[2], day));
    }

    private void TakeRow(string[] fields)
    {
        if (_rows.Count == MaxRows)
        {
            Refuse($"more than {MaxRows} rows");
            return;
        }
        _companiesInUse.Add(fields[2]);
        if (!IsName(fields[1], "service") || !_reader.IsSourced(fields[5], fields[6], out DateOnly date))
            return;
        if (!_companies.TryGetValue(fields[2], out Company? company))
            Refuse($"{CompaniesFile} has no company '{fields[2]}'");
        else if (company.HomeCountry != fields[3])
            Refuse($"home country '{fields[3]}' is not the one that {CompaniesFile} gives for '{company.Name}': {company.HomeCountry}");
        else if (!PartyCategories.TryParse(fields[4], out PartyCategory category))
            Refuse($"category '{fields[4]}' is not on the list");
        else
            Index(fields[0], kind => new PartyRow(fields[0], kind, fields[1], company, category, fields[5], date));
    }

    private void Index(string match, Func<PartyMatchKind, PartyRow> make)
    {
        PartyRow row;
        if (TryReadNetwork(match, out uint asn))
        {
            row = make(PartyMatchKind.Network);
            _networks.Add(asn, row);
        }
        else if (AddressBlock.TryParse(match, out AddressBlock block))
        {
            row = make(PartyMatchKind.Range);
            if (block.First.IsLocal || block.First.IsMulticast || block.First.IsUnspecified)
            {
                Refuse($"'{match}' is no public address");
                return;
            }
            _ranges.Add((block, row));
        }
        else if (DomainName.IsWellFormed(match))
        {
            row = make(PartyMatchKind.Domain);
            _domains.Add(match, row);
        }
        else
        {
            Refuse($"'{match}' is neither a domain in small ASCII letters, nor AS and a number, nor a block of addresses");
            return;
        }
        _rows.Add(row);
    }

    private static bool TryReadNetwork(string match, out uint asn)
    {
        asn = 0;
        return match.StartsWith("AS", StringComparison.Ordinal) && match.Length > 2 && match[2] != '0'
            && uint.TryParse(match.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out asn);
    }

    private bool IsName(string name, string what)
    {
        if (name.Length <= MaxNameLength)
            return true;
        Refuse($"the {what}'s name has {name.Length} characters, more than {MaxNameLength}");
        return false;
    }

    /// <summary>A row below another one has its place if it says something else. The same again would only have to be kept twice.</summary>
    private void RefuseShadowedDomains()
    {
        foreach ((string name, PartyRow row) in _domains)
        {
            PartyRow? above = null;
            for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0 && above is null; dot = name.IndexOf('.', dot + 1))
                _domains.TryGetValue(name[(dot + 1)..], out above);
            if (above is null || above.Service != row.Service || above.Company != row.Company || above.Category != row.Category)
                continue;
            (string file, int line) = _reader.PlaceOf(name);
            _errors.Add(new TableError(file, line, $"'{name}' says nothing that '{above.Match}' does not say"));
        }
    }

    private void RefuseOverlappingRanges()
    {
        (AddressBlock Block, PartyRow Row)? furthest = null;
        foreach ((AddressBlock Block, PartyRow Row) range in _ranges.OrderBy(static range => range.Block.First))
        {
            if (furthest is { } before && range.Block.First <= before.Block.Last)
            {
                (string file, int line) = _reader.PlaceOf(range.Row.Match);
                _errors.Add(new TableError(file, line, $"'{range.Row.Match}' overlaps '{before.Row.Match}'"));
            }
            if (furthest is null || range.Block.Last > furthest.Value.Block.Last)
                furthest = range;
        }
    }

    private void Refuse(string reason) => _reader.Refuse(reason);
}
