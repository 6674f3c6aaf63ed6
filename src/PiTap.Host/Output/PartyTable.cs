using PiTap.Export;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Parties as rows for people: who it is, what that is to the app, where it is at home and where its servers stand.</summary>
internal sealed class PartyTable : IRecordWriter<PartyRecord>
{
    /// <summary>What the roles mean, in a sentence below.</summary>
    public const string Legend = "Third party: somebody else than the app's publisher; undeclared: its privacy policy does not name them. "
        + "Unknown: may be the app's own, or not. Hosted: where the servers stand; a network's name is not that of who rents it.";

    /// <summary>Hosts in a cell.</summary>
    private const int MaxHosts = 3;

    private readonly Table _table;
    private readonly Roster _roster;
    private readonly Func<string, string> _countryName;

    public PartyTable(Surface surface, Roster roster, Func<string, string> countryName)
    {
        _roster = roster;
        _countryName = countryName;
        _table = new Table(surface,
        [
            new("Device", ColumnKind.Name, 1),
            new("Party") { IsTitle = true },
            new("Role", Rank: 1),
            new("Home", Rank: 2) { InList = "home: {0}" },
            new("Hosted", Rank: 2) { InList = "hosted in: {0}" },
            new("For", Rank: 5) { InList = "for {0}" },
            new("Readable", ColumnKind.Number, 3) { InList = "{0} flows readable" },
            new("Up", ColumnKind.Number, 4) { InList = "{0} up" },
            new("Down", ColumnKind.Number, 4) { InList = "{0} down" },
            new("Hosts", ColumnKind.Name, 6) { InList = "{0}" },
            new("Known by", Rank: 8) { InList = "known by {0}" },
            new("Services", Rank: 9) { InList = "{0}" },
        ]);
    }

    public void Write(PartyRecord party)
    {
        PartyAttribution who = party.Attribution;
        _table.Add(
            _roster.Label(party.Device), HostCell.Of(who.Party), new Cell(RoleText(who), BriefRole(who)),
            Country(who.HomeCountry), Countries(who.HostedIn),
            party.Categories.Count == 0 ? null : string.Join("; ", party.Categories.Select(CategoryText.Of)),
            new Cell($"{Numbers.Count(party.FlowsReadable)} of {Numbers.Count(party.Flows)}",
                $"{Numbers.CountCell(party.FlowsReadable).Brief} of {Numbers.CountCell(party.Flows).Brief}"),
            Numbers.SizeCell(party.BytesUp), Numbers.SizeCell(party.BytesDown), Hosts(party), who.PartyReason,
            party.Services.Count == 0 ? null : string.Join(", ", party.Services));
    }

    public void Dispose() => _table.End();

    /// <summary>For example <c>third party, undeclared</c>.</summary>
    public static string RoleText(PartyAttribution who) =>
        who.Role.Text().Replace('-', ' ') + (who.IsDeclared switch { false => ", undeclared", true => ", declared", null => "" });

    private static string? BriefRole(PartyAttribution who) => who.IsDeclared switch
    {
        false => "undeclared",
        true => "declared",
        null => null,
    };

    private Cell Country(string? code) => code is null ? default : new Cell(_countryName(code), code);

    private Cell Countries(IReadOnlyList<string> codes) =>
        codes.Count == 0 ? default : new Cell(string.Join(", ", codes.Select(_countryName)), string.Join(' ', codes));

    private static string Hosts(PartyRecord party) => string.Join(' ', party.Hosts.Take(MaxHosts))
        + (party.Contacts > MaxHosts ? $" +{Numbers.Count(party.Contacts - MaxHosts)}" : "");
}
