namespace PiTap.Catalogue.Parties;

/// <summary>What a row of the table is found by.</summary>
public enum PartyMatchKind
{
    /// <summary>A domain name and all names below it.</summary>
    Domain,

    /// <summary>The number of an autonomous system (RFC 6793).</summary>
    Network,

    /// <summary>An address, or a block of addresses in prefix notation (RFC 4632).</summary>
    Range,
}

/// <summary>A company and where it is at home.</summary>
/// <param name="Name">The name that people know it by.</param>
/// <param name="HomeCountry">ISO 3166-1 code of the country that it is run from, which need not be that of its servers.</param>
/// <param name="Source">An https address of what says so; null if the country is common knowledge that nobody has looked up yet.</param>
/// <param name="Checked">The day on which somebody read it there; null if there is no source.</param>
public sealed record Company(string Name, string HomeCountry, string? Source, DateOnly? Checked);

/// <summary>A service, who runs it, and why the table says so.</summary>
/// <param name="Match">The domain in small ASCII letters, <c>AS</c> and a number, or a block of addresses: the reason to give.</param>
/// <param name="Kind">Which of these it is.</param>
/// <param name="Service">What runs there, for example <c>Firebase Cloud Messaging</c>.</param>
/// <param name="Company">Who runs it.</param>
/// <param name="Category">What it is there for.</param>
/// <param name="Source">An https address of what shows that the match belongs to the service.</param>
/// <param name="Checked">The day on which somebody read it there.</param>
public sealed record PartyRow(
    string Match, PartyMatchKind Kind, string Service, Company Company, PartyCategory Category, string Source, DateOnly Checked);
