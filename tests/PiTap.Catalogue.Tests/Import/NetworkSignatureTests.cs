using PiTap.Catalogue.Import;

namespace PiTap.Catalogue.Tests.Import;

public sealed class NetworkSignatureTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("a\\.example", "a.example", 0)]
    [InlineData("a.example", "a.example", 0)]
    [InlineData("\\.a\\.example|.b\\.Example|c\\-d\\.example", "a.example b.example c-d.example", 0)]
    [InlineData("|a\\.example|", "a.example", 0)]
    [InlineData("fidget|a\\.example|\\.name\\.", "a.example", 2)]
    [InlineData(".*\\.a\\.example|^b\\.example$|c+\\.example|d\\d\\.example", "", 4)]
    [InlineData("192\\.0\\.2\\.1|a\\.example:8080/x", "", 2)]
    [InlineData("a[0-9]*\\.example|b\\.example", "", 1)]
    [InlineData("(a|b\\.example|c)\\.example", "", 1)]
    [InlineData("a\\|b\\.example", "", 1)]
    [InlineData("a\\\\.example", "", 1)]
    public void Only_what_is_no_more_than_domains_is_taken(string signature, string domains, int others)
    {
        List<string> found = [];
        Assert.Equal(others, NetworkSignature.Read(signature, found));
        Assert.Equal(domains, string.Join(' ', found));
    }

    [Fact]
    public void A_pattern_that_never_ends_is_never_run()
    {
        string pattern = string.Concat(Enumerable.Repeat("a+", 50_000)) + "|b\\.example";
        List<string> found = [];
        Assert.Equal(1, NetworkSignature.Read(pattern, found));
        Assert.Equal(["b.example"], found);
    }
}
