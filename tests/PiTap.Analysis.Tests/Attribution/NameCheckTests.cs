using PiTap.Analysis.Attribution;
using PiTap.Model;
using static PiTap.Analysis.Tests.Attribution.Servers;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>A name that a device tells a server, held against the address of that server.</summary>
public sealed class NameCheckTests
{
    private const uint Akamai = 20940, Cloudflare = 13335, Linode = 63949, Amazon = 16509, Carrier = 3320, Meta = 32934, Ripe = 3333;

    private readonly Attributor _attributor = new(Lookups);

    [Theory]
    [InlineData("graph.facebook.com", Meta)]
    [InlineData("graph.facebook.com", Akamai)]
    [InlineData("www.apple.com", Akamai)]
    [InlineData("www.apple.com", Cloudflare)]
    [InlineData("t.appsflyer.com", Amazon)]
    [InlineData("t.appsflyer.com", Akamai)]
    public void A_company_in_its_own_network_behind_a_CDN_or_without_one_in_a_cloud_is_certain(string host, uint network)
    {
        PartyAttribution who = Of(host, HostSource.TlsSni, NetworkAddress(network));
        Assert.Equal(Confidence.Certain, who.PartyConfidence);
        Assert.DoesNotContain("but", who.PartyReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("graph.facebook.com", Carrier, "Meta")]
    [InlineData("graph.facebook.com", Amazon, "Meta")]
    [InlineData("graph.facebook.com", Ripe, "Meta")]
    [InlineData("graph.facebook.com", Linode, "Meta")]
    [InlineData("t.appsflyer.com", Carrier, "AppsFlyer")]
    [InlineData("t.appsflyer.com", Meta, "AppsFlyer")]
    [InlineData("t.appsflyer.com", Ripe, "AppsFlyer")]
    public void A_company_where_it_has_nothing_of_its_own_is_likely_and_the_reason_says_so(string host, uint network, string company)
    {
        PartyAttribution who = Of(host, HostSource.TlsSni, NetworkAddress(network));
        Assert.Equal((company, Confidence.Likely), (who.Company, who.PartyConfidence));
        Assert.EndsWith(
            $", but AS{network} is not known to be of {company}, nor to serve for it", who.PartyReason, StringComparison.Ordinal);
    }

    [Fact]
    public void One_address_of_several_that_is_out_of_place_is_enough()
    {
        string own = NetworkAddress(Meta), other = NetworkAddress(Carrier);
        Assert.Equal(Confidence.Likely, Of("graph.facebook.com", HostSource.QuicSni, own, other).PartyConfidence);
    }

    [Fact]
    public void An_address_that_nobody_announces_bears_nothing_out()
    {
        PartyAttribution who = Of("graph.facebook.com", HostSource.HttpHost, "2001:4::1");
        Assert.Equal((Confidence.Likely, "domain facebook.com, but no network is known to have 2001:4::1"),
            (who.PartyConfidence, who.PartyReason));
    }

    [Theory]
    [InlineData(HostSource.TlsSni)]
    [InlineData(HostSource.QuicSni)]
    [InlineData(HostSource.HttpHost)]
    [InlineData(HostSource.SdRtn)]
    public void A_public_name_that_is_told_to_a_local_address_is_a_party(HostSource source)
    {
        PartyAttribution who = Of("qos-america.agoralab.co", source, "192.168.1.7");
        Assert.Equal(("Agora", PartyRole.ThirdParty, Confidence.Likely), (who.Company, who.Role, who.PartyConfidence));
        Assert.Equal("domain agoralab.co, at the local address 192.168.1.7", who.PartyReason);
        Assert.Empty(who.HostedIn);
        PartyAttribution unknown = Of("www.example.co.uk", source, "192.168.1.7");
        Assert.Equal("domain example.co.uk, which no table has, at the local address 192.168.1.7", unknown.PartyReason);
    }

    [Theory]
    [InlineData("nas.lan", HostSource.HttpHost, "192.168.1.7")]
    [InlineData("nas.local", HostSource.TlsSni, "192.168.1.7")]
    [InlineData("nas.home.arpa", HostSource.TlsSni, "192.168.1.7")]
    [InlineData("co.uk", HostSource.TlsSni, "192.168.1.7")]
    [InlineData("nas", HostSource.TlsSni, "192.168.1.7")]
    [InlineData("a b.example.com", HostSource.TlsSni, "192.168.1.7")]
    [InlineData("nas.example.com", HostSource.Dns, "192.168.1.7")]
    [InlineData("nas.example.com", HostSource.Certificate, "192.168.1.7")]
    [InlineData("www.example.com", HostSource.HttpHost, "239.255.255.250")]
    public void A_name_that_is_not_public_or_that_others_told_leaves_a_local_address_local(
        string host, HostSource source, string address) =>
        Assert.Equal(PartyRole.Local, Of(host, source, address).Role);

    private PartyAttribution Of(string host, HostSource source, params string[] addresses) =>
        _attributor.Attribute(Contact(host, source, addresses)).Attribution!;
}
