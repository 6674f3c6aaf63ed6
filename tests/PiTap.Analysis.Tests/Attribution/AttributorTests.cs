using PiTap.Analysis.Attribution;
using PiTap.Model;
using static PiTap.Analysis.Tests.Attribution.Servers;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>Who somebody is, by the data that PiTap carries.</summary>
public sealed class AttributorTests
{
    private readonly Attributor _attributor = new(Lookups);

    [Fact]
    public void A_name_tells_the_company_and_the_reason_is_its_domain()
    {
        PartyAttribution who = Of("qos-america.agoralab.co", HostSource.TlsSni, NetworkAddress(140899));
        Assert.Equal(("Agora", "Agora", "rtc", "CN"), (who.Party, who.Company, who.Category, who.HomeCountry));
        Assert.Equal(("domain agoralab.co", Confidence.Certain), (who.PartyReason, who.PartyConfidence));
        Assert.Equal((PartyRole.ThirdParty, "category rtc works for other people's apps"), (who.Role, who.RoleReason));
    }

    [Fact]
    public void A_name_that_only_a_lookup_told_is_less_sure() =>
        Assert.Equal(Confidence.Likely, Of("qos-america.agoralab.co", HostSource.Dns).PartyConfidence);

    [Fact]
    public void An_address_tells_the_network_and_not_the_company()
    {
        PartyAttribution who = Of(NetworkAddress(131950), HostSource.None);
        Assert.Equal(("in the network of EnjoyVC", null), (who.Party, who.Company));
        Assert.Equal(("address in AS131950", Confidence.Guess), (who.PartyReason, who.PartyConfidence));
        Assert.Equal(131950u, who.RegisteredTo!.Asn);
        Assert.Equal("HK", who.HomeCountry);
    }

    [Fact]
    public void The_cover_of_a_hidden_name_is_no_party()
    {
        PartyAttribution who = Of("cloudflare-ech.com", HostSource.EchCover, "104.16.132.229");
        Assert.Equal(("in the network of Cloudflare", null), (who.Party, who.Company));
    }

    [Fact]
    public void A_tracker_under_the_name_of_a_site_is_seen_through()
    {
        PartyAttribution who = Of("metrics.example.com", HostSource.TlsSni, aliases: ["example.com.sc.omtrdc.net"]);
        Assert.Equal(("Adobe", "analytics", PartyRole.ThirdParty), (who.Company, who.Category, who.Role));
        Assert.Equal("alias example.com.sc.omtrdc.net, domain omtrdc.net", who.PartyReason);
    }

    [Fact]
    public void A_company_that_lets_a_content_network_deliver_stays_the_company()
    {
        PartyAttribution who = Of("www.apple.com", HostSource.TlsSni,
            aliases: ["www.apple.com.edgekey.net", "e6858.dscx.akamaiedge.net"]);
        Assert.Equal("Apple", who.Company);
    }

    [Fact]
    public void Of_a_name_that_no_table_has_the_registered_domain_is_told()
    {
        PartyAttribution who = Of("www.shop.example.co.uk", HostSource.TlsSni);
        Assert.Equal(("example.co.uk", null, PartyRole.Unknown), (who.Party, who.Company, who.Role));
        Assert.Equal("domain example.co.uk, which no table has", who.PartyReason);
    }

    [Theory]
    [InlineData("17.57.144.1.example.push.apple.com", PartyRole.Platform)]
    [InlineData("mtalk.google.com", PartyRole.Platform)]
    [InlineData("onesignal.com", PartyRole.ThirdParty)]
    [InlineData("pool.ntp.org", PartyRole.Infrastructure)]
    [InlineData("app-measurement.com", PartyRole.ThirdParty)]
    [InlineData("www.instagram.com", PartyRole.Unknown)]
    public void A_role_without_a_profile_goes_by_what_a_party_is_there_for(string host, PartyRole role)
    {
        PartyAttribution who = Of(host, HostSource.TlsSni);
        Assert.Equal(role, who.Role);
        Assert.NotEqual("", who.RoleReason);
    }

    [Theory]
    [InlineData("192.168.1.7", 0UL, "local network")]
    [InlineData("192.168.1.1", 1UL << (int)AppProtocol.Dns, "local signalling")]
    [InlineData("224.0.0.251", 1UL << (int)AppProtocol.Mdns, "local signalling")]
    [InlineData("ff02::1", 0UL, "local signalling")]
    [InlineData("192.168.1.255", 0UL, "local signalling")]
    public void The_local_network_is_a_party_of_its_own(string address, ulong protocols, string party)
    {
        ContactRecord contact = Contact(address, HostSource.None, address) with { AppProtos = protocols };
        PartyAttribution who = _attributor.Attribute(contact).Attribution!;
        Assert.Equal((party, PartyRole.Local), (who.Party, who.Role));
        Assert.Empty(who.HostedIn);
        Assert.Null(who.RegisteredTo);
    }

    [Fact]
    public void A_host_name_whose_address_is_local_is_local() =>
        Assert.Equal("local network", Of("nas.example.com", HostSource.Dns, "192.168.1.7").Party);

    [Fact]
    public void A_public_resolver_is_known_by_its_address_and_stands_in_no_single_country()
    {
        PartyAttribution who = Of("1.1.1.1", HostSource.None, "1.1.1.1");
        Assert.Equal(("Cloudflare", PartyRole.Infrastructure), (who.Company, who.Role));
        Assert.Empty(who.HostedIn);
        Assert.Contains("in many places", who.HostedInReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AppProtocol.Dns)]
    [InlineData(AppProtocol.Icmp)]
    [InlineData(AppProtocol.Icmp6)]
    [InlineData(AppProtocol.Ntp)]
    public void Lookups_and_signals_to_whom_no_table_has_as_a_resolver_may_carry_anything(AppProtocol protocol)
    {
        ContactRecord contact = Contact("193.0.6.139", HostSource.None, "193.0.6.139") with { AppProtos = 1UL << (int)protocol };
        PartyAttribution who = _attributor.Attribute(contact).Attribution!;
        Assert.Equal("lookups, time or signals alone, and no table has it as there for these", who.RoleReason);
        Assert.Equal(PartyRole.Unknown, who.Role);
        PartyAttribution tunnel = _attributor.Attribute(contact with { Host = "t.example.com", HostSource = HostSource.Dns }).Attribution!;
        Assert.Equal(PartyRole.Unknown, tunnel.Role);
        PartyAttribution rented = _attributor.Attribute(
            Contact("d1.cloudfront.net", HostSource.Dns, "193.0.6.139") with { AppProtos = 1UL << (int)protocol }).Attribution!;
        Assert.Equal(PartyRole.Unknown, rented.Role);
    }

    [Fact]
    public void Lookups_at_a_known_resolver_are_infrastructure()
    {
        ContactRecord contact = Contact("9.9.9.9", HostSource.None, "9.9.9.9") with { AppProtos = 1UL << (int)AppProtocol.Dns };
        Assert.Equal(PartyRole.Infrastructure, _attributor.Attribute(contact).Attribution!.Role);
    }

    [Fact]
    public void Several_servers_are_as_sure_as_the_least_sure_one_and_all_their_countries_are_told()
    {
        ContactRecord contact = Contact("www.example.com", HostSource.TlsSni, "8.8.8.8", "193.0.6.139") with
        {
            Addresses = [new ContactAddress(Address("193.0.6.139"), 10), new ContactAddress(Address("133.11.93.1"), 5)],
        };
        Assert.Equal(["JP", "NL"], _attributor.Attribute(contact).Attribution!.HostedIn);
    }

    [Fact]
    public void Where_sources_disagree_both_countries_are_told_as_a_guess()
    {
        string address = First(static facts => facts.HostedIn.Anycast is null && facts.HostedIn.DoSourcesDisagree);
        PartyAttribution who = Of(address, HostSource.None, address);
        Assert.Equal((2, Confidence.Guess), (who.HostedIn.Count, who.HostedInConfidence));
        Assert.StartsWith("sources disagree: ", who.HostedInReason, StringComparison.Ordinal);
        Assert.All(who.HostedIn, country => Assert.Contains(country, who.HostedInReason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_flow_that_came_in_is_about_who_opened_it()
    {
        FlowRecord flow = Flow(client: "193.0.6.139", server: "192.168.1.7") with { Host = "phone.local", HostSource = HostSource.Mdns };
        PartyAttribution who = _attributor.Attribute(flow).Attribution!;
        Assert.StartsWith("in the network of ", who.Party, StringComparison.Ordinal);
        Assert.Equal(["NL"], who.HostedIn);
    }

    [Fact]
    public void Of_public_addresses_at_both_ends_the_devices_side_tells_who_opened_it()
    {
        // A phone with a global address, under a name that an answer or its own certificate gave it, is contacted from afar.
        FlowRecord flow = Flow(client: "2001:67c:2e8:22::c100:68b", server: "2a02:8100:1:0:a1b2:c3d4:e5f6:7182") with
        {
            Host = "graph.facebook.com",
            HostSource = HostSource.Certificate,
            HostAliases = ["star.c10r.facebook.com"],
        };
        PartyAttribution came = _attributor.Attribute(flow with { DeviceSide = DeviceSide.Server }).Attribution!;
        Assert.Equal((null, "address in AS3333"), (came.Company, came.PartyReason));
        Assert.Equal("Meta", _attributor.Attribute(flow with { DeviceSide = DeviceSide.Client }).Attribution!.Company);
    }

    [Fact]
    public void Two_flows_to_the_same_server_share_one_attribution_and_another_name_makes_another()
    {
        FlowRecord flow = Flow("192.168.1.7", "193.0.6.139") with { Host = "a.example.com", HostSource = HostSource.TlsSni };
        PartyAttribution first = _attributor.Attribute(flow).Attribution!;
        Assert.Same(first, _attributor.Attribute(flow with { Sequence = 2 }).Attribution);
        Assert.NotSame(first, _attributor.Attribute(flow with { Host = "a.example.org" }).Attribution);
        Assert.NotSame(first, _attributor.Attribute(flow with { HostAliases = ["x.omtrdc.net"] }).Attribution);
    }

    [Fact]
    public void All_that_an_attribution_follows_from_tells_it_from_others()
    {
        FlowRecord flow = Flow("192.168.1.7", "193.0.6.139") with
        {
            Host = "metrics.example.com",
            HostSource = HostSource.TlsSni,
            HostAliases = ["x.omtrdc.net", "edge.example.net"],
        };
        Assert.Equal("Adobe", _attributor.Attribute(flow).Attribution!.Company);
        // The same last alias, behind another one.
        Assert.Null(_attributor.Attribute(flow with { HostAliases = ["x.example.org", "edge.example.net"] }).Attribution!.Company);
        Assert.Null(_attributor.Attribute(flow with { HostAliases = ["edge.example.net"] }).Attribution!.Company);
        flow = flow with { Host = "agora.io", HostAliases = [] };
        Assert.Equal("Agora", _attributor.Attribute(flow with { HostSource = HostSource.Dns }).Attribution!.Company);
        Assert.Null(_attributor.Attribute(flow with { HostSource = HostSource.EchCover }).Attribution!.Company);
        FlowRecord near = Flow("192.168.1.7", "192.168.1.1");
        Assert.Equal("local network", _attributor.Attribute(near).Attribution!.Party);
        Assert.Equal("local signalling", _attributor.Attribute(near with { AppProto = AppProtocol.Dns }).Attribution!.Party);
    }

    [Fact]
    [Trait("cap", "Analysis.AttributionCache.MaxBytes")]
    public void Attributions_are_kept_up_to_four_mebibytes_and_those_asked_for_longest_ago_give_way()
    {
        FlowRecord flow = Flow("192.168.1.7", "193.0.6.139") with { Host = "a.example.com", HostSource = HostSource.TlsSni };
        FlowRecord busy = flow with { Host = "busy.example.com" };
        PartyAttribution first = _attributor.Attribute(flow).Attribution!;
        PartyAttribution kept = _attributor.Attribute(busy).Attribution!;
        string label = new('x', 60), name = string.Join('.', label, label, label, label);
        for (int i = 0; i < 4_500; i++)
        {
            _attributor.Attribute(flow with { Host = $"h{i}.{name[..235]}.com" });
            Assert.Same(kept, _attributor.Attribute(busy).Attribution);
        }
        Assert.InRange(_attributor.Evicted, 1, 4_501);
        Assert.NotSame(first, _attributor.Attribute(flow).Attribution);
    }

    [Fact]
    public void What_is_too_large_to_be_kept_is_worked_out_each_time()
    {
        FlowRecord flow = Flow("192.168.1.7", "193.0.6.139") with { Host = new string('x', 2 << 20), HostSource = HostSource.TlsSni };
        PartyAttribution first = _attributor.Attribute(flow).Attribution!;
        Assert.NotSame(first, _attributor.Attribute(flow).Attribution);
    }

    [Theory]
    [InlineData("00:03:93:01:02:03", "Apple", "IEEE assignment 00:03:93/24")]
    [InlineData("02:03:93:01:02:03", null, null)]
    [InlineData("10.42.0.23", null, null)]
    public void A_device_is_by_whom_its_adapter_was_made_unless_it_is_randomised(string id, string? vendor, string? reason)
    {
        DeviceRecord device = _attributor.Attribute(new DeviceRecord { Id = id, FirstSeenNs = 1, LastSeenNs = 1 });
        string? found = device.Vendor;
        Assert.Equal(reason, device.VendorReason);
        Assert.Equal(vendor is null, found is null);
        Assert.StartsWith(vendor ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("com")]
    [InlineData("\u202egnp.example.com")]
    [InlineData("xn--.example.com")]
    [InlineData("a\\000b.example.com")]
    public void Whatever_a_host_is_called_something_is_said_of_it(string host)
    {
        PartyAttribution who = Of(host, HostSource.HttpHost, "193.0.6.139");
        Assert.NotEqual("", who.Party);
        Assert.NotEqual("", who.PartyReason);
        Assert.NotEqual("", who.RoleReason);
    }

    [Theory]
    [InlineData("x y.agora.io")]
    [InlineData(".agora.io")]
    [InlineData("a..agora.io")]
    [InlineData("x\\.agora.io")]
    [InlineData("evil.com/agora.io")]
    [InlineData("agora.io@evil.com")]
    [InlineData("in the network of zenlayer.com")]
    [InlineData("\u0430gora.io")]
    [InlineData("\u001b[2jagora.io")]
    public void What_no_host_is_called_names_nobody(string host)
    {
        PartyAttribution who = Of(host, HostSource.TlsSni, "193.0.6.139");
        Assert.Equal((null, "address in AS3333", Confidence.Guess), (who.Company, who.PartyReason, who.PartyConfidence));
    }

    [Theory]
    [InlineData("AGORA.io.")]
    [InlineData("_x.agora.io")]
    [InlineData("*.agora.io")]
    public void A_dot_at_the_end_an_underscore_and_a_wildcard_are_part_of_names(string host) =>
        Assert.Equal("Agora", Of(host, HostSource.TlsSni).Company);

    [Fact]
    public void A_name_of_any_length_is_taken() =>
        Assert.NotEqual("", Of(string.Concat(Enumerable.Repeat("a.", 5_000)) + "example.com", HostSource.HttpHost).Party);

    private PartyAttribution Of(string host, HostSource source, string? address = null, IReadOnlyList<string>? aliases = null) =>
        _attributor.Attribute(Contact(host, source, address ?? (IpAddress.TryParse(host, out _) ? host : "193.0.6.139")) with
        {
            Aliases = aliases ?? [],
        }).Attribution!;
}
