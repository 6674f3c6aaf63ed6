using PiTap.Model;

namespace PiTap.Panel.State;

/// <summary>Whose lights and colours a party gets.</summary>
public enum PartyKind
{
    /// <summary>Nobody knows who that is, or what they are to the app.</summary>
    Unknown,

    /// <summary>The app's own publisher.</summary>
    FirstParty,

    /// <summary>A company that is somebody else.</summary>
    ThirdParty,

    /// <summary>The phone's system, name lookups, time, the local network: what every phone does.</summary>
    Background,
}

/// <summary>A party as the panel shows it: all devices together.</summary>
public sealed record PanelParty
{
    /// <summary>The company, or the host where no company is known.</summary>
    public required string Name { get; init; }

    /// <summary>True if <see cref="Name"/> is a host name or an address: it is cut from the front.</summary>
    public bool IsHost { get; init; }

    /// <summary>Whose colour it gets.</summary>
    public PartyKind Kind { get; init; }

    /// <summary>ISO 3166-1 code of the country that the company is run from; empty if not known.</summary>
    public string Country { get; init; } = "";

    /// <summary>What it is there for, words of a closed list, in order.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Bytes a second from the devices.</summary>
    public long UpPerSecond { get; init; }

    /// <summary>Bytes a second to the devices.</summary>
    public long DownPerSecond { get; init; }

    /// <summary>Bytes of both directions since the run began.</summary>
    public long Bytes { get; init; }

    /// <summary>When it was first seen, nanoseconds since the Unix epoch.</summary>
    public long FirstNs { get; init; }

    /// <summary>When it last sent or got something, nanoseconds since the Unix epoch.</summary>
    public long LastNs { get; init; }

    /// <summary>True if anybody on the way could read some of it.</summary>
    public bool IsReadable { get; init; }

    /// <summary>Bytes a second of both directions.</summary>
    public long BytesPerSecond => UpPerSecond + DownPerSecond;

    /// <summary>All parties of a state, each once, the newest first; hosts where there is nobody to say who is who.</summary>
    internal static IReadOnlyList<PanelParty> Of(LiveState state)
    {
        IEnumerable<PanelParty> each = state.Parties.Count > 0
            ? state.Parties.Where(static party => !party.Record.Attribution.IsSignalling).Select(party => Of(party, state.AsOfNs))
            : state.Contacts.Select(contact => Of(contact, state.AsOfNs));
        return
        [
            .. each.GroupBy(static party => party.Name, StringComparer.Ordinal)
                .Select(static group => group.Aggregate(Join) with { Kind = KindOfMost(group) })
                .OrderByDescending(static party => party.FirstNs).ThenBy(static party => party.Name, StringComparer.Ordinal),
        ];
    }

    private static PanelParty Of(LiveParty party, long asOfNs)
    {
        PartyAttribution who = party.Record.Attribution;
        string? host = who.Company is null && party.Record.Hosts.Count > 0 ? party.Record.Hosts[0] : null;
        return new PanelParty
        {
            Name = who.Company ?? host ?? who.Party,
            IsHost = host is not null,
            Kind = KindOf(who),
            Country = who.HomeCountry ?? "",
            Categories = party.Record.Categories,
            UpPerSecond = party.UpPerSecond,
            DownPerSecond = party.DownPerSecond,
            Bytes = party.Bytes,
            FirstNs = asOfNs - party.AgeNs,
            LastNs = asOfNs - party.IdleNs,
            IsReadable = party.Record.FlowsReadable > 0,
        };
    }

    private static PanelParty Of(LiveContact contact, long asOfNs) => new()
    {
        Name = contact.Record.Host,
        IsHost = true,
        UpPerSecond = contact.UpPerSecond,
        DownPerSecond = contact.DownPerSecond,
        Bytes = contact.Bytes,
        FirstNs = asOfNs - contact.AgeNs,
        LastNs = asOfNs - contact.IdleNs,
        IsReadable = contact.Record.FlowsReadable > 0,
    };

    private static PartyKind KindOf(PartyAttribution who) => who.Role switch
    {
        PartyRole.FirstParty => PartyKind.FirstParty,
        PartyRole.Platform or PartyRole.Infrastructure or PartyRole.Local => PartyKind.Background,
        PartyRole.ThirdParty when who.Company is not null => PartyKind.ThirdParty,
        _ => PartyKind.Unknown,
    };

    /// <summary>What most bytes of a party are, that of all its rows of a kind together.</summary>
    private static PartyKind KindOfMost(IEnumerable<PanelParty> rows) =>
        rows.GroupBy(static row => row.Kind).MaxBy(static kind => kind.Sum(static row => row.Bytes))!.Key;

    private static PanelParty Join(PanelParty one, PanelParty other) => one with
    {
        Categories = [.. one.Categories.Union(other.Categories).Order(StringComparer.Ordinal)],
        UpPerSecond = one.UpPerSecond + other.UpPerSecond,
        DownPerSecond = one.DownPerSecond + other.DownPerSecond,
        Bytes = one.Bytes + other.Bytes,
        FirstNs = Math.Min(one.FirstNs, other.FirstNs),
        LastNs = Math.Max(one.LastNs, other.LastNs),
        IsReadable = one.IsReadable || other.IsReadable,
    };
}
