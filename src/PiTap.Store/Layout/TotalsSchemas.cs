using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>A contact, column by column. Device and host are keys: a device's document has them anyway.</summary>
internal readonly struct ContactSchema : IRowSchema<ContactRecord>
{
    public static ContactRecord Blank { get; } = new() { Device = "", Host = "", HostSource = HostSource.None };

    public static int FormatOneColumns => 14;

    public static ContactRecord Visit<TColumns>(TColumns columns, ContactRecord contact)
        where TColumns : struct, IColumns => new()
        {
            Device = columns.Key("device", contact.Device),
            Host = columns.Key("host", contact.Host),
            HostSource = KnownKinds.HostSource(columns.Byte("hostSource", (byte)contact.HostSource)),
            Flows = columns.Int("flows", contact.Flows),
            FlowsEncrypted = columns.Int("flowsEncrypted", contact.FlowsEncrypted),
            FlowsReadable = columns.Int("flowsReadable", contact.FlowsReadable),
            FlowsOpaque = columns.Int("flowsOpaque", contact.FlowsOpaque),
            AppProtos = columns.UInt("appProtos", contact.AppProtos),
            PacketsUp = columns.Int("packetsUp", contact.PacketsUp),
            PacketsDown = columns.Int("packetsDown", contact.PacketsDown),
            BytesUp = columns.Int("bytesUp", contact.BytesUp),
            BytesDown = columns.Int("bytesDown", contact.BytesDown),
            FirstSeenNs = columns.Delta("firstSeen", contact.FirstSeenNs),
            LastSeenNs = columns.After("lastSeen", contact.LastSeenNs),
            Addresses = columns.List<ContactAddress, ContactAddressSchema>("addresses", contact.Addresses),
            Aliases = columns.List<string, TextItem>("aliases", contact.Aliases),
        };
}

/// <summary>An address in a contact's list, column by column.</summary>
internal readonly struct ContactAddressSchema : IRowSchema<ContactAddress>
{
    public static ContactAddress Blank => default;

    public static int FormatOneColumns => 0;

    public static ContactAddress Visit<TColumns>(TColumns columns, ContactAddress entry)
        where TColumns : struct, IColumns => new(columns.Address("address", entry.Address), columns.Int("bytes", entry.Bytes));
}

/// <summary>A contact as a device's document has it.</summary>
internal readonly struct StoredContactSchema : IRowSchema<StoredContact>
{
    public static StoredContact Blank { get; } = new(ContactSchema.Blank, 0);

    public static int FormatOneColumns => 0;

    public static StoredContact Visit<TColumns>(TColumns columns, StoredContact contact)
        where TColumns : struct, IColumns
    {
        long writtenNs = columns.Delta("written", contact.WrittenNs);
        return new StoredContact(ContactSchema.Visit(columns, contact.Record), writtenNs);
    }
}

/// <summary>A device's minute, column by column.</summary>
internal readonly struct MinuteSchema : IRowSchema<MinuteRecord>
{
    public static MinuteRecord Blank { get; } = new(0, "", 0, 0, 0, 0);

    public static int FormatOneColumns => 6;

    public static MinuteRecord Visit<TColumns>(TColumns columns, MinuteRecord minute)
        where TColumns : struct, IColumns => new(
            MinuteNs: columns.Int("minute", minute.MinuteNs),
            Device: columns.Text("device", minute.Device) ?? "",
            PacketsUp: columns.Int("packetsUp", minute.PacketsUp),
            PacketsDown: columns.Int("packetsDown", minute.PacketsDown),
            BytesUp: columns.Int("bytesUp", minute.BytesUp),
            BytesDown: columns.Int("bytesDown", minute.BytesDown));
}

/// <summary>A device's state, column by column.</summary>
internal readonly struct DeviceSchema : IRowSchema<DeviceRecord>
{
    public static DeviceRecord Blank { get; } = new() { Id = "", FirstSeenNs = 0, LastSeenNs = 0 };

    public static int FormatOneColumns => 10;

    public static DeviceRecord Visit<TColumns>(TColumns columns, DeviceRecord device)
        where TColumns : struct, IColumns => new()
        {
            Id = columns.Key("id", device.Id),
            IsMacRandomised = columns.Byte("isMacRandomised", device.IsMacRandomised ? (byte)1 : (byte)0) != 0,
            DhcpName = columns.Text("dhcpName", device.DhcpName),
            DhcpVendorClass = columns.Text("dhcpVendorClass", device.DhcpVendorClass),
            DhcpParameters = columns.List<int, NumberItem>("dhcpParameters", device.DhcpParameters),
            MdnsName = columns.Text("mdnsName", device.MdnsName),
            NetBiosName = columns.Text("netBiosName", device.NetBiosName),
            Addresses = columns.List<IpAddress, AddressItem>("addresses", device.Addresses),
            FirstSeenNs = columns.Int("firstSeen", device.FirstSeenNs),
            LastSeenNs = columns.Int("lastSeen", device.LastSeenNs),
        };
}
