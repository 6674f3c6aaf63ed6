using System.Globalization;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Records as rows for people: fewer columns than the formats for programs, times to the second, sizes with units.</summary>
internal static class RecordTables
{
    public static IRecordWriter<FlowRecord> Flows(Surface surface) => new TableWriter<FlowRecord>(
        new Table(surface,
        [
            new("Start"), new("Device"), new("Transport"), new("Server"), new("Host"), new("Known by"), new("Protocol"), new("Verdict"),
            new("Up", true), new("Down", true),
        ]),
        static (table, flow) => table.Add(
            Time(flow.StartNs), flow.Device, KindNames.ProtocolText(flow.Protocol), Endpoint(flow.Server, flow.ServerPort), flow.Host,
            flow.HostSource.Text(), flow.AppProto.Text(), flow.Verdict.Text(), ByteSize.Format(flow.BytesUp),
            ByteSize.Format(flow.BytesDown)));

    public static IRecordWriter<NameLookup> Names(Surface surface) => new TableWriter<NameLookup>(
        new Table(surface, [new("Time"), new("Device"), new("Via"), new("Type"), new("Name"), new("Result"), new("Answers")]),
        static (table, lookup) => table.Add(
            Time(lookup.TimeNs), lookup.Device, lookup.AppProto.Text(), DnsText.Type(lookup.Type), lookup.Name,
            DnsText.ResponseCode(lookup.ResponseCode),
            string.Join(' ',
                lookup.Answers.Where(static answer => answer.Section == DnsSection.Answer).Select(static answer => answer.Value))));

    public static IRecordWriter<ContactRecord> Contacts(Surface surface) => new TableWriter<ContactRecord>(
        new Table(surface,
        [
            new("Device"), new("Host"), new("Known by"), new("Protocol"), new("Flows", true), new("Encrypted", true),
            new("Readable", true), new("Opaque", true),
            new("Up", true), new("Down", true), new("Last seen"),
        ]),
        static (table, contact) => table.Add(
            contact.Device, contact.Host, contact.HostSource.Text(), AppProtos(contact), Count(contact.Flows),
            Count(contact.FlowsEncrypted), Count(contact.FlowsReadable),
            Count(contact.FlowsOpaque), ByteSize.Format(contact.BytesUp), ByteSize.Format(contact.BytesDown), Time(contact.LastSeenNs)));

    public static IRecordWriter<DeviceRecord> Devices(Surface surface) => new TableWriter<DeviceRecord>(
        new Table(surface, [new("Device"), new("Name"), new("MAC"), new("Addresses"), new("First seen"), new("Last seen")]),
        static (table, device) => table.Add(
            device.Id, device.DisplayName == device.Id ? null : device.DisplayName, MacKind(device),
            string.Join(' ', device.Addresses.Select(static address => address.ToString())), Time(device.FirstSeenNs),
            Time(device.LastSeenNs)));

    /// <summary>For example <c>quic tls</c>; null if none is known.</summary>
    public static string? AppProtos(ContactRecord contact) => contact.AppProtos == 0 ? null
        : string.Join(' ', KindNames.Names(contact.AppProtos));

    /// <summary>To the second, in UTC.</summary>
    public static string Time(long timeNs) => PacketTime.Format(timeNs)[..19].Replace('T', ' ');

    /// <summary>With separators between thousands.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string MacKind(DeviceRecord device) =>
        !MacAddress.TryParse(device.Id, out _) ? "none" : device.IsMacRandomised ? "randomised" : "fixed";

    private static string Endpoint(IpAddress address, ushort port)
    {
        if (port == 0)
            return address.ToString();
        string number = port.ToString(CultureInfo.InvariantCulture);
        return address.IsV4 ? $"{address}:{number}" : $"[{address}]:{number}";
    }

    private sealed class TableWriter<T>(Table table, Action<Table, T> add) : IRecordWriter<T>
    {
        public void Write(T record) => add(table, record);

        public void Dispose() => table.End();
    }
}
