using System.Text.Json;
using PiTap.Catalogue.Profiles;
using AppProfiles = PiTap.Catalogue.Profiles.Profiles;

namespace PiTap.Catalogue.Tests.Profiles;

/// <summary>The profiles that the program carries.</summary>
public sealed class OwnProfilesTests
{
    private const int MinProfiles = 9;

    private static readonly string s_folder = Path.Combine(Repository.DataFolder, "profiles");
    private static readonly AppProfiles s_profiles = AppProfiles.Load(null);

    [Fact]
    public void Every_file_is_carried()
    {
        string[] files = [.. Directory.EnumerateFiles(s_folder, "*.json").Select(static path => Path.GetFileNameWithoutExtension(path))
            .Where(static name => name != "profile.schema").Order(StringComparer.Ordinal)];
        Assert.Equal(files, s_profiles.All.Select(static profile => profile.Id));
        Assert.True(files.Length >= MinProfiles, $"{files.Length} profiles");
    }

    [Fact]
    public void Recipients_are_spelled_as_the_tables_do_or_have_domains()
    {
        HashSet<string> companies =
            [.. Repository.ReadPartyTable().Rows.Select(static row => row.Company.Name), .. Repository.ReadThirdParties()];
        Assert.All(s_profiles.All, profile => Assert.All(profile.Declared, recipient =>
            Assert.True(recipient.Domains.Count > 0 || companies.Contains(recipient.Company), $"{profile.Id}: {recipient.Company}")));
    }

    /// <summary>What the researchers found in February 2021 was the app's own, or was not mentioned.</summary>
    [Theory]
    [InlineData("www.clubhouseapi.com", "Clubhouse", true)]
    [InlineData("clubhouseprod.s3.amazonaws.com", "Amazon", true)]
    [InlineData("s3.amazonaws.com", "Amazon", false)]
    [InlineData("qos-america.agoralab.co", "Agora", false)]
    [InlineData("ap3.agora.io", "Agora", false)]
    [InlineData("", "EnjoyVC", false)]
    public void Clubhouse_in_2021_declared_nobody(string host, string company, bool isOwn)
    {
        Assert.True(s_profiles.TryFind("clubhouse-2021", out AppProfile? profile));
        Assert.Equal(isOwn, profile.Owns(host));
        Assert.False(profile.TryFindDeclared(host, company, out _));
        Assert.Equal(new DateOnly(2021, 2, 12), profile.PolicyDate);
    }

    [Fact]
    public void The_published_schema_has_the_fields_and_caps_that_are_held()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_folder, "profile.schema.json")));
        JsonElement root = document.RootElement;
        JsonElement definitions = root.GetProperty("$defs");
        JsonElement entry = root.GetProperty("properties").GetProperty("declared").GetProperty("items");
        Assert.Equal(["$schema", "id", "app", "publisher", "ownDomains", "policy", "note", "declared"], Fields(root));
        Assert.Equal(["company", "domains", "source"], Fields(entry));
        Assert.Equal(["url", "date", "accessed"], Fields(definitions.GetProperty("source")));
        Assert.Equal(120, definitions.GetProperty("text").GetProperty("maxLength").GetInt32());
        Assert.Equal(250, definitions.GetProperty("domains").GetProperty("maxItems").GetInt32());
        Assert.Equal(250, root.GetProperty("properties").GetProperty("declared").GetProperty("maxItems").GetInt32());
        Assert.Equal(500, root.GetProperty("properties").GetProperty("note").GetProperty("maxLength").GetInt32());
        Assert.All([root, entry, definitions.GetProperty("source")],
            static element => Assert.False(element.GetProperty("additionalProperties").GetBoolean()));
    }

    private static string[] Fields(JsonElement element) =>
        [.. element.GetProperty("properties").EnumerateObject().Select(static property => property.Name)];
}
