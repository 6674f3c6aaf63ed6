using System.Text;
using PiTap.Catalogue.Profiles;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Tests.Profiles;

/// <summary>Profiles for tests, and what is said of them.</summary>
internal static class ProfileJson
{
    public const string Policy = """{"url": "https://talk.example.com/privacy", "date": "2026-01-31", "accessed": "2026-02-01"}""";

    public const string Talk = $$$"""
        {
          "$schema": "profile.schema.json",
          "id": "talk",
          "app": "Talk",
          "publisher": "Talk Ltd",
          "ownDomains": ["example.com"],
          "policy": {{{Policy}}},
          "note": "Made up.",
          "declared": [
            {"company": "Sentry"},
            {"company": "Voice Inc", "domains": ["voice.example.net", "v.example.org"],
              "source": {"url": "https://talk.example.com/partners", "accessed": "2026-02-02"}}
          ]
        }
        """;

    private static readonly PublicSuffixes s_suffixes = PublicSuffixes.Parse("com\nnet\norg\nuk\nco.uk\n", out _)!;

    public static ProfileReader Reader() => new(s_suffixes);

    public static AppProfile Read(string json)
    {
        ProfileReader reader = Reader();
        reader.Read("talk.json", Encoding.UTF8.GetBytes(json));
        Assert.Empty(reader.Errors);
        return Assert.Single(reader.Profiles);
    }

    /// <summary>What is said of a profile that is refused.</summary>
    public static string[] Errors(string json) => Errors(Encoding.UTF8.GetBytes(json));

    public static string[] Errors(byte[] bytes, string file = "talk.json")
    {
        ProfileReader reader = Reader();
        reader.Read(file, bytes);
        Assert.Empty(reader.Profiles);
        return [.. reader.Errors.Select(static error => error.ToString())];
    }
}
