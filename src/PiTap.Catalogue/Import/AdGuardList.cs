using System.Text.Json;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads AdGuard's companiesdb (https://github.com/AdguardTeam/companiesdb): <c>trackers.json</c> has categories by number, trackers by
/// identifier and a tracker's identifier for each domain; <c>companies.json</c> has companies by identifier.
/// </summary>
internal static class AdGuardList
{
    private static readonly ListCategories s_categories = new(
        ("advertising", PartyCategory.Ads), ("pornvertising", PartyCategory.Ads),
        ("site_analytics", PartyCategory.Analytics), ("mobile_analytics", PartyCategory.Analytics),
        ("customer_interaction", PartyCategory.Engagement), ("social_media", PartyCategory.Social), ("comments", PartyCategory.Social),
        ("audio_video_player", PartyCategory.Media), ("email", PartyCategory.Messaging), ("cdn", PartyCategory.Cdn),
        ("hosting", PartyCategory.Cloud), ("consent", PartyCategory.Consent));

    /// <summary>Companies by identifier.</summary>
    public static Dictionary<string, string?> Companies(JsonElement root, ListFields fields)
    {
        Dictionary<string, string?> companies = new(StringComparer.Ordinal);
        foreach (JsonProperty company in fields.Object(root.GetProperty("companies"), "companies"))
        {
            string place = $"companies.{company.Name}";
            if (IsObject(company.Value, place, fields) && !companies.TryAdd(company.Name, fields.Name(company.Value, place, "name")))
                fields.Refuse(place, "this company stands there already");
        }
        return companies;
    }

    /// <summary>Adds a row for each domain of a tracker.</summary>
    public static void Read(JsonElement root, Dictionary<string, string?> companies, ListFields fields, ListRows rows)
    {
        Dictionary<string, (string? Service, string? Company, ListCategory Category)> trackers = new(StringComparer.Ordinal);
        Dictionary<int, string> categories = Categories(root, fields);
        foreach (JsonProperty tracker in fields.Object(root.GetProperty("trackers"), "trackers"))
        {
            string place = $"trackers.{tracker.Name}";
            if (!IsObject(tracker.Value, place, fields))
                return;
            string? company = fields.Name(tracker.Value, place, "companyId");
            string? name = fields.Name(tracker.Value, place, "name");
            company = company is null ? null : companies.GetValueOrDefault(company);
            if (!trackers.TryAdd(tracker.Name, (name, company, CategoryOf(tracker.Value, place, categories, fields))))
                fields.Refuse(place, "this tracker stands there already");
        }
        foreach (JsonProperty domain in fields.Object(root.GetProperty("trackerDomains"), "trackerDomains"))
        {
            if (fields.Text(domain.Value, $"trackerDomains.{domain.Name}") is not { } id)
                return;
            if (trackers.TryGetValue(id, out (string? Service, string? Company, ListCategory Category) tracker))
                rows.Add("trackerDomains", domain.Name, tracker.Service, tracker.Company, tracker.Category);
            else
                fields.LeaveOut("names of trackers that the file does not have");
        }
    }

    private static Dictionary<int, string> Categories(JsonElement root, ListFields fields)
    {
        Dictionary<int, string> categories = [];
        if (!root.TryGetProperty("categories", out JsonElement all))
            return categories;
        foreach (JsonProperty category in fields.Object(all, "categories"))
        {
            if (int.TryParse(category.Name, out int number) && fields.Text(category.Value, $"categories.{category.Name}") is { } word)
                categories[number] = word;
        }
        return categories;
    }

    private static ListCategory CategoryOf(JsonElement tracker, string place, Dictionary<int, string> categories, ListFields fields)
    {
        if (!tracker.TryGetProperty("categoryId", out JsonElement id) || id.ValueKind == JsonValueKind.Null)
            return ListCategory.Unsaid;
        if (id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number))
            return s_categories.Of(categories.GetValueOrDefault(number));
        fields.Refuse($"{place}.categoryId", "the number of a category belongs here");
        return ListCategory.Unsaid;
    }

    private static bool IsObject(JsonElement element, string place, ListFields fields)
    {
        if (element.ValueKind == JsonValueKind.Object)
            return true;
        fields.Refuse(place, "entries in braces belong here");
        return false;
    }
}
