using PiTap.Model;

namespace PiTap.Export;

/// <summary>Who a record is about, as cells of its row.</summary>
internal static class AttributionCsv
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Header { get; } =
    [
        "party", "partyReason", "partyConfidence", "company", "service", "category", "role", "roleReason", "declared", "declaredReason",
        "homeCountry", "homeCountryReason", "hostedIn", "hostedInReason", "hostedInConfidence",
        "registeredAsn", "registeredOrganisation", "registeredCountry", "registeredReason", "registeredConfidence",
    ];

    public static void Write(CsvRow row, PartyAttribution? who)
    {
        row.Text(who?.Party);
        row.Text(who?.PartyReason);
        row.Text(who?.PartyConfidence.Text());
        row.Text(who?.Company);
        row.Text(who?.Service);
        row.Text(who?.Category);
        row.Text(who?.Role.Text());
        row.Text(who?.RoleReason);
        row.Text(who?.IsDeclared switch { true => "true", false => "false", null => null });
        row.Text(who?.DeclaredReason);
        row.Text(who?.HomeCountry);
        row.Text(who?.HomeCountryReason);
        row.List(who?.HostedIn ?? []);
        row.Text(who?.HostedInReason);
        row.Text(who?.HostedInConfidence.Text());
        RegisteredNetwork? network = who?.RegisteredTo;
        row.Text(network?.Asn.ToString(System.Globalization.CultureInfo.InvariantCulture));
        row.Text(network?.Organisation);
        row.Text(network?.Country);
        row.Text(network?.Reason);
        row.Text(network?.Confidence.Text());
    }
}
