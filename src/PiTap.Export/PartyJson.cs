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
        CountFields.Write(json, party.Counts());
        json.WriteTime("firstSeen", party.FirstSeenNs);
        json.WriteTime("lastSeen", party.LastSeenNs);
        json.WriteEndObject();
    }
}
