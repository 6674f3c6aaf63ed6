using System.Globalization;
using System.Text;
using PiTap.Catalogue.Suffixes;
using PiTap.Catalogue.Tests.Parties;

namespace PiTap.Catalogue.Tests;

/// <summary>How much the data may hold, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class CapTests
{
    private static readonly PublicSuffixes s_one = PublicSuffixes.Parse("com\n", out _)!;

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [Trait("cap", "Catalogue.DomainName.MaxLength")]
    public void A_name_has_so_many_characters(int characters, bool isRegistrable)
    {
        string name = "example.com".PadLeft(characters, 'a');
        Assert.Equal(isRegistrable ? name : "", s_one.GetRegistrable(name).ToString());
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [Trait("cap", "Catalogue.DomainName.MaxLabelLength")]
    public void A_label_of_a_rule_has_so_many_characters(int characters, bool isRule) =>
        Assert.Equal(isRule, PublicSuffixes.Parse($"com\n{new string('a', characters)}.com\n", out _) is not null);

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    [Trait("cap", "Catalogue.PublicSuffixes.MaxRules")]
    public void A_list_of_suffixes_has_so_many_lines(int lines, bool isRead)
    {
        StringBuilder text = new();
        for (int i = 0; i < lines; i++)
            text.Append(CultureInfo.InvariantCulture, $"a{i}\n");
        Assert.Equal(isRead, PublicSuffixes.Parse(text.ToString(), out string? error) is not null);
        Assert.Equal(isRead ? null : "line 100001: 'a100000' is no rule, a double, or more than 100000 lines", error);
    }

    [Fact]
    [Trait("cap", "Catalogue.PartyTableParser.MaxNameLength")]
    public void A_name_in_the_table_has_at_most_48_characters() => Assert.Equal(
        ["rows.tsv:1: the service's name has 49 characters, more than 48"],
        Errors(PartyTexts.Row("a.example", service: new string('x', 49))));

    [Fact]
    [Trait("cap", "Catalogue.PartyTableParser.MaxRows")]
    public void The_table_has_at_most_fifty_thousand_rows()
    {
        StringBuilder rows = new();
        for (int i = 0; i <= 50_000; i++)
            rows.Append(PartyTexts.Row(string.Create(CultureInfo.InvariantCulture, $"a{i:D5}.example")));
        Assert.Equal(["rows.tsv:50001: more than 50000 rows"], Errors(rows.ToString()));
    }

    private static string[] Errors(string rows) => PartyTexts.Errors(("companies.tsv", PartyTexts.Companies), ("rows.tsv", rows));
}
