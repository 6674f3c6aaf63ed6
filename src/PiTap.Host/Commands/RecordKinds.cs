using PiTap.Analysis.Attribution;
using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>The kinds of records that verbs print.</summary>
internal static class RecordKinds
{
    public static RecordKind<FlowRecord> Flows { get; } = new(
        "flows", "flow", "Print the flows: who talked to whom, and what could be read.")
    {
        Read = static (reader, query, who) => reader.Flows(query).Select(flow => who.Value.Attribute(flow)),
        Who = static flow => flow.Attribution,
        Device = static flow => flow.Device,
        Run = static flow => flow.Run,
        IsHost = static (flow, host) => host.IsName(flow.Host) || host.Is(flow.Server) || host.Is(flow.Peer()),
        HasVerdict = static (flow, verdict) => flow.Verdict == verdict,
        Speaks = static (flow, protocol) => flow.AppProto.Text() == protocol || KindNames.ProtocolText(flow.Protocol) == protocol
            || flow.AppProtos.Any(app => app.Text() == protocol),
        HasTransport = true,
        IsLocal = static (local, flow) => local.Has(flow),
        AddLocal = static (local, flow) => local.Add(flow),
        Orders =
        [
            ("start", static (a, b) => a.StartNs.CompareTo(b.StartNs)),
            ("end", static (a, b) => a.EndNs.CompareTo(b.EndNs)),
            ("bytes", static (a, b) => (b.BytesUp + b.BytesDown).CompareTo(a.BytesUp + a.BytesDown)),
            ("host", static (a, b) => string.CompareOrdinal(a.PeerHost() ?? a.Peer().ToString(), b.PeerHost() ?? b.Peer().ToString())),
            ("device", static (a, b) => string.CompareOrdinal(a.Device, b.Device)),
        ],
        Table = static (surface, roster, _) => RecordTables.Flows(surface, roster),
        JsonLines = JsonLines.Flows,
        Csv = Csv.Flows,
    };

    public static RecordKind<ContactRecord> Contacts { get; } = new(
        "contacts", "contact", "Print the hosts that each device talked to, rolled up.")
    {
        Read = static (reader, query, who) => Attributed(reader.Contacts(query), who),
        Who = static contact => contact.Attribution,
        Device = static contact => contact.Device,
        OfRun = static (_, flows, who) => Attributed(RunRollup.Contacts(flows), who),
        IsHost = static (contact, host) => host.IsName(contact.Host) || contact.Addresses.Any(address => host.Is(address.Address)),
        HasVerdict = static (contact, verdict) => verdict switch
        {
            Verdict.Encrypted => contact.FlowsEncrypted,
            Verdict.Readable => contact.FlowsReadable,
            _ => contact.FlowsOpaque,
        } > 0,
        Speaks = static (contact, protocol) => KindNames.Names(contact.AppProtos).Contains(protocol),
        IsLocal = static (local, contact) => local.Has(contact),
        AddLocal = static (local, contact) => local.Add(contact),
        Orders =
        [
            ("bytes", static (a, b) => (b.BytesUp + b.BytesDown).CompareTo(a.BytesUp + a.BytesDown)),
            ("flows", static (a, b) => b.Flows.CompareTo(a.Flows)),
            ("readable", static (a, b) => b.FlowsReadable.CompareTo(a.FlowsReadable)),
            ("host", static (a, b) => string.CompareOrdinal(a.Host, b.Host)),
            ("device", static (a, b) => string.CompareOrdinal(a.Device, b.Device)),
            ("first", static (a, b) => a.FirstSeenNs.CompareTo(b.FirstSeenNs)),
            ("last", static (a, b) => a.LastSeenNs.CompareTo(b.LastSeenNs)),
        ],
        IsTableSorted = true,
        Table = static (surface, roster, _) => RecordTables.Contacts(surface, roster),
        Legend = RecordTables.Legend,
        JsonLines = JsonLines.Contacts,
        Csv = Csv.Contacts,
    };

    public static RecordKind<PartyRecord> Parties { get; } = new(
        "parties", "party", "Print who each device talked to, by name: companies, what they are to the app, and where they are.")
    {
        Read = static (reader, query, who) => PartyRollup.Of(Attributed(reader.Contacts(query), who)),
        OfRun = static (_, flows, who) => PartyRollup.Of(Attributed(RunRollup.Contacts(flows), who)),
        Who = static party => party.Attribution,
        Device = static party => party.Device,
        IsHost = static (party, host) => party.Hosts.Any(host.IsName),
        HasVerdict = static (party, verdict) => verdict switch
        {
            Verdict.Encrypted => party.FlowsEncrypted,
            Verdict.Readable => party.FlowsReadable,
            _ => party.FlowsOpaque,
        } > 0,
        Speaks = static (party, protocol) => KindNames.Names(party.AppProtos).Contains(protocol),
        IsLocal = static (_, party) => party.Attribution.IsSignalling,
        AddLocal = static (local, party) => local.Add(party),
        Orders =
        [
            ("role", PartyOrder.ByRole.Compare),
            ("bytes", static (a, b) => (b.BytesUp + b.BytesDown).CompareTo(a.BytesUp + a.BytesDown)),
            ("party", static (a, b) => string.CompareOrdinal(a.Attribution.Party, b.Attribution.Party)),
            ("readable", static (a, b) => b.FlowsReadable.CompareTo(a.FlowsReadable)),
            ("first", static (a, b) => a.FirstSeenNs.CompareTo(b.FirstSeenNs)),
            ("last", static (a, b) => a.LastSeenNs.CompareTo(b.LastSeenNs)),
        ],
        Table = static (surface, roster, countries) => new PartyTable(surface, roster, countries),
        Legend = PartyTable.Legend,
        JsonLines = JsonLines.Parties,
        Csv = Csv.Parties,
    };

    public static RecordKind<DeviceRecord> Devices { get; } = new("devices", "device", "Print the devices seen.")
    {
        Read = static (reader, query, who) => reader.Devices(query).Select(device => who.Value.Attribute(device)),
        Device = static device => device.Id,
        OfRun = static (reader, flows, who) => RunRollup.Devices(reader, flows).Select(device => who.Value.Attribute(device)),
        Orders =
        [
            ("first", static (a, b) => a.FirstSeenNs.CompareTo(b.FirstSeenNs)),
            ("last", static (a, b) => a.LastSeenNs.CompareTo(b.LastSeenNs)),
            ("device", static (a, b) => string.CompareOrdinal(a.DisplayName, b.DisplayName)),
        ],
        Table = static (surface, roster, _) => RecordTables.Devices(surface, roster),
        JsonLines = JsonLines.Devices,
        Csv = Csv.Devices,
    };

    public static RecordKind<NameLookup> Names { get; } = new(
        "names", "name lookup", "Print the names that were looked up, with their answers.")
    {
        Read = static (reader, query, _) => reader.Lookups(query),
        Device = static lookup => lookup.Device,
        Run = static lookup => lookup.Run,
        IsHost = static (lookup, host) => host.IsName(lookup.Name) || host.Is(lookup.Server)
            || lookup.Answers.Any(answer => host.IsName(answer.Value)),
        Speaks = static (lookup, protocol) => lookup.AppProto.Text() == protocol || KindNames.ProtocolText(lookup.Protocol) == protocol,
        HasTransport = true,
        Orders =
        [
            ("time", static (a, b) => a.TimeNs.CompareTo(b.TimeNs)),
            ("name", static (a, b) => string.CompareOrdinal(a.Name, b.Name)),
            ("device", static (a, b) => string.CompareOrdinal(a.Device, b.Device)),
        ],
        Table = static (surface, roster, _) => RecordTables.Names(surface, roster),
        JsonLines = JsonLines.Names,
        Csv = Csv.Names,
    };

    private static IEnumerable<ContactRecord> Attributed(IEnumerable<ContactRecord> contacts, Lazy<Attributor> who) =>
        contacts.Select(contact => who.Value.Attribute(contact));
}
