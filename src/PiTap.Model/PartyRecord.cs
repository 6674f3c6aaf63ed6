namespace PiTap.Model;

/// <summary>Device x party, rolled up from contacts when they are read.</summary>
public sealed record PartyRecord
{
    /// <summary>Hosts in <see cref="Hosts"/>: those with the most bytes.</summary>
    public const int MaxHosts = 32;

    /// <summary>The device.</summary>
    public required string Device { get; init; }

    /// <summary>
    /// Who it is, by the contact that is most sure; <see cref="PartyAttribution.HostedIn"/> has the countries of all contacts.
    /// </summary>
    public required PartyAttribution Attribution { get; init; }

    /// <summary>What the company runs there that the device talked to, in order.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>What that is there for, words of a closed list, in order.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The hosts, or addresses, most bytes first, at most <see cref="MaxHosts"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    public long Contacts { get; init; }

    /// <summary>Flows.</summary>
    public long Flows { get; init; }

    /// <summary>Flows whose verdict is encrypted.</summary>
    public long FlowsEncrypted { get; init; }

    /// <summary>Flows whose verdict is readable.</summary>
    public long FlowsReadable { get; init; }

    /// <summary>Flows whose verdict is opaque.</summary>
    public long FlowsOpaque { get; init; }

    /// <summary>Protocols spoken, a bit for each: 1 &lt;&lt; <see cref="AppProtocol"/>.</summary>
    public ulong AppProtos { get; init; }

    /// <summary>Packets from the device.</summary>
    public long PacketsUp { get; init; }

    /// <summary>Packets to the device.</summary>
    public long PacketsDown { get; init; }

    /// <summary>Bytes from the device.</summary>
    public long BytesUp { get; init; }

    /// <summary>Bytes to the device.</summary>
    public long BytesDown { get; init; }

    /// <summary>First packet, nanoseconds since the Unix epoch.</summary>
    public long FirstSeenNs { get; init; }

    /// <summary>Latest packet, nanoseconds since the Unix epoch.</summary>
    public long LastSeenNs { get; init; }

    /// <summary>What went there and back.</summary>
    public TrafficCounts Counts() =>
        new(Flows, FlowsEncrypted, FlowsReadable, FlowsOpaque, PacketsUp, PacketsDown, BytesUp, BytesDown);

    /// <summary>The same with other counts.</summary>
    public PartyRecord With(in TrafficCounts counts) => this with
    {
        Flows = counts.Flows,
        FlowsEncrypted = counts.FlowsEncrypted,
        FlowsReadable = counts.FlowsReadable,
        FlowsOpaque = counts.FlowsOpaque,
        PacketsUp = counts.PacketsUp,
        PacketsDown = counts.PacketsDown,
        BytesUp = counts.BytesUp,
        BytesDown = counts.BytesDown,
    };
}
