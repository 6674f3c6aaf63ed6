using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>The four kinds of records that verbs print.</summary>
internal static class RecordKinds
{
    public static RecordKind<FlowRecord> Flows { get; } = new(
        "flows", "flow", "Print the flows: who talked to whom, and what could be read.")
    {
        Read = static (reader, query) => reader.Flows(query),
        Device = static flow => flow.Device,
        Run = static flow => flow.Run,
        IsHost = static (flow, host) => host.IsName(flow.Host) || host.Is(flow.Server),
        HasVerdict = static (flow, verdict) => flow.Verdict == verdict,
        Speaks = static (flow, protocol) => flow.AppProto.Text() == protocol || KindNames.ProtocolText(flow.Protocol) == protocol
            || flow.AppProtos.Any(app => app.Text() == protocol),
        IsLocal = static (local, flow) => local.Has(flow),
        AddLocal = static (local, flow) => local.Add(flow),
        Orders =
        [
            ("start", static (a, b) => a.StartNs.CompareTo(b.StartNs)),
            ("end", static (a, b) => a.EndNs.CompareTo(b.EndNs)),
            ("bytes", static (a, b) => (b.BytesUp + b.BytesDown).CompareTo(a.BytesUp + a.BytesDown)),
            ("host", static (a, b) => string.CompareOrdinal(a.Host ?? a.Server.ToString(), b.Host ?? b.Server.ToString())),
            ("device", static (a, b) => string.CompareOrdinal(a.Device, b.Device)),
        ],
        Table = RecordTables.Flows,
        JsonLines = JsonLines.Flows,
        Csv = Csv.Flows,
    };

    public static RecordKind<ContactRecord> Contacts { get; } = new(
        "contacts", "contact", "Print the hosts that each device talked to, rolled up.")
    {
        Read = static (reader, query) => reader.Contacts(query),
        Device = static contact => contact.Device,
        OfRun = static (_, flows) => RunRollup.Contacts(flows),
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
        Table = RecordTables.Contacts,
        Legend = RecordTables.Legend,
        JsonLines = JsonLines.Contacts,
        Csv = Csv.Contacts,
    };

    public static RecordKind<DeviceRecord> Devices { get; } = new("devices", "device", "Print the devices seen.")
    {
        Read = static (reader, query) => reader.Devices(query),
        Device = static device => device.Id,
        OfRun = RunRollup.Devices,
        Orders =
        [
            ("first", static (a, b) => a.FirstSeenNs.CompareTo(b.FirstSeenNs)),
            ("last", static (a, b) => a.LastSeenNs.CompareTo(b.LastSeenNs)),
            ("device", static (a, b) => string.CompareOrdinal(a.DisplayName, b.DisplayName)),
        ],
        Table = RecordTables.Devices,
        JsonLines = JsonLines.Devices,
        Csv = Csv.Devices,
    };

    public static RecordKind<NameLookup> Names { get; } = new(
        "names", "name lookup", "Print the names that were looked up, with their answers.")
    {
        Read = static (reader, query) => reader.Lookups(query),
        Device = static lookup => lookup.Device,
        Run = static lookup => lookup.Run,
        IsHost = static (lookup, host) => host.IsName(lookup.Name) || host.Is(lookup.Server)
            || lookup.Answers.Any(answer => host.IsName(answer.Value)),
        Speaks = static (lookup, protocol) => lookup.AppProto.Text() == protocol || KindNames.ProtocolText(lookup.Protocol) == protocol,
        Orders =
        [
            ("time", static (a, b) => a.TimeNs.CompareTo(b.TimeNs)),
            ("name", static (a, b) => string.CompareOrdinal(a.Name, b.Name)),
            ("device", static (a, b) => string.CompareOrdinal(a.Device, b.Device)),
        ],
        Table = RecordTables.Names,
        JsonLines = JsonLines.Names,
        Csv = Csv.Names,
    };
}
