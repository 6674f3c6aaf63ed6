using PiTap.Model;

namespace PiTap.Catalogue.Parties;

/// <summary>Who runs what stands behind a name.</summary>
/// <param name="Service">What runs there, for example <c>Firebase Cloud Messaging</c>.</param>
/// <param name="Company">Who runs it.</param>
/// <param name="Category">What it is there for; <c>None</c> if no table says.</param>
/// <param name="HomeCountry">ISO 3166-1 code of the country that the company is run from; null if no table says.</param>
/// <param name="Match">The domain that the name is, or is below of: the reason.</param>
/// <param name="Confidence"><c>Certain</c> by PiTap's own table, <c>Likely</c> by <c>third-party-web</c>.</param>
/// <param name="Source">An https address of what says so.</param>
public readonly record struct DomainParty(
    string Service, string Company, PartyCategory Category, string? HomeCountry, string Match, Confidence Confidence, string Source)
{
    /// <summary>For example <c>domain agoralab.co</c>. Allocates the text.</summary>
    public string Reason => $"domain {Match}";
}

/// <summary>
/// Finds who runs what stands behind a name: by PiTap's own table, then by <c>third-party-web</c>. Immutable; a lookup allocates nothing.
/// </summary>
public sealed class DomainParties
{
    private readonly PartyTable _own;
    private readonly ThirdPartyTable _others;
    private readonly Dictionary<string, string> _homeCountries;

    internal DomainParties(PartyTable own, ThirdPartyTable others)
    {
        _own = own;
        _others = others;
        // Of a company that both tables name alike, the own one knows where it is at home.
        _homeCountries = own.Rows.Select(static row => row.Company).Distinct()
            .ToDictionary(static company => company.Name, static company => company.HomeCountry, StringComparer.Ordinal);
    }

    /// <summary>False where neither table has the name or a domain above it. A dot at the end is ignored.</summary>
    public bool TryFind(ReadOnlySpan<char> host, out DomainParty party)
    {
        if (_own.TryFindDomain(host, out PartyRow? row))
        {
            party = new DomainParty(
                row.Service, row.Company.Name, row.Category, row.Company.HomeCountry, row.Match, Confidence.Certain, row.Source);
            return true;
        }
        if (_others.TryFind(host, out ThirdPartyRow? other))
        {
            party = new DomainParty(other.Service, other.Company, other.Category, _homeCountries.GetValueOrDefault(other.Company),
                other.Match, Confidence.Likely, _others.Description.Source);
            return true;
        }
        party = default;
        return false;
    }
}
