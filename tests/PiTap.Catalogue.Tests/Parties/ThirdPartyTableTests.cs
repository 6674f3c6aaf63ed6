using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Tables;
using PiTap.Catalogue.Tests.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Parties;

public sealed class ThirdPartyTableTests
{
    private static readonly string s_head = string.Concat(PackedBytes.Description.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => $"# {line}\n"));

    private static readonly ThirdPartyTable s_table = Parse(
        "*.ads.example\tAds\tExample\tads\n*.shop.example\tShop\tOther\t-\n"
        + "ads.example\tAds home\tExample\t-\nwww.site.example\tSite\tOther\t-\n");

    [Theory]
    [InlineData("ads.example", "Ads home")]
    [InlineData("x.ads.example", "Ads")]
    [InlineData("X.ADS.example.", "Ads")]
    [InlineData("WWW.site.example.", "Site")]
    [InlineData("a.www.site.example", null)]
    [InlineData("site.example", null)]
    [InlineData("notads.example", null)]
    [InlineData("", null)]
    public void A_host_finds_its_own_row_or_that_of_the_domain_above(string host, string? service)
    {
        Assert.Equal(service is not null, s_table.TryFind(host, out ThirdPartyRow? row));
        Assert.Equal(service, row?.Service);
    }

    [Fact]
    public void The_head_says_where_it_comes_from() =>
        Assert.Equal(("test", "1.0.0", 4), (s_table.Description.Name, s_table.Description.Version, s_table.Description.Rows));

    [Theory]
    [InlineData("a b.example\tAds\tExample\tads\n", "'a b.example' is no domain in small ASCII letters")]
    [InlineData("a.example\tAds\tExample\tcalls\n", "category 'calls' is not on the list")]
    [InlineData("a.example\tAds\tExample\n", "3 fields, not 4")]
    public void A_line_that_is_wrong_is_refused(string rows, string reason)
    {
        Assert.Null(ThirdPartyTable.Parse(new TableFile("t.tsv", s_head + rows), out IReadOnlyList<TableError> errors));
        Assert.Equal($"t.tsv:{1 + s_head.Count(static character => character == '\n')}: {reason}", Assert.Single(errors).ToString());
    }

    [Fact]
    public void A_file_that_does_not_say_where_it_comes_from_is_refused()
    {
        Assert.Null(ThirdPartyTable.Parse(new TableFile("t.tsv", "a.example\tAds\tExample\tads\n"), out IReadOnlyList<TableError> errors));
        Assert.Equal("t.tsv:1: it does not say its set", Assert.Single(errors).ToString());
    }

    [Fact]
    public void The_own_table_comes_first_and_lends_home_countries()
    {
        DomainParties parties = new(PartyTexts.Parse(PartyTexts.Row("calls.ads.example")), [], s_table);
        Assert.True(parties.TryFind("a.calls.ads.example", out DomainParty party));
        Assert.Equal(new DomainParty("Calls", "Example", PartyCategory.Rtc, "SG", "calls.ads.example", Confidence.Certain,
            "https://example.com/firewall"), party);
        Assert.Equal("domain calls.ads.example", party.Reason);
        Assert.True(parties.TryFind("b.ads.example", out party));
        Assert.Equal(new DomainParty("Ads", "Example", PartyCategory.Ads, "SG", "ads.example", Confidence.Likely, "https://example.com/"),
            party);
        Assert.True(parties.TryFind("b.shop.example", out party));
        Assert.Equal(("Other", PartyCategory.None, null), (party.Company, party.Category, party.HomeCountry));
        Assert.False(parties.TryFind("c.example", out party));
        Assert.Equal(default, party);
    }

    private static ThirdPartyTable Parse(string rows) =>
        ThirdPartyTable.Parse(new TableFile("t.tsv", s_head + rows), out IReadOnlyList<TableError> errors)
        ?? throw new InvalidDataException(string.Join('\n', errors));
}
