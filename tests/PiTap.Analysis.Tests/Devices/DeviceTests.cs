using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Devices;

public sealed class DeviceTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private static readonly MacAddress s_second = Mac("02:00:00:00:00:09");
    private static readonly MacAddress s_everybody = Mac("ff:ff:ff:ff:ff:ff");

    private static byte[] Discover(MacAddress sender, MacAddress client, string name) => Ethernet(sender, s_everybody, Ipv4(
        Ip("0.0.0.0"), Ip("255.255.255.255"), IpProtocols.Udp,
            Udp(68, 67, DhcpBytes.Message(true, client, default, DhcpBytes.Option(12, Encoding.ASCII.GetBytes(name))))));

    private static Analysis Of(params byte[][] packets) =>
        new Analysis().Add(packets.Select(static (packet, i) => new TimedPacket(Conversation.DefaultStartNs + i * Second, packet)))
            .Finish();

    [Fact]
    public void Devices_without_an_address_share_a_flow_and_nothing_else()
    {
        Analysis analysis = Of(Discover(PhoneMac, PhoneMac, "one"), Discover(s_second, s_second, "two"));
        Assert.Equal(["one", "two"], analysis.Devices.Values.Select(static device => device.DhcpName));
        Assert.Equal([1L, 1L],
            analysis.Minutes.OrderBy(static minute => minute.Device, StringComparer.Ordinal).Select(static minute => minute.PacketsUp));
    }

    [Fact]
    public void Two_devices_that_swap_an_address_keep_their_names()
    {
        byte[] Announce(MacAddress mac, string name) => Ethernet(mac, Mac("01:00:5e:00:00:fb"), Ipv4(
            Phone, Ip("224.0.0.251"), IpProtocols.Udp,
                Udp(5_353, 5_353, new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name(name), 1, [10, 42, 0, 2]).ToArray())));
        Analysis analysis = Of(Announce(PhoneMac, "one.local"), Announce(s_second, "two.local"));
        Assert.Equal(["one", "two"],
            analysis.Devices.Values.OrderBy(static device => device.Id, StringComparer.Ordinal).Select(static device => device.MdnsName));
    }

    [Fact]
    public void Who_sends_a_relayed_message_on_is_not_called_what_its_client_is()
    {
        byte[] solicit = DhcpBytes.Message6(1, DhcpBytes.Option6(39, [0, 3, (byte)'b', (byte)'o', (byte)'b', 0]));
        byte[] Packet(MacAddress mac, byte[] message) =>
            Ethernet(mac, s_everybody, Ipv6(Ip("fe80::1"), Ip("ff02::1:2"), IpProtocols.Udp, Udp(546, 547, message)));
        Analysis analysis = Of(Packet(RouterMac, DhcpBytes.Relayed(solicit)), Discover(RouterMac, PhoneMac, "phone"));
        Assert.Null(analysis.Devices[RouterMac.ToString()].DhcpName);
        Assert.Equal("phone", analysis.Devices[PhoneMac.ToString()].DhcpName);
        Assert.Equal("bob", Of(Packet(PhoneMac, solicit)).Devices[PhoneMac.ToString()].DhcpName);
    }

    [Fact]
    public void A_device_keeps_its_MAC_where_a_capture_shows_the_senders_only()
    {
        static byte[] Cooked(MacAddress sender, byte[] packet) =>
            [0, 0, 0, 1, 0, 6, .. Enumerable.Range(0, 6).Select(i => (byte)(sender.Value >> (40 - 8 * i))), 0, 0, 8, 0, .. packet];
        Analysis analysis = new Analysis().Add(
            new TimedPacket(1, Cooked(PhoneMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 9, [1]))), LinkType.LinuxSll),
            new TimedPacket(2, Cooked(RouterMac, Ipv4(Server, Phone, IpProtocols.Udp, Udp(9, 2, [1]))), LinkType.LinuxSll)).Finish();
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
    }

    [Fact]
    public void A_group_address_in_DHCP_makes_no_device() =>
        Assert.Equal([PhoneMac.ToString()], Of(Discover(PhoneMac, s_everybody, "all")).Devices.Keys);

    [Fact]
    public void Without_a_link_layer_a_device_without_an_address_is_none()
    {
        byte[] discover = Discover(PhoneMac, default, "phone")[14..];
        Assert.Empty(new Analysis().Add(new TimedPacket(1, discover, LinkType.Raw)).Finish().Devices);
    }

    [Fact]
    [Trait("cap", "Model.DeviceRecord.MaxAddresses")]
    public void An_address_in_use_is_not_pushed_out_by_those_of_a_day()
    {
        var analysis = new Analysis();
        for (ushort i = 1; i < 60; i++)
        {
            analysis.Add(new Conversation(Phone, i, Server, 9).Datagram(true, [1]).Packets)
                .Add(new Conversation(Ip($"fd00::{i:x}"), i, Server6, 9).Datagram(true, [1]).Packets).Flush();
            Assert.Contains(Phone, analysis.Devices[PhoneMac.ToString()].Addresses);
        }
        Assert.Equal(16, analysis.Devices[PhoneMac.ToString()].Addresses.Count);
    }

    [Fact]
    [Trait("cap", "Analysis.DeviceNames.MaxBytes")]
    [Trait("cap", "Analysis.DhcpObserver.MaxVendorClassCharacters")]
    [Trait("cap", "Analysis.DhcpObserver.MaxParameters")]
    public void What_a_device_says_of_itself_is_cut_at_a_length_that_real_ones_do_not_reach()
    {
        byte[] most = new byte[255];
        most.AsSpan().Fill((byte)'x');
        byte[] request = DhcpBytes.Message(
            true, PhoneMac, default, DhcpBytes.Option(12, most), DhcpBytes.Option(60, most), DhcpBytes.Option(55, most));
        DeviceRecord device = Of(Ethernet(PhoneMac, s_everybody,
            Ipv4(Ip("0.0.0.0"), Ip("255.255.255.255"), IpProtocols.Udp, Udp(68, 67, request)))).Devices[PhoneMac.ToString()];
        Assert.Equal((128, 128, 64), (device.DhcpName!.Length, device.DhcpVendorClass!.Length, device.DhcpParameters.Count));
        byte[] solicit = DhcpBytes.Message6(1, DhcpBytes.Option6(6, new byte[30_000]));
        Analysis analysis = Of(Ethernet(PhoneMac, s_everybody, Ipv6(Phone6, Ip("ff02::1:2"), IpProtocols.Udp, Udp(546, 547, solicit))));
        Assert.Equal(64, analysis.Devices[PhoneMac.ToString()].DhcpParameters.Count);
    }

    private static TimedPacket Cooked2(long timeNs, MacAddress sender, byte[] packet) => new(timeNs,
        [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, .. Enumerable.Range(0, 6).Select(i => (byte)(sender.Value >> (40 - 8 * i))), 0, 0, .. packet],
        LinkType.LinuxSll2);

    private static readonly byte[] s_up = Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(50_501, 443, 777, 888, TcpFlags.Ack, [1]));
    private static readonly byte[] s_down = Ipv4(Server, Phone, IpProtocols.Tcp, Tcp(443, 50_501, 888, 777, TcpFlags.Ack, [1]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_device_that_was_sent_to_first_is_one_device_where_a_capture_shows_the_senders_only(bool isLive)
    {
        var analysis = new Analysis();
        foreach (TimedPacket packet in (TimedPacket[])[Cooked2(1, RouterMac, s_down), Cooked2(2, PhoneMac, s_up)])
        {
            analysis.Add(packet);
            if (isLive)
                analysis.Flush();
        }
        analysis.Finish();
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
        Assert.Contains(Phone, analysis.Devices[PhoneMac.ToString()].Addresses);
        Assert.All(analysis.Flows, static flow => Assert.Equal(PhoneMac.ToString(), flow.Device));
        Assert.Equal([(PhoneMac.ToString(), 1L, 1L)],
            analysis.Minutes.GroupBy(static minute => minute.Device).Select(static group =>
                (group.Key, group.Sum(static minute => minute.PacketsUp), group.Sum(static minute => minute.PacketsDown))));
        Assert.Equal([(PhoneMac.ToString(), 1L)], analysis.Contacts.GroupBy(static contact => contact.Device)
            .Select(static group => (group.Key, group.Sum(static contact => contact.Flows))));
    }

    [Fact]
    public void A_device_whose_MAC_does_not_come_is_known_by_its_address()
    {
        Analysis analysis = new Analysis().Add(Cooked2(1, RouterMac, s_down)).Flush();
        Assert.Empty(analysis.Devices);
        Assert.Empty(analysis.Flows);
        analysis.Add(Cooked2(3 * Second, RouterMac, s_down)).Flush();
        Assert.Equal([Phone.ToString()], analysis.Devices.Keys);
        // What was handed on by then stays, and what comes is the device's.
        analysis.Add(Cooked2(4 * Second, PhoneMac, s_up)).Finish();
        Assert.Equal([Phone.ToString(), PhoneMac.ToString()], analysis.Devices.Keys);
        Assert.Equal(PhoneMac.ToString(), analysis.Flows[^1].Device);
        Assert.Equal([(Phone.ToString(), 0L), (PhoneMac.ToString(), 1L)], analysis.Contacts.GroupBy(static contact => contact.Device)
            .Select(static group => (group.Key, group.Sum(static contact => contact.Flows))));
    }

    [Fact]
    public void A_device_that_was_sent_to_only_is_there_at_the_end() =>
        Assert.Equal([Phone.ToString()], new Analysis().Add(Cooked2(1, RouterMac, s_down)).Finish().Devices.Keys);
}
