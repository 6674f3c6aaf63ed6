using PiTap.Catalogue.Import;
using PiTap.Catalogue.Packed;
using static PiTap.Catalogue.Tests.Import.ListTexts;

namespace PiTap.Catalogue.Tests.Import;

/// <summary>What is made of each list.</summary>
public sealed class ListImportTests
{
    [Fact]
    public void AdGuards_trackers_have_their_service_company_and_category()
    {
        ImportedSet set = Make(File("t", AdGuardTrackers), File("c", AdGuardCompanies));
        Assert.Equal(
            [
                "*.adex.example.net|Example Ads|Example Company|ads", "*.ads.example.com|Example Ads|Example Company|ads",
                "*.count.example.org|Counter|-|analytics", "*.odd.example.org|Odd|-|-",
            ], Rows(set));
        Assert.Equal("Left out: names of trackers that the file does not have (1).", set.Note);
    }

    [Fact]
    public void AdGuards_trackers_alone_name_services_and_say_what_is_missing()
    {
        ImportedSet set = Make(File("t", AdGuardTrackers));
        Assert.Contains("*.ads.example.com|Example Ads|-|ads", Rows(set));
        Assert.Equal("It names services without their companies; these are in companies.json: name both files to have them. "
            + "Left out: names of trackers that the file does not have (1).", set.Note);
    }

    [Fact]
    public void AdGuards_companies_alone_are_refused_with_what_is_missing() => Assert.Equal(
        "c: it is AdGuard's list of companies, which names no domains: name trackers.json too, which does",
        ErrorOf(File("c", AdGuardCompanies)));

    [Fact]
    public void DuckDuckGos_trackers_have_their_owner_as_it_is_called_and_entities_their_domains()
    {
        ImportedSet set = Make(File("w", DuckDuckGoWeb), File("a", DuckDuckGoApps));
        Assert.Equal(
            [
                "*.ads.example.com|Example Company|Example Company|ads", "*.example.com|Example Company|Example Company|-",
                "*.example.org|Somebody Else|Somebody Else|-", "*.sdk.example.com|Example Company|Example Company|-",
                "*.static.example.net|Static Ltd.|Static Ltd.|-",
            ], Rows(set));
        Assert.Equal("Left out: names without an owner (1).", set.Note);
    }

    [Fact]
    public void Disconnects_companies_have_the_category_that_says_most_and_entities_the_domains_without_one()
    {
        ImportedSet set = Make(File("e", DisconnectEntities), File("s", DisconnectServices));
        Assert.Equal(
            [
                "*.ads.example.com|Example Ads|Example Ads|ads", "*.cdn.example.net|Example Ads|Example Ads|-",
                "*.count.example.org|Counter|Counter|analytics", "*.example.com|Example Ads|Example Ads|-",
                "*.example.org|Counter|Counter|-", "*.fp.example.com|Example Ads|Example Ads|-",
            ], Rows(set));
        Assert.Equal("Left out: names with a path (1).", set.Note);
    }

    [Theory]
    [InlineData(DisconnectServices, 3)]
    [InlineData(DisconnectEntities, 4)]
    public void Either_of_Disconnects_files_will_do(string text, int rows) => Assert.Equal(rows, Rows(Make(File("x", text))).Length);

    [Fact]
    public void Of_Exodus_patterns_plain_domains_are_taken_and_the_others_counted()
    {
        ImportedSet set = Make(File("x", Exodus.Replace("|a[0-9]*\\\\.example", "", StringComparison.Ordinal)));
        Assert.Equal(
            [
                "*.crash.example.com|Crashes|-|crash", "*.crash.example.net|Crashes|-|crash", "*.example-sdk.example|Example SDK|-|ads",
                "*.sdk.example.com|Example SDK|-|ads",
            ], Rows(set));
        Assert.Equal("Left out: patterns that are no plain domains (2).", set.Note);
        Assert.Equal(["*.crash.example.com|Crashes|-|crash", "*.crash.example.net|Crashes|-|crash"], Rows(Make(File("x", Exodus))));
    }

    [Theory]
    [InlineData("{\"7\":{\"name\":\"A\",\"network_signature\":\"a\\\\.example\"}}")]
    [InlineData("{\"trackers\":[{\"name\":\"A\",\"network_signature\":\"a\\\\.example\"}]}")]
    public void Exodus_trackers_come_in_a_list_or_without_a_name_around_them_too(string text) =>
        Assert.Equal(["*.a.example|A|-|-"], Rows(Make(File("x", text))));

    [Fact]
    public void A_set_says_whose_list_it_is_of_which_day_and_under_which_licence()
    {
        Description(Make(File("t.json", AdGuardTrackers), File("c.json", AdGuardCompanies)),
            ("adguard", "service, company and category of a domain, by AdGuard", "-", "2026-07-21", "CC-BY-SA-4.0",
                "imported: t.json and c.json"));
        Description(Make(File("a.json", DuckDuckGoApps)),
            ("duckduckgo", "service, company and category of a domain, by DuckDuckGo", "1688648647512", "2026-05-06", "CC-BY-NC-SA-4.0",
                "imported: a.json"));
        Description(Make(File("s.json", DisconnectServices)),
            ("disconnect", "service, company and category of a domain, by Disconnect", "-", "2026-05-06", "CC-BY-NC-SA-4.0",
                "imported: s.json"));
        Description(Make(File("x.json", Exodus)),
            ("exodus", "service, company and category of a domain, by Exodus", "-", "2026-05-06", "that of Exodus Privacy",
                "imported: x.json"));
        Assert.Equal("GPL-3.0-or-later", Make(File("e.json", DisconnectEntities)).Description.Licence);
    }

    [Fact]
    public void A_mark_at_the_beginning_and_blanks_do_not_matter_and_neither_does_the_name()
    {
        string[] rows = Rows(Make(File("services.json", DisconnectServices)));
        Assert.Equal(rows, Rows(Make(File("trackers.csv", "\ufeff\r\n\t " + DisconnectServices))));
    }

    [Fact]
    public void What_two_companies_are_said_to_run_is_left_out_and_two_services_of_one_are_the_company()
    {
        ImportedSet set = Make(File("x", """
            { "categories": { "Social": [
                { "A": { "u": ["both.example", "a.example", "a.example"] } }, { "B": { "u": ["both.example", "b.example"] } } ] } }
            """));
        Assert.Equal(["*.a.example|A|A|social", "*.b.example|B|B|social"], Rows(set));
        Assert.Equal("Left out: names that are said to be of several owners (1).", set.Note);
        set = Make(
            File("t", """
            { "categories": {}, "trackers": { "1": { "name": "One", "companyId": "c" }, "2": { "name": "Two", "companyId": "c" } },
              "trackerDomains": { "a.example": "1", "A.example": "2", "b.example": "2", "b.example": "2" } }
            """), File("c", "{\"companies\":{\"c\":{\"name\":\"Company\"}}}"));
        Assert.Equal(["*.a.example|Company|Company|-", "*.b.example|Two|Company|-"], Rows(set));
    }

    [Fact]
    public void Names_that_no_company_can_own_alone_are_left_out()
    {
        ImportedSet set = Make(File("x", """
            { "categories": { "Social": [ { "A": { "u": ["a.example", "co.uk", "cloudfront.net", "192.0.2.1"] } } ] } }
            """));
        Assert.Equal(["*.a.example|A|A|social"], Rows(set));
        Assert.Equal("Left out: addresses (1), public suffixes (2).", set.Note);
    }

    [Fact]
    public void A_name_in_its_ASCII_form_and_one_of_253_characters_are_taken()
    {
        string longest = string.Concat(Enumerable.Repeat(new string('a', 62) + ".", 4))[..^1] + ".a";
        Assert.Equal(253, longest.Length);
        Assert.Equal([$"*.{longest}|A|A|-", "*.xn--bcher-kva.example|A|A|-"],
            Rows(Make(File("x", Services($"\"xn--bcher-kva.example\",\"{longest}\"")))));
        Assert.NotNull(ErrorOf(Services($"\"a{longest}\"")));
    }

    internal static string Services(string domains, string company = "A") =>
        "{\"categories\":{\"Content\":[{\"" + company + "\":{\"https://example.com/\":[" + domains + "]}}]}}";

    private static void Description(
        ImportedSet set, (string Name, string Title, string Version, string Date, string Licence, string Source) expected)
    {
        SetDescription said = set.Description;
        Assert.Equal(expected, (said.Name, said.Title, said.Version, $"{said.Date:yyyy-MM-dd}", said.Licence, said.Source));
        Assert.Equal(Rows(set).Length, said.Rows);
        SetDescription read = Assert.Single(Load(set).Sets, loaded => loaded.Name == said.Name);
        Assert.Equal(said, read with { Bytes = 0 });
        Assert.True(Load(set).IsWhole(read));
    }
}
