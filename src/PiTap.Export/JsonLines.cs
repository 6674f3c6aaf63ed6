using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>
/// One JSON object a line, UTF-8. The property names are a contract with programs: they may be added to, never renamed or taken
/// away. What is unknown is <c>null</c>, lists are always there. All output is ASCII, so that it is safe on a terminal.
/// </summary>
public static class JsonLines
{
    private const ushort CanonicalName = 5;

    /// <summary>Flows; the stream stays open.</summary>
    public static IRecordWriter<FlowRecord> Flows(Stream output) => new JsonLinesWriter<FlowRecord>(output, FlowJson.Write);

    /// <summary>Name look-ups; the stream stays open.</summary>
    public static IRecordWriter<NameLookup> Names(Stream output) => new JsonLinesWriter<NameLookup>(output, WriteName);

    /// <summary>Contacts; the stream stays open.</summary>
    public static IRecordWriter<ContactRecord> Contacts(Stream output) => new JsonLinesWriter<ContactRecord>(output, WriteContact);

    /// <summary>Devices; the stream stays open.</summary>
    public static IRecordWriter<DeviceRecord> Devices(Stream output) => new JsonLinesWriter<DeviceRecord>(output, WriteDevice);

    /// <summary>Parties; the stream stays open.</summary>
    public static IRecordWriter<PartyRecord> Parties(Stream output) => new JsonLinesWriter<PartyRecord>(output, PartyJson.Write);

    /// <summary>The properties of a party, as an object.</summary>
    public static void WriteParty(Utf8JsonWriter json, PartyRecord party) => PartyJson.Write(json, party);

    /// <summary>The properties of a contact, as an object.</summary>
    public static void WriteContact(Utf8JsonWriter json, ContactRecord contact)
    {
        json.WriteStartObject();
        json.WriteText("device", contact.Device);
        json.WriteText("host", contact.Host);
        json.WriteText("hostSource", contact.HostSource.Text());
        json.WriteStartArray("appProtos");
        foreach (string app in KindNames.Names(contact.AppProtos))
            json.WriteStringValue(app);
        json.WriteEndArray();
        CountFields.Write(json, contact.Counts());
        json.WriteTime("firstSeen", contact.FirstSeenNs);
        json.WriteTime("lastSeen", contact.LastSeenNs);
        json.WriteStartArray("addresses");
        foreach (IpAddress address in contact.TopAddresses())
            json.WriteStringValue(address.ToString());
        json.WriteEndArray();
        json.WriteTexts("aliases", contact.Aliases);
        AttributionJson.Write(json, contact.Attribution);
        json.WriteEndObject();
    }

    /// <summary>The properties of a device, as an object.</summary>
    public static void WriteDevice(Utf8JsonWriter json, DeviceRecord device)
    {
        json.WriteStartObject();
        json.WriteText("device", device.Id);
        json.WriteText("name", device.DisplayName);
        json.WriteBoolean("macRandomised", device.IsMacRandomised);
        json.WriteText("vendor", device.Vendor);
        json.WriteText("vendorReason", device.VendorReason);
        json.WriteText("dhcpName", device.DhcpName);
        json.WriteText("dhcpVendorClass", device.DhcpVendorClass);
        json.WriteStartArray("dhcpParameters");
        foreach (int parameter in device.DhcpParameters)
            json.WriteNumberValue(parameter);
        json.WriteEndArray();
        json.WriteText("mdnsName", device.MdnsName);
        json.WriteText("netBiosName", device.NetBiosName);
        json.WriteStartArray("addresses");
        foreach (IpAddress address in device.Addresses)
            json.WriteStringValue(address.ToString());
        json.WriteEndArray();
        json.WriteTime("firstSeen", device.FirstSeenNs);
        json.WriteTime("lastSeen", device.LastSeenNs);
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, NameLookup lookup)
    {
        json.WriteStartObject();
        json.WriteText("uid", lookup.Uid());
        json.WriteNumber("run", lookup.Run);
        json.WriteText("source", lookup.Source);
        json.WriteTime("time", lookup.TimeNs);
        json.WriteText("device", lookup.Device);
        json.WriteText("client", lookup.Client.ToString());
        json.WriteNumber("clientPort", lookup.ClientPort);
        json.WriteText("server", lookup.Server.ToString());
        json.WriteNumber("serverPort", lookup.ServerPort);
        json.WriteText("proto", KindNames.ProtocolText(lookup.Protocol));
        json.WriteText("appProto", lookup.AppProto.Text());
        json.WriteText("name", lookup.Name);
        json.WriteText("type", DnsText.Type(lookup.Type));
        json.WriteText("responseCode", DnsText.ResponseCode(lookup.ResponseCode));
        WriteAnswers(json, lookup.Answers);
        json.WriteEndObject();
    }

    private static void WriteAnswers(Utf8JsonWriter json, IReadOnlyList<NameAnswer> answers)
    {
        json.WriteStartArray("answers");
        foreach (NameAnswer answer in answers)
        {
            if (answer.Section == DnsSection.Answer && answer.Type != CanonicalName)
                json.WriteTextValue(answer.Value);
        }
        json.WriteEndArray();
        json.WriteStartArray("cnames");
        foreach (NameAnswer answer in answers)
        {
            if (answer.Section == DnsSection.Answer && answer.Type == CanonicalName)
                json.WriteTextValue(answer.Value);
        }
        json.WriteEndArray();
        json.WriteStartArray("records");
        foreach (NameAnswer answer in answers)
        {
            json.WriteStartObject();
            json.WriteText("name", answer.Name);
            json.WriteText("type", DnsText.Type(answer.Type));
            json.WriteText("value", answer.Value);
            json.WriteNumber("ttl", answer.TimeToLiveSeconds);
            json.WriteString("section", DnsText.Section(answer.Section));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
