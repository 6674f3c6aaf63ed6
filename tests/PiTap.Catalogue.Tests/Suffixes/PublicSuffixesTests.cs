using CsCheck;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Tests.Suffixes;

public sealed class PublicSuffixesTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Repository.DataFolder, "sets", "public-suffixes.txt"));

    private static readonly PublicSuffixes s_suffixes =
        PublicSuffixes.Parse(s_text, out string? error) ?? throw new InvalidDataException(error);

    /// <summary>The cases that the list's own test data ask for, and names that phones look up.</summary>
    [Theory]
    [InlineData("com", "")]
    [InlineData("example.com", "example.com")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("WwW.Example.COM", "Example.COM")]
    [InlineData("www.example.com.", "example.com")]
    [InlineData("co.uk", "")]
    [InlineData("www.example.co.uk", "example.co.uk")]
    [InlineData("ck", "")]
    [InlineData("test.ck", "")]
    [InlineData("b.test.ck", "b.test.ck")]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("www.www.ck", "www.ck")]
    [InlineData("c.kobe.jp", "")]
    [InlineData("b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("city.kobe.jp", "city.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")]
    [InlineData("ide.kyoto.jp", "")]
    [InlineData("a.b.ide.kyoto.jp", "b.ide.kyoto.jp")]
    [InlineData("www.example.xn--55qx5d.cn", "example.xn--55qx5d.cn")]
    [InlineData("example.unlisted", "example.unlisted")]
    [InlineData("b.example.unlisted", "example.unlisted")]
    [InlineData("user.github.io", "user.github.io")]
    [InlineData("qos-america.agoralab.co", "agoralab.co")]
    [InlineData("dl-obs.official.line.naver.jp", "naver.jp")]
    [InlineData("192.0.2.1", "")]
    [InlineData("localhost", "")]
    [InlineData("", "")]
    [InlineData(".", "")]
    [InlineData("..", "")]
    [InlineData("a..", "")]
    [InlineData(".com", "")]
    [InlineData("a..com", "")]
    public void One_label_more_than_the_suffix_is_what_somebody_registered(string host, string registrable) =>
        Assert.Equal(registrable, s_suffixes.GetRegistrable(host).ToString());

    [Theory]
    [InlineData("www.example.co.uk", true)]
    [InlineData("example.com.", true)]
    [InlineData("EXAMPLE.COM", true)]
    [InlineData("co.uk", false)]
    [InlineData("com", false)]
    [InlineData("nas.lan", false)]
    [InlineData("nas.local", false)]
    [InlineData("nas.home.arpa", false)]
    [InlineData("1.1.168.192.in-addr.arpa", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("", false)]
    public void A_name_is_public_if_somebody_registered_it_below_a_top_level_domain(string host, bool isPublic) =>
        Assert.Equal(isPublic, s_suffixes.IsPublic(host));

    [Fact]
    public void A_name_longer_than_DNS_allows_has_none()
    {
        string longest = new string('a', DomainName.MaxLength - ".com".Length) + ".com";
        Assert.Equal(longest, s_suffixes.GetRegistrable(longest).ToString());
        Assert.Equal("", s_suffixes.GetRegistrable("a" + longest).ToString());
    }

    [Fact]
    public void Every_rule_of_the_file_is_taken() =>
        Assert.Equal(s_text.Split('\n').Count(static line => line.Length > 0 && line[0] != '#'), s_suffixes.Count);

    [Theory]
    [InlineData("COM")]
    [InlineData("*.*.ck")]
    [InlineData("a.*.ck")]
    [InlineData("!ck")]
    [InlineData("co.uk ")]
    [InlineData("..uk")]
    [InlineData("net")]
    public void A_line_that_is_no_rule_or_a_double_is_refused(string line)
    {
        Assert.Null(PublicSuffixes.Parse($"# head\nnet\n{line}\n", out string? error));
        Assert.StartsWith($"line 3: '{line}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        string[] hosts = ["a.b.c.d.e.f.g.h.example.co.uk", "www.city.kobe.jp", "com", "192.0.2.1"];
        _ = CountAll(hosts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
            _ = CountAll(hosts);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_found_is_the_end_of_the_name_at_a_border_of_labels()
    {
        Gen.Char["acokujpbe.-\0é*"].Array[0, 80].Sample(static characters =>
        {
            string host = new(characters);
            string found = s_suffixes.GetRegistrable(host).ToString();
            Assert.True(found.Length == 0 || ("." + host.TrimEnd('.')).EndsWith("." + found, StringComparison.Ordinal), host);
            Assert.True(found.Length == 0 || found.Contains('.', StringComparison.Ordinal), host);
        });
    }

    private static int CountAll(string[] hosts)
    {
        int count = 0;
        foreach (string host in hosts)
            count += s_suffixes.GetRegistrable(host).Length;
        return count;
    }
}
