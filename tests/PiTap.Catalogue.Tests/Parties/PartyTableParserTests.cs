using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Tables;
using static PiTap.Catalogue.Tests.Parties.PartyTexts;

namespace PiTap.Catalogue.Tests.Parties;

public sealed class PartyTableParserTests
{
    private static readonly string s_good = Row("a.example");

    [Fact]
    public void A_whole_table_has_no_errors() => Assert.Empty(ErrorsOf(s_good + Row("b.example")));

    [Theory]
    [InlineData("a.example\tCalls\n", "rows.tsv:1: 2 fields, not 7")]
    [InlineData("\n", "rows.tsv:1: 1 fields, not 7")]
    public void A_line_that_is_not_whole_is_refused(string text, string error) => Assert.Contains(error, ErrorsOf(text));

    [Fact]
    public void An_empty_field_is_refused() => Assert.Contains("rows.tsv:1: a field is empty", ErrorsOf(Row("a.example", service: "")));

    [Fact]
    public void Blanks_around_a_field_are_refused() =>
        Assert.Contains(
            "rows.tsv:1: 'Calls' stands between blanks or has a control character", ErrorsOf(Row("a.example", service: "Calls ")));

    [Fact]
    public void A_carriage_return_is_refused() =>
        Assert.Contains(
            "rows.tsv:1: '2026-02-01' stands between blanks or has a control character",
            ErrorsOf(s_good.Replace("\n", "\r\n", StringComparison.Ordinal)));

    [Fact]
    public void A_file_that_breaks_off_is_refused() =>
        AssertRefused("rows.tsv:0: the file does not end with a line feed", s_good.TrimEnd('\n'));

    [Fact]
    public void Comments_stand_at_the_head_only()
    {
        Assert.Empty(ErrorsOf("# match\n" + s_good));
        Assert.Contains("rows.tsv:2: 1 fields, not 7", ErrorsOf(s_good + "# later\n"));
    }

    [Fact]
    public void Lines_out_of_order_are_refused() =>
        AssertRefused("rows.tsv:2: not sorted: 'a.example' belongs before 'b.example'", Row("b.example") + s_good);

    [Fact]
    public void A_double_is_refused_in_the_same_file_and_in_another()
    {
        Assert.Contains("rows.tsv:2: 'a.example' stands in rows.tsv:1 already", ErrorsOf(s_good + s_good));
        Assert.Contains("second.tsv:1: 'a.example' stands in rows.tsv:1 already",
            Errors(("companies.tsv", Companies), ("rows.tsv", s_good), ("second.tsv", s_good)));
    }

    [Fact]
    public void A_row_below_another_one_that_says_the_same_is_refused()
    {
        AssertRefused("rows.tsv:2: 'x.y.a.example' says nothing that 'a.example' does not say", s_good + Row("x.y.a.example"));
        Assert.Empty(ErrorsOf(s_good + Row("x.a.example", service: "Other calls")));
        Assert.Empty(ErrorsOf(s_good + Row("x.a.example", category: "push")));
    }

    [Fact]
    public void A_row_that_turns_back_what_a_row_between_said_has_its_place() =>
        Assert.Empty(ErrorsOf(s_good + Row("x.a.example", category: "push") + Row("y.x.a.example")));

    [Fact]
    public void Blocks_of_addresses_that_overlap_are_refused()
    {
        AssertRefused("rows.tsv:2: '203.0.113.9' overlaps '203.0.113.0/24'", Row("203.0.113.0/24") + Row("203.0.113.9"));
        Assert.Equal(2, ErrorsOf(Row("203.0.113.0/24") + Row("203.0.113.1") + Row("203.0.113.9")).Length);
        Assert.Empty(ErrorsOf(Row("203.0.113.0/25") + Row("203.0.113.128/25")));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("fe80::1")]
    public void An_address_that_is_not_public_is_refused(string match) =>
        AssertRefused($"rows.tsv:1: '{match}' is no public address", Row(match));

    [Theory]
    [InlineData("example")]
    [InlineData("A.example")]
    [InlineData("a..example")]
    [InlineData(".a.example")]
    [InlineData("a.example.")]
    [InlineData("*.a.example")]
    [InlineData("-a.example")]
    [InlineData("m\u00fcnchen.example")]
    [InlineData("203.0.113.1/24")]
    [InlineData("203.0.113.300")]
    [InlineData("AS0")]
    [InlineData("AS4294967296")]
    [InlineData("AS-1")]
    [InlineData("as64500")]
    public void What_is_no_domain_network_or_block_is_refused(string match) =>
        AssertRefused(
            $"rows.tsv:1: '{match}' is neither a domain in small ASCII letters, nor AS and a number, nor a block of addresses", Row(match));

    [Fact]
    public void A_category_that_is_not_on_the_list_is_refused()
    {
        AssertRefused("rows.tsv:1: category 'calls' is not on the list", Row("a.example", category: "calls"));
        AssertRefused("rows.tsv:1: category 'none' is not on the list", Row("a.example", category: "none"));
    }

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://example/")]
    [InlineData("https://192.0.2.1/")]
    [InlineData("example.com")]
    [InlineData("-")]
    public void A_source_that_is_no_https_address_is_refused(string source) =>
        AssertRefused($"rows.tsv:1: source '{source}' is not an https address", Row("a.example", source: source));

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("26-02-01")]
    [InlineData("-")]
    public void A_day_that_does_not_exist_is_refused(string day) =>
        AssertRefused($"rows.tsv:1: date '{day}' is not of the form 2026-01-31", Row("a.example", day: day));

    [Fact]
    public void A_company_that_is_not_listed_is_refused() =>
        Assert.Contains("rows.tsv:1: companies.tsv has no company 'Nobody'", ErrorsOf(Row("a.example", company: "Nobody")));

    [Fact]
    public void A_country_other_than_the_company_s_is_refused() =>
        AssertRefused(
            "rows.tsv:1: home country 'US' is not the one that companies.tsv gives for 'Example': SG", Row("a.example", country: "US"));

    [Fact]
    public void A_company_with_a_country_that_does_not_exist_is_refused() =>
        Assert.Contains("companies.tsv:1: home country 'UK' is not an ISO 3166 code",
            Errors(("companies.tsv", "Example\tUK\thttps://example.com/\t2026-01-31\n"), ("rows.tsv", Row("a.example", country: "UK"))));

    [Fact]
    public void A_company_that_no_row_names_is_refused() =>
        Assert.Equal(["companies.tsv:1: no row names the company 'Alone'"],
            Errors(("companies.tsv", "Alone\tSG\t-\t-\n" + Companies.Split('\n')[1] + "\n"), ("rows.tsv", s_good)));

    [Fact]
    public void Common_knowledge_has_neither_source_nor_day()
    {
        TableFile[] files = [new TableFile("companies.tsv", "Example\tSG\t-\t-\n"), new TableFile("rows.tsv", s_good)];
        Assert.Equal(new Company("Example", "SG", null, null), PartyTable.Parse(files, out _)!.Rows[0].Company);
        Assert.Contains("companies.tsv:1: source '-' is not an https address",
            Errors(("companies.tsv", "Example\tSG\t-\t2026-01-31\n"), ("rows.tsv", s_good)));
    }

    [Fact]
    public void A_name_too_long_for_a_column_is_refused()
    {
        string name = new('x', PartyTableParser.MaxNameLength + 1);
        AssertRefused(
            $"rows.tsv:1: the service's name has {name.Length} characters, more than {PartyTableParser.MaxNameLength}",
            Row("a.example", service: name));
    }

    [Fact]
    public void Every_wrong_line_is_named() =>
        Assert.Equal(2, ErrorsOf(Row("a.example", category: "x") + Row("b.example", category: "y")).Length);

    private static void AssertRefused(string error, string rows) => Assert.Equal([error], ErrorsOf(rows));

    private static string[] ErrorsOf(string rows) => Errors(("companies.tsv", Companies), ("rows.tsv", rows));
}
