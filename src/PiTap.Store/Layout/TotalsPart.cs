using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>
/// What one flush adds to contacts and minutes, and the states of the devices that changed: columns in a document of the journal, until
/// it is folded.
/// </summary>
internal sealed record TotalsPart(IReadOnlyCollection<ContactRecord> Contacts, IReadOnlyCollection<MinuteRecord> Minutes, IReadOnlyCollection<DeviceRecord> Devices)
{
    /// <summary>The most contacts, minutes and devices that one part holds, each.</summary>
    private const int MaxRows = 16_384;

    /// <summary>As bytes, several where there are more than one part may hold.</summary>
    public IEnumerable<byte[]> Encode(ColumnCodec codec)
    {
        int most = Math.Max(Contacts.Count, Math.Max(Minutes.Count, Devices.Count));
        for (int at = 0; at < most; at += MaxRows)
        {
            TotalsPart part = most <= MaxRows ? this : new([.. Contacts.Skip(at).Take(MaxRows)], [.. Minutes.Skip(at).Take(MaxRows)], [.. Devices.Skip(at).Take(MaxRows)]);
            yield return part.EncodeWhole(codec);
        }
    }

    /// <summary>The part that these bytes hold. An <see cref="InvalidDataException"/> where they hold none.</summary>
    public static TotalsPart Decode(ReadOnlySpan<byte> framed)
    {
        byte[] raw = BlockFrame.Unwrap(framed, out int length);
        ColumnSource source = new(raw.AsSpan(0, length));
        int[] counts = source.Counts(3, out _);
        if (counts.Max() > MaxRows)
            throw new InvalidDataException("The block has too many rows.");
        return new TotalsPart(ReadContacts(ref source, counts[0]), ReadMinutes(ref source, counts[1]), ReadDevices(ref source, counts[2]));
    }

    private byte[] EncodeWhole(ColumnCodec codec)
    {
        codec.Begin();
        ColumnWriter columns = codec.Columns;
        columns.UInt((uint)Contacts.Count);
        columns.UInt((uint)Minutes.Count);
        columns.UInt((uint)Devices.Count);
        WriteContacts(codec);
        WriteMinutes(codec);
        WriteDevices(codec);
        return codec.End(0) ?? throw new InvalidOperationException("The totals of one flush are larger than a block may be.");
    }

    private void WriteContacts(ColumnCodec codec)
    {
        ColumnWriter columns = codec.Columns;
        long last = 0;
        foreach (ContactRecord contact in Contacts)
        {
            codec.String(contact.Device);
            codec.String(contact.Host);
            columns.Byte((byte)contact.HostSource);
            columns.Int(contact.Flows);
            columns.Int(contact.FlowsEncrypted);
            columns.Int(contact.FlowsReadable);
            columns.Int(contact.FlowsOpaque);
            columns.UInt(contact.AppProtos);
            columns.Int(contact.PacketsUp);
            columns.Int(contact.PacketsDown);
            columns.Int(contact.BytesUp);
            columns.Int(contact.BytesDown);
            columns.Int(unchecked(contact.FirstSeenNs - last));
            columns.Int(unchecked(contact.LastSeenNs - contact.FirstSeenNs));
            last = contact.FirstSeenNs;
        }
    }

    private static ContactRecord[] ReadContacts(ref ColumnSource source, int count)
    {
        ContactRecord[] contacts = new ContactRecord[count];
        long last = 0;
        for (int i = 0; i < count; i++)
        {
            ContactRecord contact = new()
            {
                Device = source.String() ?? "",
                Host = source.String() ?? "",
                HostSource = KnownKinds.HostSource(source.Byte()),
                Flows = source.Int(),
                FlowsEncrypted = source.Int(),
                FlowsReadable = source.Int(),
                FlowsOpaque = source.Int(),
                AppProtos = source.UInt(),
                PacketsUp = source.Int(),
                PacketsDown = source.Int(),
                BytesUp = source.Int(),
                BytesDown = source.Int(),
                FirstSeenNs = last = unchecked(last + source.Int()),
                LastSeenNs = unchecked(last + source.Int()),
            };
            contacts[i] = contact;
        }
        return contacts;
    }

    private void WriteMinutes(ColumnCodec codec)
    {
        ColumnWriter columns = codec.Columns;
        foreach (MinuteRecord minute in Minutes)
        {
            columns.Int(minute.MinuteNs);
            codec.String(minute.Device);
            columns.Int(minute.PacketsUp);
            columns.Int(minute.PacketsDown);
            columns.Int(minute.BytesUp);
            columns.Int(minute.BytesDown);
        }
    }

    private static MinuteRecord[] ReadMinutes(ref ColumnSource source, int count)
    {
        MinuteRecord[] minutes = new MinuteRecord[count];
        for (int i = 0; i < count; i++)
        {
            long minuteNs = source.Int();
            minutes[i] = new MinuteRecord(minuteNs, source.String() ?? "", source.Int(), source.Int(), source.Int(), source.Int());
        }
        return minutes;
    }

    private void WriteDevices(ColumnCodec codec)
    {
        ColumnWriter columns = codec.Columns;
        foreach (DeviceRecord device in Devices)
        {
            codec.String(device.Id);
            columns.Byte(device.IsMacRandomised ? (byte)1 : (byte)0);
            codec.String(device.DhcpName);
            codec.String(device.DhcpVendorClass);
            columns.UInt((uint)device.DhcpParameters.Count);
            foreach (int parameter in device.DhcpParameters)
                columns.Int(parameter);
            codec.String(device.MdnsName);
            codec.String(device.NetBiosName);
            columns.UInt((uint)device.Addresses.Count);
            foreach (IpAddress address in device.Addresses)
                codec.Address(address);
            columns.Int(device.FirstSeenNs);
            columns.Int(device.LastSeenNs);
        }
    }

    private static DeviceRecord[] ReadDevices(ref ColumnSource source, int count)
    {
        DeviceRecord[] devices = new DeviceRecord[count];
        for (int i = 0; i < count; i++)
        {
            devices[i] = new DeviceRecord
            {
                Id = source.String() ?? "",
                IsMacRandomised = source.Byte() != 0,
                DhcpName = source.String(),
                DhcpVendorClass = source.String(),
                DhcpParameters = [.. source.Ints(source.Count()).Select(static parameter => unchecked((int)parameter))],
                MdnsName = source.String(),
                NetBiosName = source.String(),
                Addresses = source.Addresses(source.Count()),
                FirstSeenNs = source.Int(),
                LastSeenNs = source.Int(),
            };
        }
        return devices;
    }
}
