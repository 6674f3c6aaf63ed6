using System.Text;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Tests.Import;

/// <summary>Small lists, made up, in the forms of those that people may have; and what is made of lists.</summary>
internal static class ListTexts
{
    public const string AdGuardTrackers = """
        {
          "timeUpdated": "2026-07-20T11:02:11.184Z",
          "categories": { "4": "advertising", "6": "site_analytics", "9": "cdn", "101": "mobile_analytics" },
          "trackers": {
            "adex": { "name": "Example Ads ", "categoryId": 4, "url": "https://ads.example.com/", "companyId": "exco" },
            "count": { "name": "Counter", "categoryId": 101, "url": null, "companyId": null, "source": "AdGuard" },
            "odd": { "name": "Odd", "categoryId": 77, "url": null, "companyId": "gone" }
          },
          "trackerDomains": {
            "ads.example.com": "adex", "ADEX.example.net": "adex", "count.example.org": "count", "odd.example.org": "odd",
            "lost.example.org": "another"
          }
        }
        """;

    public const string AdGuardCompanies = """
        {
          "timeUpdated": "2026-07-21T00:00:00Z",
          "companies": {
            "exco": { "name": "Example Company", "websiteUrl": "https://example.com/", "description": "…" },
            "other": { "name": null, "websiteUrl": null, "description": null }
          }
        }
        """;

    public const string DuckDuckGoWeb = """
        {
          "_builtWith": { "tracker-radar": "0123" },
          "readme": "https://example.com/",
          "trackers": {
            "ads.example.com": {
              "domain": "ads.example.com", "owner": { "name": "Example Company, Inc.", "displayName": "Example Company" },
              "prevalence": 0.01, "fingerprinting": 3, "cookies": 0.001, "categories": ["Analytics", "Advertising", "Unheard Of"],
              "default": "block", "rules": [{ "rule": "ads\\.example\\.com\\/a(b|c)+", "exceptions": { "types": ["script"] } }]
            },
            "static.example.net": { "domain": "static.example.net", "owner": { "name": "Static Ltd." }, "default": "ignore" },
            "nobody.example.net": { "domain": "nobody.example.net", "owner": null, "default": "ignore" }
          },
          "entities": { "Example Company, Inc.": { "domains": ["example.com"], "prevalence": 1, "displayName": "Example Company" } },
          "domains": { "example.com": "Example Company, Inc.", "example.org": "Somebody Else" },
          "cnames": { "a.example.org": "x.ads.example.com" }
        }
        """;

    public const string DuckDuckGoApps = """
        {
          "readme": "https://example.com/", "version": 1688648647512,
          "trackers": {
            "sdk.example.com": { "owner": { "name": "Example Company, Inc.", "displayName": "Example Company" }, "default": "block" }
          },
          "packageNames": { "com.example.app": "Example Company, Inc." },
          "entities": { "Example Company, Inc.": { "score": 3, "signals": ["AAID"] } }
        }
        """;

    public const string DisconnectServices = """
        {
          "license": "Copyright Example / Licensed under the Creative Commons Attribution-NonCommercial-ShareAlike 4.0 license.",
          "categories": {
            "FingerprintingInvasive": [ { "Example Ads": { "https://ads.example.com/": ["ads.example.com", "fp.example.com"] } } ],
            "Analytics": [
              { "Example Ads": { "https://ads.example.com/": ["ads.example.com"], "session-replay": "true" } },
              { "Counter ": { "https://example.org/": ["count.example.org", "example.org/count/1"], "dnt": "eff" } }
            ],
            "Advertising": [ { "Example Ads": { "https://ads.example.com/": ["ads.example.com"], "performance": true } } ]
          }
        }
        """;

    public const string DisconnectEntities = """
        {
          "license": "GNU General Public License",
          "entities": {
            "Example Ads": { "properties": ["ads.example.com", "Example.com"], "resources": ["example.com", "cdn.example.net"] },
            "Counter": { "properties": ["example.org"], "resources": [] }
          }
        }
        """;

    public const string Exodus = """
        {
          "trackers": {
            "1": {
              "id": 1, "name": "Example SDK", "description": "## About\r\n…", "creation_date": "2017-09-24",
              "code_signature": "com.example.sdk.", "network_signature": "sdk\\.example\\.com|\\.example\\-sdk\\.example|a[0-9]*\\.example",
              "website": "https://example.com", "categories": ["Analytics", "Advertisement"], "documentation": []
            },
            "2": {
              "id": 2, "name": "Crashes", "code_signature": "com.example.crash.", "website": "https://example.com",
              "network_signature": "crash\\.example\\.com|.*\\.crash\\.example|192\\.0\\.2\\.1|crash.example.net",
              "categories": ["Crash reporting"]
            },
            "3": { "id": 3, "name": "Silent", "network_signature": "", "categories": [] },
            "4": { "id": 4, "name": "Silent too", "network_signature": null }
          }
        }
        """;

    public static ImportFile File(string name, string text, int year = 2026) =>
        new(name, Encoding.UTF8.GetBytes(text), new DateOnly(year, 5, 6));

    public static ImportedSet Make(params ImportFile[] files) =>
        SetImport.Read(files, "hosted", out string? error) ?? throw new InvalidDataException(error);

    public static string? ErrorOf(params ImportFile[] files)
    {
        ImportedSet? set = SetImport.Read(files, "hosted", out string? error);
        Assert.Equal(set is null, error is not null);
        return error;
    }

    public static string? ErrorOf(string text) => ErrorOf(File("x.json", text));

    /// <summary>The rows of a set, without the head, their fields between bars.</summary>
    public static string[] Rows(ImportedSet set)
    {
        Assert.Null(SetImport.Check(set.Description.Name, set.File));
        return [.. Encoding.UTF8.GetString(set.File.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => !line.StartsWith('#')).Select(static line => line.Replace('\t', '|'))];
    }

    public static Lookups Load(params ImportedSet[] sets) =>
        Lookups.Load(sets.ToDictionary(static set => set.Description.Name, static set => set.File));

    public static DomainParty Find(Lookups lookups, string host)
    {
        Assert.True(lookups.Domains.TryFind(host, out DomainParty party));
        return party;
    }
}
