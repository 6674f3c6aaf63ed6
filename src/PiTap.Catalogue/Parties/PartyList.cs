namespace PiTap.Catalogue.Parties;

/// <summary>
/// A list of who runs which domains, kept by others under a licence that does not let PiTap carry it: who has the file may import it.
/// </summary>
/// <param name="Set">The name of the set that is made of it, for example <c>disconnect</c>.</param>
/// <param name="Name">What its makers are called, for example <c>Disconnect</c>.</param>
/// <param name="Licence">SPDX identifier of the licence that its makers give, or a sentence.</param>
/// <param name="Source">The https address at which they publish it.</param>
public sealed record PartyList(string Set, string Name, string Licence, string Source);

/// <summary>The lists that can be imported.</summary>
public static class PartyLists
{
    /// <summary>Trackers and companies of AdGuard's <c>companiesdb</c>.</summary>
    public static PartyList AdGuard { get; } =
        new("adguard", "AdGuard", "CC-BY-SA-4.0", "https://github.com/AdguardTeam/companiesdb");

    /// <summary>Trackers in web pages and in apps, with their owners.</summary>
    public static PartyList DuckDuckGo { get; } =
        new("duckduckgo", "DuckDuckGo", "CC-BY-NC-SA-4.0", "https://github.com/duckduckgo/tracker-blocklists");

    /// <summary>Services by category, and entities with their domains.</summary>
    public static PartyList Disconnect { get; } =
        new("disconnect", "Disconnect", "CC-BY-NC-SA-4.0", "https://github.com/disconnectme/disconnect-tracking-protection");

    /// <summary>Trackers in Android apps, with what they talk to.</summary>
    public static PartyList Exodus { get; } =
        new("exodus", "Exodus", "that of Exodus Privacy", "https://reports.exodus-privacy.eu.org/api/trackers");

    /// <summary>All of them, the one that is believed first at the head.</summary>
    public static IReadOnlyList<PartyList> All { get; } = [AdGuard, DuckDuckGo, Disconnect, Exodus];

    /// <summary>True for the name of a set that is made of such a list.</summary>
    public static bool IsSet(string name) => All.Any(list => list.Set == name);
}
