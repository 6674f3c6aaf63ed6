namespace PiTap.Model;

/// <summary>
/// What records hold of memory, in bytes: about what a 64-bit runtime allocates for them, their lists, and their places in the lists and
/// tables that they are pending in. Reckoned from above: a text counts for each record that has it, although many share one. What as a rule
/// all share does not count: device, source, version and the sentences of verdicts.
/// </summary>
public static class RecordWeight
{
    /// <summary>A place in a list, and one in a table.</summary>
    public const int PlacesBytes = 48;

    /// <summary>Header, length and last character of a string; each character takes two bytes more.</summary>
    private const int TextBytes = 24;

    /// <summary>Header and length of an array.</summary>
    private const int ArrayBytes = 24;

    /// <summary>A list that grows, beside its array.</summary>
    private const int ListBytes = 32;

    private const int FlowBytes = 232 + PlacesBytes;
    private const int LookupBytes = 136 + PlacesBytes;
    private const int DeviceBytes = 112 + PlacesBytes;
    private const int ContactBytes = 160 + PlacesBytes;
    private const int MinuteBytes = 56 + PlacesBytes;
    private const int HelloBytes = 80;
    private const int RequestBytes = 56;
    private const int AnswerBytes = 32;
    private const int ContactAddressBytes = 24;
    private const int AddressBytes = 16;
    private const int ReferenceBytes = 8;

    /// <summary>A batch's own lists and counters.</summary>
    private const int BatchBytes = 2_048;

    /// <summary>A batch with all that it brings.</summary>
    public static long Of(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long bytes = BatchBytes + (long)batch.Minutes.Count * MinuteBytes;
        for (int i = 0; i < batch.Flows.Count; i++)
            bytes += Of(batch.Flows[i]);
        for (int i = 0; i < batch.Lookups.Count; i++)
            bytes += Of(batch.Lookups[i]);
        for (int i = 0; i < batch.Contacts.Count; i++)
            bytes += Of(batch.Contacts[i]);
        for (int i = 0; i < batch.Devices.Count; i++)
            bytes += Of(batch.Devices[i]);
        return bytes;
    }

    /// <summary>A flow with its names, hellos and requests.</summary>
    public static int Of(FlowRecord flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        int bytes = FlowBytes + Text(flow.Host) + Text(flow.App) + Texts(flow.HostAliases);
        if (flow.Tls.Count > 0)
            bytes += ArrayBytes;
        for (int i = 0; i < flow.Tls.Count; i++)
        {
            TlsHello hello = flow.Tls[i];
            bytes += ReferenceBytes + HelloBytes + Text(hello.Sni) + Texts(hello.Alpn)
                + Text(hello.Ja3) + Text(hello.Ja3s) + Text(hello.Ja4);
        }
        if (flow.Http.Count > 0)
            bytes += ArrayBytes;
        for (int i = 0; i < flow.Http.Count; i++)
        {
            HttpRequest request = flow.Http[i];
            bytes += ReferenceBytes + RequestBytes + Text(request.Host) + Text(request.Method) + Text(request.Path)
                + Text(request.UserAgent) + Text(request.RequestedWith);
        }
        return bytes;
    }

    /// <summary>A lookup with its answers, most of which share their owner's name.</summary>
    public static int Of(NameLookup lookup)
    {
        ArgumentNullException.ThrowIfNull(lookup);
        int bytes = LookupBytes + Text(lookup.Name) + (lookup.Answers.Count > 0 ? ArrayBytes : 0);
        string? owner = null;
        for (int i = 0; i < lookup.Answers.Count; i++)
        {
            NameAnswer answer = lookup.Answers[i];
            bytes += AnswerBytes + Text(answer.Value) + (ReferenceEquals(answer.Name, owner) ? 0 : Text(answer.Name));
            owner = answer.Name;
        }
        return bytes;
    }

    /// <summary>A contact with its host, its aliases and its addresses.</summary>
    public static int Of(ContactRecord contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        int addresses = contact.Addresses.Count;
        return ContactBytes + Text(contact.Host) + Texts(contact.Aliases)
            + (addresses > 0 ? ListBytes + ArrayBytes + addresses * ContactAddressBytes : 0);
    }

    /// <summary>A device with what it says of itself.</summary>
    public static int Of(DeviceRecord device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return DeviceBytes + Text(device.Id) + Text(device.DhcpName) + Text(device.DhcpVendorClass) + Text(device.MdnsName)
            + Text(device.NetBiosName) + 2 * ArrayBytes + device.DhcpParameters.Count * sizeof(int) + device.Addresses.Count * AddressBytes;
    }

    /// <summary>A device's minute; it holds no text of its own.</summary>
    public static int OfMinute => MinuteBytes;

    private static int Text(string? text) => text is null ? 0 : TextBytes + sizeof(char) * text.Length;

    private static int Texts(IReadOnlyList<string> texts)
    {
        int bytes = texts.Count > 0 ? ArrayBytes : 0;
        for (int i = 0; i < texts.Count; i++)
            bytes += ReferenceBytes + Text(texts[i]);
        return bytes;
    }
}
