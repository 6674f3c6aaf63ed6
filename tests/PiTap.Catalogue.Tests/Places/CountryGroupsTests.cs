using PiTap.Catalogue.Places;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Tests.Places;

public sealed class CountryGroupsTests
{
    private const string Tail = "\t-\thttps://example.com/\t2026-01-31\n";

    private static readonly CountryGroups s_groups = CountryGroups.Parse(
        new TableFile("groups.tsv", File.ReadAllText(Path.Combine(Repository.DataFolder, "places", "groups.tsv"))), out _)!;

    [Theory]
    [InlineData("DE", "EuropeanUnion EuropeanEconomicArea")]
    [InlineData("NO", "EuropeanEconomicArea")]
    [InlineData("CH", "Adequacy")]
    [InlineData("GB", "Adequacy FiveEyes")]
    [InlineData("US", "Adequacy FiveEyes")]
    [InlineData("AU", "FiveEyes")]
    [InlineData("CN", "")]
    [InlineData("XX", "")]
    public void A_country_has_its_groups(string code, string groups) =>
        Assert.Equal(groups.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            s_groups.Find(code).Select(static row => row.Group.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(CountryGroup.EuropeanUnion, 27)]
    [InlineData(CountryGroup.EuropeanEconomicArea, 30)]
    [InlineData(CountryGroup.Adequacy, 16)]
    [InlineData(CountryGroup.FiveEyes, 5)]
    public void A_group_has_all_its_countries(CountryGroup group, int count) =>
        Assert.Equal(count, s_groups.Rows.Count(row => row.Group == group));

    [Fact]
    public void A_limit_is_said() =>
        Assert.Equal("companies in the EU-US Data Privacy Framework",
            s_groups.Find("US").Single(static row => row.Group == CountryGroup.Adequacy).OnlyFor);

    [Theory]
    [InlineData("UK\tEU" + Tail, "g.tsv:1: 'UK' is not an ISO 3166 code")]
    [InlineData("GB\tEFTA" + Tail, "g.tsv:1: group 'EFTA' is not on the list")]
    [InlineData("GB\tEU" + Tail + "GB\tEU" + Tail, "g.tsv:2: 'GB EU' stands in g.tsv:1 already")]
    [InlineData("GB\tEU" + Tail + "DE\tEU" + Tail, "g.tsv:2: not sorted: 'DE EU' belongs before 'GB EU'")]
    [InlineData("GB\tEU\t-\t-\t2026-01-31\n", "g.tsv:1: source '-' is not an https address")]
    [InlineData("GB\tEU" + "\t-\thttps://example.com/\t2026-01-31", "g.tsv:0: the file does not end with a line feed")]
    public void A_line_that_is_wrong_is_refused(string text, string error)
    {
        Assert.Null(CountryGroups.Parse(new TableFile("g.tsv", text), out IReadOnlyList<TableError> errors));
        Assert.Equal(error, Assert.Single(errors).ToString());
    }
}
