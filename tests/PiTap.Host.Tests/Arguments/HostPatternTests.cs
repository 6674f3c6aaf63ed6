using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Tests.Arguments;

public sealed class HostPatternTests
{
    [Theory]
    [InlineData("example.net", "example.net", true)]
    [InlineData("example.net", "collect.metrics.EXAMPLE.net", true)]
    [InlineData("example.net", "notexample.net", false)]
    [InlineData("example.net", "example.net.evil.org", false)]
    [InlineData("*.example.net", "a.example.net", true)]
    [InlineData(".net", "a.example.net", true)]
    [InlineData("metrics", "collect.metrics.example.net", true)]
    [InlineData("etric", "collect.metrics.example.net", true)]
    [InlineData("metrics", "img.talk.example.com", false)]
    [InlineData("*ics.example.net", "collect.metrics.example.net", true)]
    [InlineData("\u2026ics.example.net", "collect.metrics.example.net", true)]
    [InlineData("..ics.example.net", "collect.metrics.example.net", true)]
    [InlineData("collect.m*", "collect.metrics.example.net", true)]
    [InlineData("metrics.*", "collect.metrics.example.net", false)]
    [InlineData("*metrics.ex*", "collect.metrics.example.net", true)]
    [InlineData("10.42.0.1", "10.42.0.1", true)]
    [InlineData("10.42.0.1", "10.42.0.11", false)]
    [InlineData("10.42.0.0/24", "10.42.0.7", true)]
    [InlineData("10.42.0.0/24", "10.42.1.7", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    [InlineData("2001:DB8::1", "2001:db8::1", true)]
    public void A_host_is_meant_by_its_name_a_part_of_it_or_an_address(string text, string host, bool isMeant) =>
        Assert.Equal(isMeant, HostPattern.Parse(text)!.IsName(host));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("*")]
    [InlineData(" ")]
    public void What_names_nothing_is_refused(string text) => Assert.Null(HostPattern.Parse(text));

    [Theory]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.1", true)]
    [InlineData("192.0.2.1/32", "192.0.2.2", false)]
    [InlineData("2001:db8::1:0/112", "2001:db8::1:9", true)]
    [InlineData("2001:db8::1:0/112", "2001:db8::2:9", false)]
    public void A_network_has_its_addresses(string text, string address, bool isInside)
    {
        Assert.True(AddressRange.TryParse(text, out AddressRange? range));
        Assert.True(IpAddress.TryParse(address, out IpAddress parsed));
        Assert.Equal(isInside, range.Contains(parsed));
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("x/8")]
    public void What_is_no_network_is_refused(string text) => Assert.False(AddressRange.TryParse(text, out _));
}
