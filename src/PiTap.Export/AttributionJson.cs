using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>Who a record is about, as properties of its JSON object. All are null where nobody worked it out.</summary>
internal static class AttributionJson
{
    public static void Write(Utf8JsonWriter json, PartyAttribution? who)
    {
        json.WriteText("party", who?.Party);
        json.WriteText("partyReason", who?.PartyReason);
        json.WriteText("partyConfidence", who?.PartyConfidence.Text());
        json.WriteText("company", who?.Company);
        json.WriteText("service", who?.Service);
        json.WriteText("category", who?.Category);
        json.WriteText("role", who?.Role.Text());
        json.WriteText("roleReason", who?.RoleReason);
        WriteDeclared(json, who);
        json.WriteText("homeCountry", who?.HomeCountry);
        json.WriteText("homeCountryReason", who?.HomeCountryReason);
        json.WriteTexts("hostedIn", who?.HostedIn ?? []);
        json.WriteText("hostedInReason", who?.HostedInReason);
        json.WriteText("hostedInConfidence", who?.HostedInConfidence.Text());
        WriteNetwork(json, who?.RegisteredTo);
    }

    private static void WriteDeclared(Utf8JsonWriter json, PartyAttribution? who)
    {
        if (who?.IsDeclared is bool isDeclared)
            json.WriteBoolean("declared", isDeclared);
        else
            json.WriteNull("declared");
        json.WriteText("declaredReason", who?.DeclaredReason);
    }

    private static void WriteNetwork(Utf8JsonWriter json, RegisteredNetwork? network)
    {
        if (network is null)
        {
            json.WriteNull("registeredTo");
            return;
        }
        json.WriteStartObject("registeredTo");
        json.WriteNumber("asn", network.Asn);
        json.WriteText("organisation", network.Organisation);
        json.WriteText("country", network.Country);
        json.WriteText("reason", network.Reason);
        json.WriteText("confidence", network.Confidence.Text());
        json.WriteEndObject();
    }
}
