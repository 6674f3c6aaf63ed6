using System.Globalization;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>Records as comma-separated values, for spreadsheets. Lists are joined by a space, each value once.</summary>
public static class Csv
{
    private const ushort CanonicalName = 5;

    private static readonly string[] s_flow =
    [
        "start", "end", "device", "proto", "client", "clientPort", "server", "serverPort",
        "packetsUp", "packetsDown", "bytesUp", "bytesDown",
        "appProto", "appProtos", "host", "hostSource", "hostAliases", "verdict", "verdictReason", "endReason",
        "sni", "alpn", "ja3", "ja3s", "ja4", "ech", "quic", "httpHost", "httpMethod", "httpPath", "httpUserAgent",
        "uid", "run", "source", "app",
        .. AttributionCsv.Header, "deviceSide",
    ];

    private static readonly string[] s_name =
    [
        "time", "device", "client", "clientPort", "server", "serverPort", "proto", "appProto",
        "name", "type", "responseCode", "answers", "cnames",
        "uid", "run", "source",
    ];

    private static readonly string[] s_contact =
    [
        "device", "host", "hostSource", "appProtos", .. CountFields.Names, "firstSeen", "lastSeen", "addresses", "aliases",
        .. AttributionCsv.Header,
    ];

    private static readonly string[] s_party =
    [
        "device", .. AttributionCsv.Header, "services", "categories", "hosts", "contacts", "appProtos",
        .. CountFields.Names, "firstSeen", "lastSeen",
    ];

    private static readonly string[] s_device =
    [
        "device", "name", "macRandomised", "dhcpName", "dhcpVendorClass", "dhcpParameters", "mdnsName", "addresses",
        "firstSeen", "lastSeen", "netBiosName", "vendor", "vendorReason",
    ];

    /// <summary>Flows; the stream stays open.</summary>
    public static IRecordWriter<FlowRecord> Flows(Stream output) => new CsvWriter<FlowRecord>(output, s_flow, WriteFlow);

    /// <summary>Name look-ups; the stream stays open.</summary>
    public static IRecordWriter<NameLookup> Names(Stream output) => new CsvWriter<NameLookup>(output, s_name, WriteName);

    /// <summary>Contacts; the stream stays open.</summary>
    public static IRecordWriter<ContactRecord> Contacts(Stream output) => new CsvWriter<ContactRecord>(output, s_contact, WriteContact);

    /// <summary>Devices; the stream stays open.</summary>
    public static IRecordWriter<DeviceRecord> Devices(Stream output) => new CsvWriter<DeviceRecord>(output, s_device, WriteDevice);

    /// <summary>Parties; the stream stays open.</summary>
    public static IRecordWriter<PartyRecord> Parties(Stream output) => new CsvWriter<PartyRecord>(output, s_party, WriteParty);

    private static void WriteFlow(CsvRow row, FlowRecord flow)
    {
        row.Text(PacketTime.Format(flow.StartNs));
        row.Text(PacketTime.Format(flow.EndNs));
        row.Text(flow.Device);
        row.Text(KindNames.ProtocolText(flow.Protocol));
        row.Text(flow.Client.ToString());
        row.Number(flow.ClientPort);
        row.Text(flow.Server.ToString());
        row.Number(flow.ServerPort);
        row.Number(flow.PacketsUp);
        row.Number(flow.PacketsDown);
        row.Number(flow.BytesUp);
        row.Number(flow.BytesDown);
        row.Text(flow.AppProto.Text());
        row.List(flow.AppProtos.Select(static app => app.Text()));
        row.Text(flow.Host);
        row.Text(flow.HostSource.Text());
        row.List(flow.HostAliases);
        row.Text(flow.Verdict.Text());
        row.Text(flow.VerdictReason);
        row.Text(flow.End.Text());
        WriteApplication(row, flow);
    }

    private static void WriteApplication(CsvRow row, FlowRecord flow)
    {
        row.List(flow.Tls.Select(static hello => hello.Sni));
        row.List(flow.Tls.SelectMany(static hello => hello.Alpn));
        row.List(flow.Tls.Select(static hello => hello.Ja3));
        row.List(flow.Tls.Select(static hello => hello.Ja3s));
        row.List(flow.Tls.Select(static hello => hello.Ja4));
        row.List(flow.Tls.Select(static hello => hello.Ech.Text()));
        row.Text(flow.QuicVersion);
        row.List(flow.Http.Select(static request => request.Host));
        row.List(flow.Http.Select(static request => request.Method));
        row.List(flow.Http.Select(static request => request.Path));
        row.List(flow.Http.Select(static request => request.UserAgent));
        row.Text(flow.Uid());
        row.Number(flow.Run);
        row.Text(flow.Source);
        row.Text(flow.App);
        AttributionCsv.Write(row, flow.Attribution);
        row.Text(flow.DeviceSide.Text());
    }

    private static void WriteName(CsvRow row, NameLookup lookup)
    {
        row.Text(PacketTime.Format(lookup.TimeNs));
        row.Text(lookup.Device);
        row.Text(lookup.Client.ToString());
        row.Number(lookup.ClientPort);
        row.Text(lookup.Server.ToString());
        row.Number(lookup.ServerPort);
        row.Text(KindNames.ProtocolText(lookup.Protocol));
        row.Text(lookup.AppProto.Text());
        row.Text(lookup.Name);
        row.Text(DnsText.Type(lookup.Type));
        row.Text(DnsText.ResponseCode(lookup.ResponseCode));
        row.List(lookup.Answers.Where(static answer => answer.Section == DnsSection.Answer && answer.Type != CanonicalName)
            .Select(static answer => answer.Value));
        row.List(lookup.Answers.Where(static answer => answer.Section == DnsSection.Answer && answer.Type == CanonicalName)
            .Select(static answer => answer.Value));
        row.Text(lookup.Uid());
        row.Number(lookup.Run);
        row.Text(lookup.Source);
    }

    private static void WriteContact(CsvRow row, ContactRecord contact)
    {
        row.Text(contact.Device);
        row.Text(contact.Host);
        row.Text(contact.HostSource.Text());
        row.List(KindNames.Names(contact.AppProtos));
        CountFields.Write(row, contact.Counts());
        row.Text(PacketTime.Format(contact.FirstSeenNs));
        row.Text(PacketTime.Format(contact.LastSeenNs));
        row.List(contact.TopAddresses().Select(static address => address.ToString()));
        row.List(contact.Aliases);
        AttributionCsv.Write(row, contact.Attribution);
    }

    private static void WriteParty(CsvRow row, PartyRecord party)
    {
        row.Text(party.Device);
        AttributionCsv.Write(row, party.Attribution);
        // Services have blanks in their names.
        row.Text(string.Join(", ", party.Services));
        row.List(party.Categories);
        row.List(party.Hosts);
        row.Number(party.Contacts);
        row.List(KindNames.Names(party.AppProtos));
        CountFields.Write(row, party.Counts());
        row.Text(PacketTime.Format(party.FirstSeenNs));
        row.Text(PacketTime.Format(party.LastSeenNs));
    }

    private static void WriteDevice(CsvRow row, DeviceRecord device)
    {
        row.Text(device.Id);
        row.Text(device.DisplayName);
        row.Text(device.IsMacRandomised ? "true" : "false");
        row.Text(device.DhcpName);
        row.Text(device.DhcpVendorClass);
        // The order and repetitions of the list are what tells systems apart: it is not a set.
        row.Text(string.Join(' ', device.DhcpParameters.Select(static number => number.ToString(CultureInfo.InvariantCulture))));
        row.Text(device.MdnsName);
        row.List(device.Addresses.Select(static address => address.ToString()));
        row.Text(PacketTime.Format(device.FirstSeenNs));
        row.Text(PacketTime.Format(device.LastSeenNs));
        row.Text(device.NetBiosName);
        row.Text(device.Vendor);
        row.Text(device.VendorReason);
    }
}
