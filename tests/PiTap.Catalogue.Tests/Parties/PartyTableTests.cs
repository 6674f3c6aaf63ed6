using CsCheck;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Parties;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Parties;

public sealed class PartyTableTests
{
    private static readonly PartyTable s_table = PartyTexts.Parse(
        PartyTexts.Row("192.0.2.0/28", "Example range"),
        PartyTexts.Row("198.51.100.1", "Example address"),
        PartyTexts.Row("2001:db8:1::/48", "Example range six"),
        PartyTexts.Row("AS64500", "Example network"),
        PartyTexts.Row("agora.example", "Calls"),
        PartyTexts.Row("edge.agora.example", "Relays"));

    [Theory]
    [InlineData("agora.example", "agora.example")]
    [InlineData("ap1.agora.example", "agora.example")]
    [InlineData("AP1.Agora.EXAMPLE", "agora.example")]
    [InlineData("agora.example.", "agora.example")]
    [InlineData("edge.agora.example", "edge.agora.example")]
    [InlineData("192-0-2-1.edge.agora.example", "edge.agora.example")]
    [InlineData("a.b.c.d.e.f.edge.agora.example", "edge.agora.example")]
    [InlineData("notedge.agora.example", "agora.example")]
    [InlineData("notagora.example", null)]
    [InlineData("agora.example.com", null)]
    [InlineData("example", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("..", null)]
    [InlineData(".agora.example", "agora.example")]
    public void The_longest_domain_at_a_border_of_labels_wins(string host, string? match)
    {
        Assert.Equal(match is not null, s_table.TryFindDomain(host, out PartyRow? row));
        Assert.Equal(match, row?.Match);
    }

    [Fact]
    public void A_name_longer_than_DNS_allows_is_not_looked_up()
    {
        string longest = new string('a', DomainName.MaxLength - ".agora.example".Length) + ".agora.example";
        Assert.True(s_table.TryFindDomain(longest, out _));
        Assert.False(s_table.TryFindDomain("a" + longest, out _));
    }

    [Fact]
    public void A_network_is_found_by_its_number()
    {
        Assert.True(s_table.TryFindNetwork(64500, out PartyRow? row));
        Assert.Equal("Example network", row.Service);
        Assert.False(s_table.TryFindNetwork(64501, out _));
    }

    [Theory]
    [InlineData("192.0.2.0", "Example range")]
    [InlineData("192.0.2.15", "Example range")]
    [InlineData("192.0.2.16", null)]
    [InlineData("192.0.1.255", null)]
    [InlineData("198.51.100.1", "Example address")]
    [InlineData("198.51.100.2", null)]
    [InlineData("2001:db8:1::5", "Example range six")]
    [InlineData("2001:db8:2::", null)]
    public void An_address_is_found_by_its_block(string address, string? service)
    {
        Assert.True(IpAddress.TryParse(address, out IpAddress parsed));
        Assert.Equal(service is not null, s_table.TryFindAddress(parsed, out PartyRow? row));
        Assert.Equal(service, row?.Service);
    }

    [Fact]
    public void A_row_carries_all_that_its_line_says()
    {
        Assert.True(s_table.TryFindDomain("agora.example", out PartyRow? row));
        Assert.Equal(PartyMatchKind.Domain, row.Kind);
        Assert.Equal(new Company("Example", "SG", "https://example.com/about", new DateOnly(2026, 1, 31)), row.Company);
        Assert.Equal(PartyCategory.Rtc, row.Category);
        Assert.Equal("https://example.com/firewall", row.Source);
        Assert.Equal(new DateOnly(2026, 2, 1), row.Checked);
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        char[] host = [.. "192-0-2-1.EDGE.agora.example."];
        IpAddress address = IpAddress.FromV4(0xc000_0205);
        _ = Find(host, address);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
            _ = Find(host, address);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Any_name_gets_an_answer()
    {
        Gen.Char["aAgorexmpl.-\0é"].Array[0, 300].Sample(static characters =>
        {
            bool isFound = s_table.TryFindDomain(characters, out PartyRow? row);
            Assert.Equal(isFound, row is not null);
        });
    }

    [Fact]
    public void A_name_finds_what_a_slow_search_finds()
    {
        Gen.Char["ae."].Array[0, 40].Select(static characters => new string(characters) + ".agora.example").Sample(static host =>
        {
            string? expected = s_table.Rows.Where(static row => row.Kind == PartyMatchKind.Domain)
                .Where(row => ("." + host).EndsWith("." + row.Match, StringComparison.Ordinal))
                .MaxBy(static row => row.Match.Length)?.Match;
            _ = s_table.TryFindDomain(host, out PartyRow? row);
            Assert.Equal(expected, row?.Match);
        });
    }

    private static int Find(ReadOnlySpan<char> host, IpAddress address) =>
        (s_table.TryFindDomain(host, out _) ? 1 : 0) + (s_table.TryFindAddress(address, out _) ? 1 : 0)
        + (s_table.TryFindNetwork(64500, out _) ? 1 : 0);
}
