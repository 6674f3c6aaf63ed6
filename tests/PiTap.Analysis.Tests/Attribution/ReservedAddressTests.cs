using PiTap.Analysis.Attribution;
using PiTap.Model;
using static PiTap.Analysis.Tests.Attribution.Servers;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>Addresses that are set apart, of which sources say that they are somewhere.</summary>
public sealed class ReservedAddressTests
{
    private readonly Attributor _attributor = new(Lookups);

    [Theory]
    [InlineData("0.1.2.3", "0.0.0.0/8", "reserved for hosts without an address (RFC 791)")]
    [InlineData("192.0.0.8", "192.0.0.0/24", "reserved for protocols (RFC 6890)")]
    [InlineData("192.0.2.1", "192.0.2.0/24", "reserved for documentation (RFC 5737)")]
    [InlineData("192.88.99.1", "192.88.99.0/24", "reserved as it was for relays of 6to4 (RFC 7526)")]
    [InlineData("198.18.0.0", "198.18.0.0/15", "reserved for benchmarks (RFC 2544)")]
    [InlineData("198.19.255.254", "198.18.0.0/15", "reserved for benchmarks (RFC 2544)")]
    [InlineData("198.51.100.9", "198.51.100.0/24", "reserved for documentation (RFC 5737)")]
    [InlineData("203.0.113.255", "203.0.113.0/24", "reserved for documentation (RFC 5737)")]
    [InlineData("240.0.0.1", "240.0.0.0/4", "reserved for later (RFC 1112)")]
    [InlineData("64:ff9b:1::1", "64:ff9b:1::/48", "reserved for translation inside a network (RFC 8215)")]
    [InlineData("100::1", "100::/64", "reserved for what is to be discarded (RFC 6666)")]
    [InlineData("100:0:0:1::1", "100:0:0:1::/64", "reserved for what stands for no address (RFC 9780)")]
    [InlineData("2001:2::1", "2001:2::/48", "reserved for benchmarks (RFC 5180)")]
    [InlineData("2001:10::1", "2001:10::/28", "reserved as it was for identifiers of hosts (RFC 4843)")]
    [InlineData("2001:db8::1", "2001:db8::/32", "reserved for documentation (RFC 3849)")]
    [InlineData("3fff:fff::1", "3fff::/20", "reserved for documentation (RFC 9637)")]
    [InlineData("5f00::1", "5f00::/16", "reserved for segment routing (RFC 9602)")]
    public void Nothing_is_said_of_the_place_of_a_reserved_address_but_what_it_is_for(string address, string block, string reason)
    {
        PartyAttribution who = Of(address, HostSource.None, address);
        Assert.Equal(("unknown", $"address {block}, {reason}"), (who.Party, who.PartyReason));
        Assert.Empty(who.HostedIn);
        Assert.Equal((reason, null, null), (who.HostedInReason, who.RegisteredTo, who.HomeCountry));
    }

    [Theory]
    [InlineData("192.0.1.255")]
    [InlineData("198.20.0.0")]
    [InlineData("203.0.114.1")]
    public void Neighbours_of_reserved_blocks_are_not_reserved(string address) =>
        Assert.DoesNotContain("reserved", Of(address, HostSource.None, address).PartyReason, StringComparison.Ordinal);

    [Fact]
    public void The_address_of_everybody_around_is_not_reserved_for_later()
    {
        PartyAttribution who = Of("255.255.255.255", HostSource.None, "255.255.255.255");
        Assert.Equal((PartyRole.Local, null), (who.Role, who.HostedInReason));
    }

    [Fact]
    public void A_name_at_a_reserved_address_is_likely_at_most_and_is_nowhere()
    {
        PartyAttribution who = Of("graph.facebook.com", HostSource.TlsSni, "203.0.113.7");
        Assert.Equal(("Meta", Confidence.Likely), (who.Company, who.PartyConfidence));
        Assert.Equal("domain facebook.com, but 203.0.113.7 is reserved for documentation (RFC 5737)", who.PartyReason);
        Assert.Empty(who.HostedIn);
    }

    [Theory]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.254")]
    public void What_a_provider_shares_among_its_lines_is_of_the_local_network(string address) =>
        Assert.Equal(PartyRole.Local, Of(address, HostSource.None, address).Role);

    private PartyAttribution Of(string host, HostSource source, params string[] addresses) =>
        _attributor.Attribute(Contact(host, source, addresses)).Attribution!;
}
