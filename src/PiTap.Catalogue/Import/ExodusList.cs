using System.Text.Json;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads the trackers of Exodus (https://github.com/Exodus-Privacy/exodus/blob/v1/doc/api.md): by number, or in a list, each with a name,
/// categories, and a regular expression for what it talks to. It names no companies.
/// </summary>
internal static class ExodusList
{
    private const string Signature = "network_signature";

    // Identification and Location say what is taken, not what for.
    private static readonly ListCategories s_categories = new(
        ("Advertisement", PartyCategory.Ads), ("Analytics", PartyCategory.Analytics), ("Crash reporting", PartyCategory.Crash),
        ("Profiling", PartyCategory.Analytics));

    /// <summary>True for trackers in this form.</summary>
    public static bool IsOne(JsonElement trackers) => trackers.ValueKind switch
    {
        JsonValueKind.Object => trackers.EnumerateObject().Any(static tracker => HasSignature(tracker.Value)),
        JsonValueKind.Array => trackers.EnumerateArray().Any(HasSignature),
        _ => false,
    };

    /// <summary>Adds a row for each domain.</summary>
    public static void Read(JsonElement trackers, ListFields fields, ListRows rows)
    {
        if (trackers.ValueKind == JsonValueKind.Array)
        {
            int number = 0;
            foreach (JsonElement tracker in fields.List(trackers, "trackers"))
                ReadTracker(tracker, $"trackers[{number++}]", fields, rows);
            return;
        }
        foreach (JsonProperty tracker in fields.Object(trackers, "trackers"))
            ReadTracker(tracker.Value, $"trackers.{tracker.Name}", fields, rows);
    }

    private static bool HasSignature(JsonElement tracker) =>
        tracker.ValueKind == JsonValueKind.Object && tracker.TryGetProperty(Signature, out _);

    private static void ReadTracker(JsonElement tracker, string place, ListFields fields, ListRows rows)
    {
        string? service = null;
        string signature = "";
        ListCategory category = ListCategory.Unsaid;
        foreach (JsonProperty field in fields.Object(tracker, place))
        {
            string where = $"{place}.{field.Name}";
            if (field.NameEquals("name"))
                service = fields.Text(field.Value, where) is { } name ? fields.Name(name, where) : null;
            else if (field.NameEquals("categories"))
                category = s_categories.Of(fields.Texts(field.Value, where));
            else if (field.NameEquals(Signature) && field.Value.ValueKind != JsonValueKind.Null)
                signature = fields.Text(field.Value, where) ?? "";
        }
        List<string> domains = [];
        int others = NetworkSignature.Read(signature, domains);
        if (others > 0)
            fields.LeaveOut("patterns that are no plain domains", others);
        foreach (string domain in domains)
            rows.Add($"{place}.{Signature}", domain, service, company: null, category);
    }
}
