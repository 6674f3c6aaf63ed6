using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>After a device was forgotten, nothing of it comes out of the analysis any more.</summary>
public sealed class ForgetTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private static readonly string s_phone = PhoneMac.ToString();
    private static readonly MacAddress s_otherMac = Mac("02:00:00:00:00:09");
    private static readonly IpAddress s_other = Ip("10.42.0.9");
    private static readonly IpAddress s_resolver = Ip("10.42.0.1");

    private static TimedPacket At(long second, MacAddress from, MacAddress to, byte[] packet) =>
        new(Conversation.DefaultStartNs + second * Second, Ethernet(from, to, packet));

    private static TimedPacket Udp(
        long second, MacAddress mac, IpAddress from, ushort fromPort, IpAddress to, ushort toPort, byte[] payload) =>
        At(second, mac, RouterMac, Ipv4(from, to, IpProtocols.Udp, Packets.Udp(fromPort, toPort, payload)));

    private static TimedPacket ToPhone(long second, IpAddress from, ushort fromPort, ushort toPort, byte[] payload) =>
        At(second, RouterMac, PhoneMac, Ipv4(from, Phone, IpProtocols.Udp, Packets.Udp(fromPort, toPort, payload)));

    private static byte[] Query(string name) => new DnsBytes(DnsBytes.Query).Question(name, 1).ToArray();

    private static byte[] Response(string name, IpAddress address)
    {
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        return new DnsBytes(DnsBytes.Response).Question(name, 1).Answer(DnsBytes.Name(name), 1, bytes).ToArray();
    }

    private static TimedPacket Announce(long second, MacAddress mac, IpAddress from, string name, IpAddress address)
    {
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        byte[] message = new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name(name), 1, bytes).ToArray();
        return Udp(second, mac, from, 5_353, Ip("224.0.0.251"), 5_353, message);
    }

    private static TimedPacket Name(long second, MacAddress mac, string name)
    {
        byte[] message = DhcpBytes.Message(true, mac, default, DhcpBytes.Option(12, Encoding.ASCII.GetBytes(name)));
        byte[] packet = Ipv4(Ip("0.0.0.0"), Ip("255.255.255.255"), IpProtocols.Udp, Packets.Udp(68, 67, message));
        return At(second, mac, Mac("ff:ff:ff:ff:ff:ff"), packet);
    }

    /// <summary>
    /// A phone that told its name, asked for others, one of them without an answer, and talks to a server; and another device.
    /// </summary>
    private static Analysis Busy() => new Analysis().Add(
        Name(0, PhoneMac, "private-phone"),
        Announce(1, PhoneMac, Phone, "private-phone.local", Phone),
        Udp(2, PhoneMac, Phone, 50_000, s_resolver, 53, Query("www.example.com")),
        ToPhone(3, s_resolver, 53, 50_000, Response("www.example.com", Server)),
        Udp(3, PhoneMac, Phone, 50_001, s_resolver, 53, Query("slow.example.com")),
        Udp(4, PhoneMac, Phone, 40_000, Server, 9, [1]),
        Udp(4, s_otherMac, s_other, 40_000, Server, 9, [1]));

    [Fact]
    public void Nothing_of_a_forgotten_device_comes_out()
    {
        Analysis analysis = Busy();
        Assert.True(analysis.Forget(s_phone));
        analysis.Flush().Add(Udp(60, s_otherMac, s_other, 40_001, Server, 9, [1])).Finish();
        Assert.Equal([s_otherMac.ToString()], analysis.Devices.Keys);
        Assert.All(analysis.Flows, static flow => Assert.Equal(s_otherMac.ToString(), flow.Device));
        Assert.All(analysis.Contacts, static contact => Assert.Equal(s_otherMac.ToString(), contact.Device));
        Assert.All(analysis.Minutes, static minute => Assert.Equal(s_otherMac.ToString(), minute.Device));
        Assert.Empty(analysis.Lookups);
        Assert.Equal(2, analysis.Flows.DistinctBy(static flow => flow.Sequence).Count());
        Assert.Equal(2, analysis.Contacts.Sum(static contact => contact.Flows));
    }

    [Fact]
    public void Its_packets_stay_in_the_totals()
    {
        Analysis analysis = Busy();
        analysis.Forget(s_phone);
        analysis.Finish();
        Assert.Equal((7L, 7L), (analysis.Source.Received, analysis.Source.Kept));
    }

    [Fact]
    public void Its_next_packet_makes_a_new_device_with_new_flows_and_no_names()
    {
        Analysis analysis = Busy();
        analysis.Flush();
        analysis.Forget(s_phone);
        Analysis anew = analysis.Add(Udp(5, PhoneMac, Phone, 40_000, Server, 9, [1])).Finish();
        DeviceRecord device = anew.Devices[s_phone];
        Assert.Equal((null, null, Conversation.DefaultStartNs + 5 * Second), (device.DhcpName, device.MdnsName, device.FirstSeenNs));
        FlowRecord flow = anew.Flows.Last(static flow => flow.Device == s_phone);
        Assert.Equal((null, 1L, Conversation.DefaultStartNs + 5 * Second), (flow.Host, flow.PacketsUp, flow.StartNs));
        Assert.True(flow.Sequence > anew.Flows.Where(static other => other.Device != s_phone).Max(static other => other.Sequence));
    }

    [Fact]
    public void What_it_announced_names_nobody_any_more()
    {
        static string? Host(Analysis analysis)
        {
            analysis.Add(Udp(6, s_otherMac, s_other, 40_001, Phone, 9, [1])).Finish();
            return analysis.Flows.Single(static flow => flow.ClientPort == 40_001).Host;
        }
        Assert.Equal("private-phone.local", Host(Busy()));
        Analysis forgotten = Busy();
        forgotten.Forget(s_phone);
        Assert.Null(Host(forgotten));
    }

    [Fact]
    public void What_other_devices_have_with_it_is_not_written_again()
    {
        byte[] byName = Tcp(40_003, 80, 1, 1, TcpFlags.Ack, "GET / HTTP/1.1\r\nHost: private-phone.lan\r\n\r\n"u8);
        Analysis analysis = Busy().Add(
            Udp(5, s_otherMac, s_other, 40_001, Phone, 9, [1]),
            Udp(5, s_otherMac, s_other, 40_002, s_resolver, 53, Query("private-phone.home.arpa")),
            At(5, s_otherMac, RouterMac, Ipv4(s_other, Server, IpProtocols.Tcp, byName))).Flush();
        Assert.Equal(3, analysis.Flows.Count(static flow => flow.ClientPort is > 40_000 and < 50_000));
        (int flows, int contacts) = (analysis.Flows.Count, analysis.Contacts.Count);
        Assert.True(analysis.Forget(s_phone));
        analysis.Add(Udp(60, s_otherMac, s_other, 40_000, Server, 9, [1])).Flush().Finish();
        // Its flow to the resolver is its own, what it asked there is not.
        Assert.Equal([40_000, 40_002], analysis.Flows.Skip(flows).Select(static flow => (int)flow.ClientPort).Distinct().Order());
        Assert.DoesNotContain(analysis.Lookups, static lookup => lookup.Name.StartsWith("private", StringComparison.Ordinal));
        Assert.All(analysis.Contacts.Skip(contacts), static contact => Assert.True(contact.Flows >= 0));
        Assert.DoesNotContain(analysis.Contacts.Skip(contacts), static contact => contact.Host == Phone.ToString());
    }

    [Fact]
    public void A_server_is_no_device_and_stays_in_the_flows_of_those_who_use_it()
    {
        Analysis analysis = new Analysis().Add(
            Udp(0, s_otherMac, s_other, 40_000, Server, 9, [1]), Udp(0, s_otherMac, s_other, 1, Phone, 9, [1]));
        Assert.False(analysis.Forget(Server.ToString()));
        analysis.Finish();
        Assert.Equal([Server, Phone], analysis.Flows.OrderBy(static flow => flow.Sequence).Select(static flow => flow.Server));
        Assert.Equal([Server.ToString(), Phone.ToString()], analysis.Contacts.Select(static contact => contact.Host));
    }

    [Fact]
    public void Flows_inside_its_tunnels_end_with_them()
    {
        var analysis = new Analysis();
        for (ushort port = 1; port <= 20; port++)
        {
            byte[] request = Tcp(port, 80, 1, 0, TcpFlags.Ack, "GET / HTTP/1.1\r\nHost: in.example.com\r\n\r\n"u8);
            byte[] tunnelled = TunnelBytes.GtpU(Ipv4(Ip("192.0.2.9"), Server, IpProtocols.Tcp, request));
            analysis.Add(Udp(port, PhoneMac, Phone, 2_152, Server, 2_152, tunnelled));
            analysis.Add(Udp(port, s_otherMac, s_other, 2_152, Server, 2_152, tunnelled));
        }
        Assert.True(analysis.Forget(s_phone));
        analysis.Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((s_otherMac.ToString(), 20L, 20), (flow.Device, flow.PacketsUp, flow.Http.Count));
    }

    [Fact]
    public void A_closed_connection_goes_too_and_its_ports_can_be_used_again()
    {
        Conversation first = Conversation.Tcp(80).Open().Send(true, "GET /a HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8).Close();
        var analysis = new Analysis();
        analysis.Add(first.Packets);
        Assert.True(analysis.Forget(s_phone));
        Conversation second = new Conversation(Phone, 40_000, Server, 80, first.NowNs).Open();
        analysis.Add(second.Packets).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((3L, null, 0), (flow.PacketsUp + flow.PacketsDown, flow.Host, flow.Http.Count));
    }

    [Fact]
    public void A_flow_that_was_booked_on_it_by_mistake_takes_nothing_back_from_it()
    {
        // The capture begins in the middle: the sender is taken for the client until a request comes from the other side.
        byte[] answer = Tcp(8_080, 40_000, 1, 1, TcpFlags.Ack, [1]);
        byte[] request = Tcp(40_000, 8_080, 1, 1, TcpFlags.Ack, "GET / HTTP/1.1\r\nHost: tv.example.com\r\n\r\n"u8);
        TimedPacket wrong = At(0, PhoneMac, s_otherMac, Ipv4(Phone, s_other, IpProtocols.Tcp, answer));
        TimedPacket right = At(1, s_otherMac, PhoneMac, Ipv4(s_other, Phone, IpProtocols.Tcp, request));
        Analysis analysis = new Analysis().Add(wrong).Flush().Add(right);
        Assert.Equal(s_phone, analysis.Contacts.Single().Device);
        analysis.Forget(s_phone);
        analysis.Flush().Finish();
        Assert.Equal((s_phone, 1), (Assert.Single(analysis.Contacts).Device, analysis.Contacts[0].Flows));
    }

    [Fact]
    public void A_device_that_is_not_known_is_not_forgotten()
    {
        Analysis analysis = Busy();
        Assert.False(analysis.Forget("02:00:00:00:00:77"));
        Assert.Throws<ArgumentException>(() => analysis.Forget(""));
        analysis.Forget(s_phone);
        Assert.False(analysis.Forget(s_phone));
    }
}
