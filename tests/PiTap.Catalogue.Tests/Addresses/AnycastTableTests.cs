using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Tables;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Addresses;

public sealed class AnycastTableTests
{
    private const string Tail = "\tResolver\thttps://example.com/\t2026-01-31\n";

    [Fact]
    public void An_address_of_a_block_finds_its_row()
    {
        AnycastTable table = AnycastTable.Parse(new TableFile("a.tsv", $"# head\n198.51.100.0/24{Tail}2001:db8::/32{Tail}"), out _)!;
        Assert.True(IpAddress.TryParse("198.51.100.9", out IpAddress address));
        Assert.True(table.TryFind(address, out AnycastRow? row));
        Assert.Equal(new AnycastRow("198.51.100.0/24", "Resolver", "https://example.com/", new DateOnly(2026, 1, 31)), row);
        Assert.True(IpAddress.TryParse("198.51.101.0", out address));
        Assert.False(table.TryFind(address, out _));
    }

    [Theory]
    [InlineData("198.51.100.0/33" + Tail, "a.tsv:1: '198.51.100.0/33' is no block of addresses")]
    [InlineData("198.51.100.0/24" + Tail + "198.51.100.1" + Tail, "a.tsv:2: '198.51.100.1' overlaps '198.51.100.0/24'")]
    [InlineData("198.51.100.0/24\tResolver\tftp://a.example/\t2026-01-31\n", "a.tsv:1: source 'ftp://a.example/' is not an https address")]
    [InlineData("198.51.100.0/24\tResolver\n", "a.tsv:1: 2 fields, not 4")]
    public void A_line_that_is_not_whole_or_overlaps_is_refused(string text, string error)
    {
        Assert.Null(AnycastTable.Parse(new TableFile("a.tsv", text), out IReadOnlyList<TableError> errors));
        Assert.Equal(error, Assert.Single(errors).ToString());
    }

    [Fact]
    public void Sources_that_agree_disagree_or_stand_alone_are_told_apart()
    {
        AnycastRow anycast = new("9.9.9.0/24", "Quad9", "https://example.com/", new DateOnly(2026, 1, 31));
        (HostedIn Hosted, string? Country, Confidence Confidence, string? Reason)[] cases =
        [
            (new HostedIn("DE", "DE", null), "DE", Confidence.Certain, "two sources agree"),
            (new HostedIn("DE", "US", null), "DE", Confidence.Guess, "sources disagree: DE and US"),
            (new HostedIn("DE", null, null), "DE", Confidence.Likely, "one source only"),
            (new HostedIn(null, "US", null), "US", Confidence.Likely, "one source only"),
            (new HostedIn(null, null, null), null, Confidence.None, null),
            (new HostedIn("DE", "DE", anycast), null, Confidence.None, "Quad9 answers at 9.9.9.0/24 in many places"),
        ];
        Assert.All(cases, static item =>
        {
            Assert.Equal(item.Country, item.Hosted.Country);
            Assert.Equal(item.Confidence, item.Hosted.Confidence);
            Assert.Equal(item.Reason, item.Hosted.Reason);
        });
    }
}
