using System.Text.Json;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads DuckDuckGo's lists (https://github.com/duckduckgo/tracker-blocklists): of web pages, with trackers by domain, and the entity that
/// each of its domains belongs to; of apps, with trackers alone. Rules of blocking and aliases are passed over: an alias is seen in DNS.
/// </summary>
internal static class DuckDuckGoList
{
    private static readonly ListCategories s_categories = new(
        ("Advertising", PartyCategory.Ads), ("Ad Motivated Tracking", PartyCategory.Ads), ("Ad Fraud", PartyCategory.Fraud),
        ("Analytics", PartyCategory.Analytics), ("Audience Measurement", PartyCategory.Analytics),
        ("Third-Party Analytics Marketing", PartyCategory.Analytics), ("Session Replay", PartyCategory.Analytics),
        ("Action Pixels", PartyCategory.Analytics), ("Social Network", PartyCategory.Social), ("Social - Share", PartyCategory.Social),
        ("Social - Comment", PartyCategory.Social), ("Support Chat Widget", PartyCategory.Engagement),
        ("Online Payment", PartyCategory.Payment), ("Federated Login", PartyCategory.Identity), ("SSO", PartyCategory.Identity),
        ("Content Delivery", PartyCategory.Cdn), ("CDN", PartyCategory.Cdn), ("Consent Management Platform", PartyCategory.Consent));

    /// <summary>Adds a row for each domain.</summary>
    public static void Read(JsonElement root, ListFields fields, ListRows rows)
    {
        foreach (JsonProperty tracker in fields.Object(root.GetProperty("trackers"), "trackers"))
        {
            string place = $"trackers.{tracker.Name}";
            string? company = null;
            ListCategory category = ListCategory.Unsaid;
            foreach (JsonProperty field in fields.Object(tracker.Value, place))
            {
                if (field.NameEquals("categories"))
                    category = s_categories.Of(fields.Texts(field.Value, $"{place}.categories"));
                else if (field.NameEquals("owner"))
                    company = OwnerOf(field.Value, $"{place}.owner", fields);
            }
            rows.Add("trackers", tracker.Name, service: null, company, category);
        }
        if (root.TryGetProperty("domains", out JsonElement domains))
            ReadDomains(domains, EntitiesOf(root, fields), fields, rows);
    }

    private static void ReadDomains(JsonElement domains, Dictionary<string, string> entities, ListFields fields, ListRows rows)
    {
        foreach (JsonProperty domain in fields.Object(domains, "domains"))
        {
            string place = $"domains.{domain.Name}";
            if (fields.Text(domain.Value, place) is not { } entity)
                return;
            string? company = entities.TryGetValue(entity, out string? shown) ? shown : fields.Name(entity, place);
            rows.Add("domains", domain.Name, service: null, company, ListCategory.Unsaid);
        }
    }

    private static string? OwnerOf(JsonElement owner, string place, ListFields fields)
    {
        if (owner.ValueKind is JsonValueKind.Object)
            return fields.Name(owner, place, "displayName") ?? fields.Name(owner, place, "name");
        if (owner.ValueKind != JsonValueKind.Null)
            fields.Refuse(place, "entries in braces belong here");
        return null;
    }

    /// <summary>What entities are called, where that is not how the list names them.</summary>
    private static Dictionary<string, string> EntitiesOf(JsonElement root, ListFields fields)
    {
        Dictionary<string, string> entities = new(StringComparer.Ordinal);
        if (!root.TryGetProperty("entities", out JsonElement all))
            return entities;
        foreach (JsonProperty entity in fields.Object(all, "entities"))
        {
            if (OwnerOf(entity.Value, $"entities.{entity.Name}", fields) is { } name)
                entities[entity.Name] = name;
        }
        return entities;
    }
}
