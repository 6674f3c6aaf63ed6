using System.Text.Json;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads Disconnect's lists (https://github.com/disconnectme/disconnect-tracking-protection): <c>services.json</c> has for each category a
/// list of companies, these by address of their site their domains, and marks that are no lists; <c>entities.json</c> has the domains of
/// companies, without categories.
/// </summary>
internal static class DisconnectList
{
    private static readonly string[] s_domainFields = ["properties", "resources"];

    // What the others are called says how somebody is followed, not what for.
    private static readonly ListCategories s_categories = new(
        ("Advertising", PartyCategory.Ads), ("Analytics", PartyCategory.Analytics), ("Anti-fraud", PartyCategory.Fraud),
        ("Social", PartyCategory.Social), ("Email", PartyCategory.Engagement), ("EmailAggressive", PartyCategory.Engagement),
        ("ConsentManagers", PartyCategory.Consent));

    /// <summary>Adds a row for each domain of <c>services.json</c>.</summary>
    public static void ReadServices(JsonElement root, ListFields fields, ListRows rows)
    {
        foreach (JsonProperty category in fields.Object(root.GetProperty("categories"), "categories"))
        {
            int number = 0;
            foreach (JsonElement entry in fields.List(category.Value, $"categories.{category.Name}"))
            {
                string place = $"categories.{category.Name}[{number++}]";
                foreach (JsonProperty company in fields.Object(entry, place))
                    ReadCompany(company, place, s_categories.Of(category.Name), fields, rows);
            }
        }
    }

    /// <summary>Adds a row for each domain of <c>entities.json</c>.</summary>
    public static void ReadEntities(JsonElement root, ListFields fields, ListRows rows)
    {
        foreach (JsonProperty entity in fields.Object(root.GetProperty("entities"), "entities"))
        {
            string place = $"entities.{entity.Name}";
            string? company = fields.Name(entity.Name, place);
            foreach (JsonProperty domains in fields.Object(entity.Value, place).Where(static field => s_domainFields.Contains(field.Name)))
            {
                foreach (string domain in fields.Texts(domains.Value, $"{place}.{domains.Name}"))
                    rows.Add($"{place}.{domains.Name}", domain, service: null, company, ListCategory.Unsaid);
            }
        }
    }

    private static void ReadCompany(JsonProperty company, string place, ListCategory category, ListFields fields, ListRows rows)
    {
        place = $"{place}.{company.Name}";
        string? name = fields.Name(company.Name, place);
        foreach (JsonProperty site in fields.Object(company.Value, place))
        {
            string where = $"{place}.{site.Name}";
            if (site.Value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False)
                continue;
            foreach (string domain in fields.Texts(site.Value, where))
                rows.Add(where, domain, service: null, name, category);
        }
    }
}
