using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>A party as a JSON object.</summary>
internal static class PartyJson
{
    public static void Write(Utf8JsonWriter json, PartyRecord party)
    {
        json.WriteStartObject();
        json.WriteText("device", party.Device);
        AttributionJson.Write(json, party.Attribution);
        json.WriteTexts("services", party.Services);
        json.WriteTexts("categories", party.Categories);
        json.WriteTexts("hosts", party.Hosts);
        json.WriteNumber("contacts", party.Contacts);
        json.WriteTexts("appProtos", KindNames.Names(party.AppProtos));
        json.WriteNumber("flows", party.Flows);
        json.WriteNumber("flowsEncrypted", party.FlowsEncrypted);
        json.WriteNumber("flowsReadable", party.FlowsReadable);
        json.WriteNumber("flowsOpaque", party.FlowsOpaque);
        json.WriteNumber("packetsUp", party.PacketsUp);
        json.WriteNumber("packetsDown", party.PacketsDown);
        json.WriteNumber("bytesUp", party.BytesUp);
        json.WriteNumber("bytesDown", party.BytesDown);
        json.WriteTime("firstSeen", party.FirstSeenNs);
        json.WriteTime("lastSeen", party.LastSeenNs);
        json.WriteEndObject();
    }
}
