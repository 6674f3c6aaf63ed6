using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>A capture on all interfaces of a box that translates addresses: each packet is there before and behind that.</summary>
public sealed class TranslationTests
{
    private const long ForwardingNs = 30_000;
    private const ushort Inside = 40_000;
    private static readonly IpAddress s_own = Ip("192.0.2.200");
    private static readonly MacAddress s_ownMac = Mac("00:00:5e:00:53:99");

    private static byte[] Cooked(bool isOutgoing, int device, MacAddress sender, byte[] packet) =>
    [
        8, 0, 0, 0, 0, 0, 0, (byte)device, 0, 1, (byte)(isOutgoing ? 4 : 0), 6,
        .. Enumerable.Range(0, 6).Select(i => (byte)(sender.Value >> (40 - 8 * i))), 0, 0, .. packet,
    ];

    private static TimedPacket Packet(long timeNs, bool isOutgoing, int device, MacAddress sender, byte[] packet) =>
        new(timeNs, Cooked(isOutgoing, device, sender, packet), LinkType.LinuxSll2);

    /// <summary>A datagram as it passes the box, both times.</summary>
    private static TimedPacket[] Forward(long timeNs, bool isUp, byte[] payload, ushort inside = Inside, ushort outside = 61_000)
    {
        (byte[] before, byte[] behind) = isUp
            ? (Ipv4(Phone, Server, IpProtocols.Udp, Udp(inside, 9_000, payload)),
                Ipv4(s_own, Server, IpProtocols.Udp, Udp(outside, 9_000, payload)))
            : (Ipv4(Server, s_own, IpProtocols.Udp, Udp(9_000, outside, payload)),
                Ipv4(Server, Phone, IpProtocols.Udp, Udp(9_000, inside, payload)));
        return
        [
            Packet(timeNs, false, isUp ? 2 : 3, isUp ? PhoneMac : RouterMac, before),
            Packet(timeNs + ForwardingNs, true, isUp ? 3 : 2, s_ownMac, behind),
        ];
    }

    private static TimedPacket[] Talk(int packets, bool beginsUp = true) =>
    [
        .. Enumerable.Range(0, packets).SelectMany(i => Forward(
            Conversation.DefaultStartNs + i * 10_000_000L, i % 2 == 0 == beginsUp, [(byte)i, 1, 2, 3])),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_flow_that_is_translated_is_listed_once_as_the_device_s(bool beginsUp)
    {
        Analysis analysis = new Analysis().Add(Talk(10, beginsUp)).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((PhoneMac.ToString(), Phone, Server, 5L, 5L),
            (flow.Device, flow.Client, flow.Server, flow.PacketsUp, flow.PacketsDown));
        Assert.InRange(analysis.Losses["packets-translated"], 9, 10);
        Assert.Equal(20, analysis.Source.Kept);
        Assert.Single(analysis.Contacts);
    }

    [Fact]
    public void What_the_box_itself_sends_and_what_it_passes_on_untouched_stays()
    {
        byte[] own = Ipv4(s_own, Server, IpProtocols.Udp, Udp(5_000, 9_000, [7]));
        byte[] routed = Ipv4(Phone, Server, IpProtocols.Udp, Udp(5_001, 9_000, [8]));
        Analysis analysis = new Analysis().Add(
            Packet(1_000, true, 3, s_ownMac, own),
            Packet(2_000, false, 2, PhoneMac, routed),
            Packet(3_000, true, 3, s_ownMac, routed)).Finish();
        Assert.Equal([5_000, 5_001], analysis.Flows.Select(static flow => (int)flow.ClientPort).Order());
        Assert.False(analysis.Losses.ContainsKey("packets-translated"));
    }

    /// <summary>Two devices ask the same at the same moment: which of them was translated cannot be told, and none is hidden.</summary>
    [Fact]
    public void Where_two_devices_sent_the_same_nothing_is_taken_for_a_copy()
    {
        IpAddress other = Ip("10.42.0.77");
        byte[] From(IpAddress source) => Ipv4(source, Server, IpProtocols.Udp, Udp(5_000, 123, [9]));
        Analysis analysis = new Analysis().Add(
            Packet(1_000, false, 2, PhoneMac, From(Phone)),
            Packet(2_000, false, 2, RouterMac, From(other)),
            Packet(3_000, true, 3, s_ownMac, From(Phone)),
            Packet(4_000, true, 3, s_ownMac, From(other))).Finish();
        Assert.Equal(2, analysis.Flows.Count);
    }

    [Fact]
    public void What_comes_from_outside_hides_nothing()
    {
        byte[] payload = [1, 2, 3];
        byte[] forged = Ipv4(Ip("10.42.0.99"), Server, IpProtocols.Udp, Udp(1, 9_000, payload));
        byte[] real = Ipv4(Phone, Server, IpProtocols.Udp, Udp(Inside, 9_000, payload));
        Analysis analysis = new Analysis().Add(
            Packet(1_000, false, 2, RouterMac, forged),
            Packet(2_000, false, 2, PhoneMac, real),
            Packet(3_000, true, 3, s_ownMac, real)).Finish();
        Assert.Contains(analysis.Flows, static flow => flow.Client == Phone && flow.PacketsUp == 2);
    }

    /// <summary>A reflector of multicast DNS sends what it heard in one network into another, from its own address.</summary>
    [Theory]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    public void What_a_box_repeats_to_everybody_is_its_own(string everybody)
    {
        byte[] From(IpAddress source) => Ipv4(source, Ip(everybody), IpProtocols.Udp, Udp(5_353, 5_353, [9, 8, 7]));
        Analysis analysis = new Analysis().Add(
            Packet(1_000, false, 2, PhoneMac, From(Phone)),
            Packet(2_000, true, 3, s_ownMac, From(s_own))).Finish();
        Assert.Equal([Phone, s_own], analysis.Flows.Select(static flow => flow.Client).Order());
        Assert.False(analysis.Losses.ContainsKey("packets-translated"));
    }

    [Fact]
    public void A_port_that_was_silent_for_long_has_to_prove_itself_again()
    {
        const long laterNs = Conversation.DefaultStartNs + 11 * PacketTime.NanosecondsPerMinute;
        byte[] own = Ipv4(s_own, Server, IpProtocols.Udp, Udp(61_000, 9_000, [77]));
        Analysis analysis = new Analysis().Add([.. Talk(4), Packet(laterNs, true, 3, s_ownMac, own)]).Finish();
        Assert.Contains(analysis.Flows, flow => flow.Client == s_own);
    }

    [Fact]
    [Trait("cap", "Analysis.TranslatedFlows.MaxFlows")]
    public void Flows_beyond_the_cap_are_counted_and_the_one_silent_for_longest_is_forgotten()
    {
        const int flows = 4_097;
        TimedPacket[] Of(int number, long timeNs) => Forward(
            timeNs, true, [(byte)number, (byte)(number >> 8)], (ushort)(10_000 + number), (ushort)(30_000 + number));
        var analysis = new Analysis();
        for (int i = 0; i < flows; i++)
        {
            Assert.Equal(0, analysis.Losses.GetValueOrDefault("translations-evicted"));
            analysis.Add(Of(i, Conversation.DefaultStartNs + i * 3_000_000L));
            if (i >= flows - 2)
                analysis.Flush();
        }
        Assert.Equal(1, analysis.Losses["translations-evicted"]);
        Assert.Equal(flows, analysis.Losses["packets-translated"]);
    }
}
