using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

public sealed class RolesTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private static readonly IpAddress s_global = Ip("2001:db8:1::2");

    [Fact]
    public void A_hello_that_corrects_the_client_corrects_the_device_too()
    {
        // Both addresses are global and both ports high: the first sender seen is taken for the client, and is not.
        Conversation talk = new Conversation(s_global, 40_000, Server6, 8_443).Segment(false, TcpFlags.Ack, [1, 2, 3])
            .Send(true, HelloBytes.Client("a.example.com"));
        Analysis analysis = new Analysis().Add(talk.Packets[0]).Flush().Add(talk.Packets[1]).Finish();
        FlowRecord flow = analysis.Flows[^1];
        Assert.Equal((s_global, PhoneMac.ToString()), (flow.Client, flow.Device));
        var flows = analysis.Contacts.GroupBy(static contact => (contact.Device, contact.Host))
            .ToDictionary(static group => group.Key, static group => group.Sum(static contact => contact.Flows));
        Assert.Equal(1, flows[(PhoneMac.ToString(), "a.example.com")]);
        Assert.Equal(0, flows[(RouterMac.ToString(), s_global.ToString())]);
    }

    [Theory]
    [InlineData(TcpFlags.Syn)]
    [InlineData(TcpFlags.Ack)]
    public void The_router_is_not_the_device_where_both_addresses_are_public(TcpFlags flags)
    {
        Conversation outward = new Conversation(Phone, 50_000, Server, 443).Open();
        Conversation inward = new Conversation(s_global, 50_001, Server6, 50_002, Conversation.DefaultStartNs + Second)
            .Segment(false, flags, [1]);
        Analysis analysis = Analysis.Of(outward, inward);
        FlowRecord flow = analysis.Flows.Single(static flow => flow.Device == PhoneMac.ToString() && flow.Client != Phone);
        Assert.Equal(flags == TcpFlags.Syn ? Server6 : s_global, flow.Client);
        Assert.Equal((flags == TcpFlags.Syn, Server6), (flow.IsIncoming(), flow.Peer()));
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
    }

    /// <summary>Switches ask groups under a sender's MAC of their own, 55:55:55:55:55:55, that can be nobody's: it is a group's.</summary>
    [Fact]
    public void A_group_is_no_device_where_the_sender_is_none()
    {
        MacAddress sender = Mac("55:55:55:55:55:55");
        byte[][] frames =
        [
            Ethernet(sender, s_allHosts, Ipv6(s_router, Ip("ff02::1"), Wire.IpProtocols.Udp, Udp(4_000, 4_001, [1]))),
            Ethernet(sender, Mac("01:00:5e:00:00:01"), Ipv4(Ip("0.0.0.0"), Ip("224.0.0.1"), 2, [0x11, 0, 0, 0, 0, 0, 0, 0])),
            Ethernet(sender, Mac("ff:ff:ff:ff:ff:ff"),
                Ipv4(Ip("0.0.0.0"), Ip("255.255.255.255"), Wire.IpProtocols.Udp, Udp(4_000, 4_001, [1]))),
        ];
        Analysis analysis = new Analysis()
            .Add(frames.Select(static (frame, index) => new TimedPacket(Conversation.DefaultStartNs + index, frame))).Finish();
        Assert.Empty(analysis.Devices);
        Assert.Equal(3, analysis.Flows.Count);
        Assert.All(analysis.Flows, static flow => Assert.Equal("", flow.Device));
    }

    [Fact]
    public void A_client_that_was_taken_for_the_server_does_not_lend_its_name_to_the_flow()
    {
        IpAddress peer = Ip("10.42.0.9");
        byte[] announcement = new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name("phone.local"), 1, [10, 42, 0, 2]).ToArray();
        Conversation announced = new Conversation(Phone, 5_353, Ip("224.0.0.251"), 5_353).Datagram(true, announcement);
        Conversation talk = new Conversation(Phone, 40_000, peer, 40_001, Conversation.DefaultStartNs + Second)
            .Segment(false, TcpFlags.Ack, [1, 2, 3]).Send(true, "GET / HTTP/1.1\r\n\r\n"u8);
        FlowRecord flow = Analysis.Of(announced, talk).Flows.Single(static flow => flow.ClientPort == 40_000);
        Assert.Equal((Phone, peer, null), (flow.Client, flow.Server, flow.Host));
    }

    [Fact]
    public void A_flow_that_goes_on_in_a_further_record_keeps_its_device_and_lists_each_request_once()
    {
        Conversation talk = new Conversation(Phone, 50_000, Ip("10.42.0.9"), 50_001).Open()
            .Send(true, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        for (int minute = 0; minute < 70; minute++)
            talk.Wait(60 * Second).Segment(false, TcpFlags.Ack, []);
        List<FlowRecord> flows = Analysis.Of(talk.Send(true, "GET /2 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8)).Flows;
        Assert.Equal(2, flows.Count);
        Assert.All(
            flows, static flow => Assert.Equal((Phone, PhoneMac.ToString(), "a.example.com"), (flow.Client, flow.Device, flow.Host)));
        Assert.Equal([["/1"], ["/2"]], flows.Select(static flow => flow.Http.Select(static request => request.Path)));
    }

    private static readonly IpAddress s_own = Ip("2001:db8:7:0:a1b2:c3d4:e5f6:7182");
    private static readonly IpAddress s_afar = Ip("2a01:4f8::99");
    private static readonly IpAddress s_router = Ip("fe80::1");
    private static readonly MacAddress s_allHosts = Mac("33:33:00:00:00:01");

    private static TimedPacket Told(byte[] message, bool byRouter = true, byte hopLimit = 255) => new(
        Conversation.DefaultStartNs - Second,
        byRouter
            ? NeighbourBytes.Frame(RouterMac, s_allHosts, s_router, Ip("ff02::1"), message, hopLimit)
            : NeighbourBytes.Frame(PhoneMac, s_allHosts, Ip("fe80::2"), Ip("ff02::1"), message, hopLimit));

    /// <summary>Somebody afar sends a datagram to a port of the phone's, from a port like any other.</summary>
    private static TimedPacket Contact(IpAddress from, IpAddress to, byte hopLimit = 64, long timeNs = Conversation.DefaultStartNs)
    {
        byte[] packet = Ipv6(from, to, Wire.IpProtocols.Udp, Udp(51_820, 54_321, [1, 2, 3]));
        packet[7] = hopLimit;
        return new TimedPacket(timeNs, Ethernet(RouterMac, PhoneMac, packet));
    }

    private static string DeviceOf(params IEnumerable<TimedPacket> packets)
    {
        Analysis analysis = new Analysis().Add(packets).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows, static flow => flow.ClientPort == 51_820 || flow.ServerPort == 51_820);
        IpAddress peer = flow.ClientPort == 51_820 ? flow.Client : flow.Server;
        if (flow.Device == PhoneMac.ToString() && analysis.Devices.TryGetValue(RouterMac.ToString(), out DeviceRecord? router))
            Assert.DoesNotContain(peer, router.Addresses);
        return flow.Device;
    }

    [Fact]
    public void A_router_says_which_prefix_is_here_and_who_leads_out()
    {
        // Neither address shows where it belongs.
        (IpAddress own, IpAddress afar) = (Ip("2001:db8:7::2"), Ip("2a01:4f8::99"));
        byte[] advertisement = NeighbourBytes.Router(options: NeighbourBytes.Prefix(Ip("2001:db8:7::")));
        Assert.Equal(RouterMac.ToString(), DeviceOf(Contact(afar, own)));
        Assert.Equal(PhoneMac.ToString(), DeviceOf(Told(advertisement), Contact(afar, own)));
        // As a router alone it says enough, and as one that announces a prefix alone.
        Assert.Equal(PhoneMac.ToString(), DeviceOf(Told(NeighbourBytes.Router()), Contact(afar, own)));
        byte[] prefixOnly = NeighbourBytes.Router(0, NeighbourBytes.Prefix(Ip("2001:db8:7::")));
        Assert.Equal(PhoneMac.ToString(), DeviceOf(Told(prefixOnly), Contact(afar, own)));
    }

    [Fact]
    public void What_came_through_a_router_says_nothing_about_the_link()
    {
        byte[] advertisement = NeighbourBytes.Router(options: NeighbourBytes.Prefix(Ip("2001:db8:7::")));
        Assert.Equal(RouterMac.ToString(), DeviceOf(Told(advertisement, hopLimit: 254), Contact(Ip("2a01:4f8::99"), Ip("2001:db8:7::2"))));
    }

    [Theory]
    [InlineData(47, 0xc0, 1)]
    [InlineData(64, 0x3f, 1)]
    [InlineData(64, 0xc0, 0)]
    public void A_prefix_of_half_the_world_or_of_nobody_is_not_here(int bits, byte flags, byte valid)
    {
        byte[] advertisement = NeighbourBytes.Router(0, NeighbourBytes.Prefix(Ip("2001:db8:7::"), bits, flags, valid));
        Assert.Equal(RouterMac.ToString(), DeviceOf(Told(advertisement), Contact(Ip("2a01:4f8::99"), Ip("2001:db8:7::2"))));
    }

    [Fact]
    public void A_neighbour_that_answers_for_an_address_or_asks_with_it_is_here()
    {
        (IpAddress own, IpAddress afar) = (Ip("2001:db8:7::2"), Ip("2a01:4f8::99"));
        Assert.Equal(PhoneMac.ToString(), DeviceOf(Told(NeighbourBytes.Advertisement(own, PhoneMac), byRouter: false), Contact(afar, own)));
        byte[] question = NeighbourBytes.Frame(PhoneMac, s_allHosts, own, Ip("ff02::1:ff00:1"),
            NeighbourBytes.Solicitation(Ip("fe80::1"), PhoneMac));
        Assert.Equal(PhoneMac.ToString(), DeviceOf(new TimedPacket(1, question), Contact(afar, own)));
        byte[] wish = NeighbourBytes.Frame(PhoneMac, s_allHosts, default, Ip("ff02::1:ff00:2"), NeighbourBytes.Solicitation(own, PhoneMac));
        Assert.Equal(PhoneMac.ToString(), DeviceOf(new TimedPacket(1, wish), Contact(afar, own)));
    }

    [Fact]
    public void An_address_that_reached_out_before_is_here()
    {
        (IpAddress own, IpAddress afar) = (Ip("2001:db8:7::2"), Ip("2a01:4f8::99"));
        Conversation outward = new Conversation(own, 50_000, Server6, 443, Conversation.DefaultStartNs - Second).Open();
        Assert.Equal(PhoneMac.ToString(), DeviceOf([.. outward.Packets, Contact(afar, own)]));
    }

    [Theory]
    // Many routers passed it on; few did, as a tap outside the router sees its own packets.
    [InlineData(51, true)]
    [InlineData(245, true)]
    [InlineData(63, false)]
    [InlineData(124, false)]
    public void A_packet_from_afar_comes_from_outside(byte hopLimit, bool isInbound) =>
        Assert.Equal((isInbound ? PhoneMac : RouterMac).ToString(), DeviceOf(Contact(Ip("2a01:4f8::99"), Ip("2001:db8:7::2"), hopLimit)));

    [Fact]
    public void An_address_given_by_hand_that_reaches_one_chosen_at_random_comes_from_outside()
    {
        Assert.Equal(PhoneMac.ToString(), DeviceOf(Contact(s_afar, s_own)));
        // A service has random addresses too, and then a port of its own.
        var talk = new Conversation(Ip("2001:db8:9::5"), 51_820, Ip("2a03:2880:f12d:83:face:b00c:0:25de"), 443);
        Assert.Equal(PhoneMac.ToString(), DeviceOf(talk.Open().Packets));
    }

    [Fact]
    public void A_connection_of_IPv6_from_outside_is_its_servers()
    {
        var talk = new Conversation(s_afar, 50_123, s_own, 8_080);
        talk.Open().Send(true, "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n"u8);
        // The kit's client is the phone: here it is the other way round.
        Analysis analysis = new Analysis().Add(talk.Packets.Select(static packet => packet with
        {
            Data = [.. packet.Data[6..12], .. packet.Data[..6], .. packet.Data[12..]],
        })).Finish();
        Assert.Equal((PhoneMac.ToString(), s_afar), (Assert.Single(analysis.Flows).Device, analysis.Flows[0].Client));
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
    }
}
