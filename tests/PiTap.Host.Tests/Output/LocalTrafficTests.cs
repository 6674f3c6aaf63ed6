using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class LocalTrafficTests
{
    private static readonly Attributor s_attributor = new(Lookups.Load());

    private static readonly Roster s_roster = new([SampleRecords.Device with { Addresses = [Address("2001:db8:42::1")] }]);

    [Theory]
    [InlineData("224.0.0.251", AppProtocol.Mdns, true)]
    [InlineData("ff02::1:ff00:4207", AppProtocol.Icmp6, true)]
    [InlineData("255.255.255.255", AppProtocol.Dhcp, true)]
    [InlineData("10.42.0.255", AppProtocol.Nbns, true)]
    [InlineData("239.255.255.250", AppProtocol.Unknown, true)]
    [InlineData("10.42.0.1", AppProtocol.Dns, true)]
    [InlineData("192.168.1.1", AppProtocol.Ntp, true)]
    [InlineData("fe80::1", AppProtocol.Icmp6, true)]
    [InlineData("2001:db8:42::1", AppProtocol.Dns, true)]
    [InlineData("10.42.0.1", AppProtocol.Http, false)]
    [InlineData("10.42.0.1", AppProtocol.Unknown, false)]
    [InlineData("192.0.2.53", AppProtocol.Dns, false)]
    [InlineData("192.0.2.255", AppProtocol.Dns, false)]
    [InlineData("collect.metrics.example.net", AppProtocol.Http, false)]
    [InlineData("collect.metrics.example.net", AppProtocol.Dns, false)]
    [InlineData("(other hosts)", AppProtocol.Unknown, false)]
    public void Housekeeping_with_hosts_near_is_told_from_the_rest(string host, AppProtocol protocol, bool isLocal)
    {
        LocalTraffic local = new(s_roster);
        Assert.Equal(isLocal, local.Has(SampleRecords.Contact with { Host = host, AppProtos = 1UL << (int)protocol, Addresses = [] }));
        if (IpAddress.TryParse(host, out IpAddress address))
            Assert.Equal(isLocal, local.Has(SampleRecords.Flow with { Server = address, AppProto = protocol, AppProtos = [] }));
    }

    [Fact]
    public void Whoever_contacts_a_device_from_outside_is_not_the_local_network()
    {
        FlowRecord ping = SampleRecords.Flow with
        {
            Client = Address("2a01:4f8::99"),
            Server = Address("2001:db8:42::1"),
            AppProto = AppProtocol.Icmp6,
            AppProtos = [],
            DeviceSide = DeviceSide.Server,
        };
        Assert.False(new LocalTraffic(s_roster).Has(ping));
        Assert.True(new LocalTraffic(s_roster).Has(ping with { DeviceSide = DeviceSide.Client }));
    }

    [Theory]
    [InlineData("10.42.0.9", AppProtocol.Mdns)]
    [InlineData("10.42.0.9", AppProtocol.Ssdp)]
    [InlineData("10.42.0.9", AppProtocol.Nbns)]
    [InlineData("10.42.0.9", AppProtocol.Llmnr)]
    [InlineData("10.42.0.9", AppProtocol.Http)]
    [InlineData("0.0.0.0", AppProtocol.Unknown)]
    [InlineData("10.42.0.1", AppProtocol.Dns)]
    public void What_is_summed_up_among_contacts_is_signalling_among_parties(string host, AppProtocol protocol)
    {
        ContactRecord contact = SampleRecords.Contact with
        {
            Host = host,
            HostSource = HostSource.None,
            AppProtos = 1UL << (int)protocol,
            Addresses = [],
            Aliases = [],
        };
        Assert.Equal(new LocalTraffic(Roster.Empty).Has(contact), s_attributor.Attribute(contact).Attribution!.IsSignalling);
    }

    [Fact]
    public void A_named_router_is_known_by_its_addresses()
    {
        ContactRecord router = SampleRecords.Contact with { Host = "router.example", AppProtos = 1UL << (int)AppProtocol.Dns };
        Assert.True(new LocalTraffic(s_roster).Has(router with { Addresses = [new ContactAddress(Address("10.0.0.1"), 1)] }));
        Assert.False(new LocalTraffic(s_roster).Has(router with { Addresses = [new ContactAddress(Address("192.0.2.1"), 1)] }));
    }

    [Fact]
    public void The_sum_is_one_line()
    {
        LocalTraffic local = new(s_roster);
        Assert.Null(local.Line("contact", "--all"));
        local.Add(SampleRecords.Contact with { AppProtos = 1UL << (int)AppProtocol.Mdns, Flows = 3, BytesUp = 1024, BytesDown = 0 });
        local.Add(SampleRecords.Contact with { AppProtos = 1UL << (int)AppProtocol.Dns, Flows = 1, BytesUp = 0, BytesDown = 1024 });
        Assert.Equal(
            "Local network: 2 contacts, 4 flows of 1 device, 2.00 KiB, with the router and with everybody around (dns, mdns). "
                + "--all shows them.",
            local.Line("contact", "--all"));
    }

    private static IpAddress Address(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : default;
}
