using System.Globalization;
using PiTap.Export;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Records as rows for people: fewer columns than the formats for programs, times to the second, sizes with units.</summary>
internal static class RecordTables
{
    /// <summary>What the verdicts mean, in a sentence below tables that count them.</summary>
    public const string Legend = "Readable: anyone on the way could read it. Encrypted: the handshake of an encrypting protocol was seen. "
        + "Opaque: neither was seen.";

    public static IRecordWriter<FlowRecord> Flows(Surface surface, Roster roster)
    {
        Table table = new(surface,
        [
            surface.Times.Column("Start", 5),
            new("Device", ColumnKind.Name, 1),
            new("Host", ColumnKind.Name) { IsTitle = true },
            new("Party", Rank: 3) { InList = "of {0}" },
            new("Known by", Rank: 8) { InList = "known by {0}" },
            new("Protocol", Rank: 3),
            new("Verdict", Rank: 2),
            new("Why", Rank: 6) { InList = "because: {0}" },
            new("Up", ColumnKind.Number, 4) { InList = "{0} up" },
            new("Down", ColumnKind.Number, 4) { InList = "{0} down" },
            new("Server", ColumnKind.Name, 9) { InList = "at {0}" },
            new("Transport", Rank: 10),
            new("App", Rank: 8) { InList = "by {0}" },
        ]);
        return new TableWriter<FlowRecord>(flow => table.Add(
            surface.Times.Cell(flow.StartNs), roster.Label(flow.Device), HostCell.Of(flow.PeerHost() ?? flow.Peer().ToString()),
            flow.Attribution?.Party, flow.PeerHost() is null ? null : flow.HostSource.Text(), flow.AppProto.Text(), flow.Verdict.Text(),
            flow.VerdictReason,
            Numbers.SizeCell(flow.BytesUp), Numbers.SizeCell(flow.BytesDown),
            Endpoint(flow.Server, flow.ServerPort), KindNames.ProtocolText(flow.Protocol), flow.App), table.End);
    }

    public static IRecordWriter<NameLookup> Names(Surface surface, Roster roster)
    {
        Table table = new(surface,
        [
            surface.Times.Column("Time", 4),
            new("Device", ColumnKind.Name, 1),
            new("Name", ColumnKind.Name) { IsTitle = true },
            new("Type", Rank: 3),
            new("Result", Rank: 5),
            new("Answers", Rank: 2),
            new("Via", Rank: 6) { InList = "via {0}" },
        ]);
        return new TableWriter<NameLookup>(lookup => table.Add(
            surface.Times.Cell(lookup.TimeNs), roster.Label(lookup.Device), HostCell.Of(lookup.Name), DnsText.Type(lookup.Type),
            DnsText.ResponseCode(lookup.ResponseCode), Answers(lookup), lookup.AppProto.Text()), table.End);
    }

    public static IRecordWriter<ContactRecord> Contacts(Surface surface, Roster roster)
    {
        Table table = new(surface,
        [
            .. ContactColumns(),
            surface.Times.Column("Last seen", 10, "last seen {0}", "Last"),
        ]);
        return new TableWriter<ContactRecord>(
            contact => table.Add([.. ContactCells(contact, roster.Label(contact.Device)), surface.Times.Cell(contact.LastSeenNs)]),
            table.End);
    }

    public static IRecordWriter<DeviceRecord> Devices(Surface surface, Roster roster)
    {
        Table table = new(surface,
        [
            new("Device", ColumnKind.Name) { IsTitle = true },
            new("MAC or address", ColumnKind.Name, 1),
            new("MAC type", Rank: 3) { InList = "{0} MAC" },
            new("Vendor", Rank: 6) { InList = "by {0}" },
            new("Addresses", Rank: 2),
            surface.Times.Column("First seen", 5, "first seen {0}", "First"),
            surface.Times.Column("Last seen", 4, "last seen {0}", "Last"),
        ]);
        return new TableWriter<DeviceRecord>(device => table.Add(
            roster.Label(device.Id), device.Id, MacType(device), device.Vendor,
            string.Join(' ', device.Addresses.Select(static address => address.ToString())), surface.Times.Cell(device.FirstSeenNs),
            surface.Times.Cell(device.LastSeenNs)), table.End);
    }

    /// <summary>What every table of contacts begins with.</summary>
    public static Column[] ContactColumns() =>
    [
        new("Device", ColumnKind.Name, 1),
        new("Host", ColumnKind.Name) { IsTitle = true },
        new("Party", Rank: 3) { InList = "of {0}" },
        new("Known by", Rank: 7) { InList = "known by {0}" },
        new("Protocol", Rank: 3),
        new("Flows", ColumnKind.Number, 5) { InList = "{0} flows:", InListOne = "{0} flow:" },
        new("Encrypted", ColumnKind.Number, 6) { InList = "{0} encrypted" },
        new("Readable", ColumnKind.Number, 2) { InList = "{0} readable" },
        new("Opaque", ColumnKind.Number, 8) { InList = "{0} opaque" },
        new("Up", ColumnKind.Number, 4) { InList = "{0} up" },
        new("Down", ColumnKind.Number, 4) { InList = "{0} down" },
    ];

    /// <summary>Their cells.</summary>
    public static Cell[] ContactCells(ContactRecord contact, string device) =>
    [
        device, HostCell.Of(contact.Host), contact.Attribution?.Party, contact.HostSource.Text(), AppProtos(contact),
        Numbers.CountCell(contact.Flows),
        Numbers.CountCell(contact.FlowsEncrypted),
        // Where there is no room for the number of flows, it says of how many.
        new Cell(Numbers.Count(contact.FlowsReadable),
            $"{Numbers.CountCell(contact.FlowsReadable).Brief} of {Numbers.CountCell(contact.Flows).Brief}"),
        Numbers.CountCell(contact.FlowsOpaque),
        Numbers.SizeCell(contact.BytesUp), Numbers.SizeCell(contact.BytesDown),
    ];

    private static string Answers(NameLookup lookup) => string.Join(' ',
        lookup.Answers.Where(static answer => answer.Section == DnsSection.Answer).Select(static answer => answer.Value));

    /// <summary>For example <c>quic tls</c>; null if none is known.</summary>
    private static string? AppProtos(ContactRecord contact) => contact.AppProtos == 0 ? null
        : string.Join(' ', KindNames.Names(contact.AppProtos));

    /// <summary>None where there is no link layer; a randomised one may be another tomorrow.</summary>
    private static string MacType(DeviceRecord device) =>
        !MacAddress.TryParse(device.Id, out _) ? "no" : device.IsMacRandomised ? "randomised" : "fixed";

    private static string Endpoint(IpAddress address, ushort port)
    {
        if (port == 0)
            return address.ToString();
        string number = port.ToString(CultureInfo.InvariantCulture);
        return address.IsV4 ? $"{address}:{number}" : $"[{address}]:{number}";
    }

    private sealed class TableWriter<T>(Action<T> add, Action end) : IRecordWriter<T>
    {
        public void Write(T record) => add(record);

        public void Dispose() => end();
    }
}
