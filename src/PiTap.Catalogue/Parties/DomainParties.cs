using PiTap.Model;

namespace PiTap.Catalogue.Parties;

/// <summary>Who runs what stands behind a name.</summary>
/// <param name="Service">What runs there, for example <c>Firebase Cloud Messaging</c>.</param>
/// <param name="Company">Who runs it; null if a list that was imported names the service alone.</param>
/// <param name="Category">What it is there for; <c>None</c> if no table says.</param>
/// <param name="HomeCountry">ISO 3166-1 code of the country that the company is run from; null if no table says.</param>
/// <param name="Match">The domain that the name is, or is below of: the reason.</param>
/// <param name="Confidence"><c>Certain</c> by PiTap's own table, <c>Likely</c> by the others.</param>
/// <param name="Source">An https address of what says so.</param>
public readonly record struct DomainParty(
    string Service, string? Company, PartyCategory Category, string? HomeCountry, string Match, Confidence Confidence, string Source)
{
    /// <summary>Who made the list that says so, for example <c>Disconnect</c>; null for what PiTap carries.</summary>
    public string? ListedBy { get; init; }

    /// <summary>For example <c>domain agoralab.co</c>, or <c>domain example.com, by Disconnect</c>. Allocates the text.</summary>
    public string Reason => ListedBy is null ? $"domain {Match}" : $"domain {Match}, by {ListedBy}";
}

/// <summary>
/// Finds who runs what stands behind a name: by PiTap's own table, then by lists that were imported, then by <c>third-party-web</c>.
/// Immutable; a lookup allocates nothing.
/// </summary>
public sealed class DomainParties
{
    private readonly PartyTable _own;
    private readonly (PartyList List, ThirdPartyTable Table)[] _lists;
    private readonly ThirdPartyTable _others;
    private readonly Dictionary<string, string> _homeCountries;
    private readonly HashSet<string> _companies;

    internal DomainParties(PartyTable own, IEnumerable<(PartyList List, ThirdPartyTable Table)> lists, ThirdPartyTable others)
    {
        _own = own;
        _lists = [.. lists];
        _others = others;
        // Of a company that another table names alike, the own one knows where it is at home.
        _homeCountries = own.Rows.Select(static row => row.Company).Distinct()
            .ToDictionary(static company => company.Name, static company => company.HomeCountry, StringComparer.Ordinal);
        _companies = new HashSet<string>(
            [.. _homeCountries.Keys, .. _lists.SelectMany(static list => list.Table.Companies), .. others.Companies],
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>ISO 3166-1 code of the country that a company is run from; null if the own table does not have the company.</summary>
    public string? HomeCountryOf(string company) => _homeCountries.GetValueOrDefault(company);

    /// <summary>True if any table names the company, whose name is compared without regard to case.</summary>
    public bool HasCompany(string company) => _companies.Contains(company);

    /// <summary>
    /// False where no table has the name or a domain above it. Of two lists the first is believed, but a row that names a company goes
    /// before one that does not. A dot at the end is ignored.
    /// </summary>
    public bool TryFind(ReadOnlySpan<char> host, out DomainParty party)
    {
        party = default;
        if (_own.TryFindDomain(host, out PartyRow? row))
        {
            party = new DomainParty(
                row.Service, row.Company.Name, row.Category, row.Company.HomeCountry, row.Match, Confidence.Certain, row.Source);
            return true;
        }
        bool isFound = false;
        foreach ((PartyList list, ThirdPartyTable table) in _lists)
        {
            if (!table.TryFind(host, out ThirdPartyRow? listed) || (isFound && listed.Company is null))
                continue;
            party = Of(listed, list.Source) with { ListedBy = list.Name };
            isFound = true;
            if (listed.Company is not null)
                return true;
        }
        if (_others.TryFind(host, out ThirdPartyRow? other) && (!isFound || other.Company is not null))
        {
            party = Of(other, _others.Description.Source);
            isFound = true;
        }
        return isFound;
    }

    private DomainParty Of(ThirdPartyRow row, string source) => new(row.Service, row.Company, row.Category,
        row.Company is null ? null : _homeCountries.GetValueOrDefault(row.Company), row.Match, Confidence.Likely, source);
}
