using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class MirrorTests
{
    private const ushort Erspan = 0x88be;
    private const ushort Bridged = 0x6558;
    private const ushort TzspPort = 37_008;
    private const ushort VxlanPort = 4_789;
    private static readonly MacAddress s_switchMac = Mac("00:00:5e:00:53:77");
    private static readonly MacAddress s_sinkMac = Mac("00:00:5e:00:53:78");
    private static readonly IpAddress s_switch = Ip("192.168.88.1");
    private static readonly IpAddress s_sink = Ip("192.168.88.9");

    /// <summary>A TLS connection of the phone's, as it passed the switch.</summary>
    private static List<TimedPacket> Copies() =>
        Conversation.Tcp(443).Open().Send(true, HelloBytes.Client("mirrored.example.com")).Send(false, "an answer"u8).Packets;

    private static byte[] Carry(byte[] datagram, byte protocol = IpProtocols.Udp) =>
        Ethernet(s_switchMac, s_sinkMac, Ipv4(s_switch, s_sink, protocol, datagram));

    private static byte[] Mirror(string kind, byte[] frame, ushort port = 50_000) => kind switch
    {
        "TZSP" => Carry(Udp(port, TzspPort, TunnelBytes.Tzsp(frame))),
        "ERSPAN" => Carry(TunnelBytes.Gre(TunnelBytes.Erspan2(frame), Erspan, 0x10), IpProtocols.Gre),
        "VXLAN" => Carry(Udp(port, VxlanPort, TunnelBytes.Vxlan(frame))),
        "GRE" => Carry(TunnelBytes.Gre(frame, Bridged), IpProtocols.Gre),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static TimedPacket[] Mirrored(string kind, bool hasPortEach = false) =>
        [.. Copies().Select((packet, i) => packet with { Data = Mirror(kind, packet.Data, (ushort)(50_000 + (hasPortEach ? i : 0))) })];

    [Theory]
    [InlineData("TZSP")]
    [InlineData("ERSPAN")]
    public void A_mirror_shows_the_devices_that_it_mirrors(string kind)
    {
        Analysis analysis = new Analysis().Add(Mirrored(kind)).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((PhoneMac.ToString(), Phone, Server, "mirrored.example.com", AppProtocol.Tls),
            (flow.Device, flow.Client, flow.Server, flow.Host, flow.AppProto));
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
        List<TimedPacket> copies = Copies();
        Assert.Equal((copies.Count, copies.Sum(static packet => packet.Data.Length)),
            (flow.PacketsUp + flow.PacketsDown, flow.BytesUp + flow.BytesDown));
    }

    [Theory]
    [InlineData("VXLAN", false)]
    [InlineData("VXLAN", true)]
    [InlineData("GRE", false)]
    public void A_tunnel_that_carries_both_directions_one_way_is_a_mirrors(string kind, bool hasPortEach)
    {
        Analysis analysis = new Analysis().Add(Mirrored(kind, hasPortEach)).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((PhoneMac.ToString(), Phone, Server, "mirrored.example.com"), (flow.Device, flow.Client, flow.Server, flow.Host));
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
    }

    [Fact]
    public void A_tunnel_that_connects_two_networks_stays_a_tunnel()
    {
        // What the phone sends goes in, what it gets comes out.
        TimedPacket[] packets = [.. Copies().Select(static packet =>
        {
            bool isUp = packet.Data.AsSpan(6, 6).SequenceEqual(Ethernet(PhoneMac, RouterMac, [0x45]).AsSpan(6, 6));
            byte[] datagram = Udp(50_000, VxlanPort, TunnelBytes.Vxlan(packet.Data));
            return packet with
            {
                Data = isUp ? Carry(datagram) : Ethernet(s_sinkMac, s_switchMac, Ipv4(s_sink, s_switch, IpProtocols.Udp, datagram)),
            };
        })];
        Analysis analysis = new Analysis().Add(packets).Finish();
        Assert.All(analysis.Flows, static flow => Assert.Equal(AppProtocol.Tunnel, flow.AppProtos[0]));
        Assert.DoesNotContain(PhoneMac.ToString(), analysis.Devices.Keys);
    }

    [Fact]
    public void A_tunnel_taken_for_a_mirror_is_one_no_more_once_something_comes_back()
    {
        TimedPacket[] mirrored = Mirrored("VXLAN");
        byte[] back = Ethernet(s_sinkMac, s_switchMac,
            Ipv4(s_sink, s_switch, IpProtocols.Udp, Udp(50_000, VxlanPort, TunnelBytes.Vxlan(Copies()[0].Data))));
        byte[] datagram = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(7, 9, [1])));
        TimedPacket later = mirrored[0] with { Data = Mirror("VXLAN", datagram) };
        Analysis analysis = new Analysis().Add([.. mirrored, mirrored[0] with { Data = back }, later]).Finish();
        Assert.DoesNotContain(analysis.Flows, static flow => flow.ClientPort == 7);
    }

    /// <summary>A guest who sends copies of its own making to a neighbour is not to speak for the phone.</summary>
    [Theory]
    [InlineData("TZSP")]
    [InlineData("ERSPAN")]
    [InlineData("VXLAN")]
    [InlineData("GRE")]
    public void Live_only_what_this_machine_is_sent_is_a_mirrors(string kind)
    {
        AnalysisOptions own = new() { IsMirrorTarget = static address => address == s_sink };
        Assert.Equal([PhoneMac.ToString()], new Analysis(own).Add(Mirrored(kind)).Finish().Devices.Keys);
        AnalysisOptions others = new() { IsMirrorTarget = static address => address == s_switch };
        Analysis analysis = new Analysis(others).Add(Mirrored(kind)).Finish();
        Assert.All(analysis.Flows, static flow => Assert.Equal(AppProtocol.Tunnel, flow.AppProtos[0]));
        Assert.Equal([s_switchMac.ToString()], analysis.Devices.Keys);
    }

    [Fact]
    public void What_comes_from_afar_is_no_mirror()
    {
        TimedPacket[] packets = [.. Copies().Select(static packet => packet with
        {
            Data = Ethernet(RouterMac, s_sinkMac,
                Ipv4(Server, s_sink, IpProtocols.Udp, Udp(50_000, TzspPort, TunnelBytes.Tzsp(packet.Data)))),
        })];
        Analysis analysis = new Analysis().Add(packets).Finish();
        Assert.Equal(AppProtocol.Tunnel, Assert.Single(analysis.Flows).AppProtos[0]);
        Assert.DoesNotContain(PhoneMac.ToString(), analysis.Devices.Keys);
    }

    [Fact]
    public void A_copy_that_came_in_fragments_is_put_together()
    {
        const int part = 96;
        ushort identification = 0;
        List<TimedPacket> packets = [];
        foreach (TimedPacket copy in Copies())
        {
            byte[] datagram = Udp(50_000, TzspPort, TunnelBytes.Tzsp(copy.Data));
            identification++;
            for (int offset = 0; offset < datagram.Length; offset += part)
            {
                bool more = offset + part < datagram.Length;
                byte[] piece = datagram[offset..Math.Min(offset + part, datagram.Length)];
                packets.Add(copy with
                {
                    Data = Ethernet(s_switchMac, s_sinkMac, Ipv4(s_switch, s_sink, IpProtocols.Udp, piece, identification, offset, more)),
                });
            }
        }
        Analysis analysis = new Analysis().Add(packets).Finish();
        Assert.Equal("mirrored.example.com", Assert.Single(analysis.Flows).Host);
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
        Assert.Equal((packets.Count, packets.Sum(static packet => packet.Data.Length)), (analysis.Source.Kept, analysis.Source.BytesKept));
    }

    [Fact]
    public void What_carries_the_copies_is_counted_and_belongs_to_no_device()
    {
        TimedPacket[] packets = Mirrored("TZSP");
        Analysis analysis = new Analysis().Add(packets).Finish();
        Assert.Equal((packets.Length, packets.Sum(static packet => packet.Data.Length)), (analysis.Source.Kept, analysis.Source.BytesKept));
        Assert.Equal(packets.Length, analysis.Minutes.Sum(static minute => minute.PacketsUp + minute.PacketsDown));
        Assert.Equal(analysis.Source.BytesKept, analysis.Minutes.Sum(static minute => minute.BytesUp + minute.BytesDown));
    }

    [Fact]
    public void The_filter_of_clients_asks_for_the_devices_that_are_mirrored()
    {
        Assert.True(ClientFilter.TryParse([PhoneMac.ToString()], out ClientFilter? clients, out _));
        Analysis analysis = new Analysis(new AnalysisOptions { Clients = clients }).Add(Mirrored("TZSP")).Finish();
        Assert.Equal("mirrored.example.com", Assert.Single(analysis.Flows).Host);
        Assert.True(ClientFilter.TryParse([s_switchMac.ToString()], out clients, out _));
        Assert.Empty(new Analysis(new AnalysisOptions { Clients = clients }).Add(Mirrored("TZSP")).Finish().Flows);
    }

    [Theory]
    // Each but the last is two flows, with what is in it.
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    [Trait("cap", "Analysis.Pipeline.MaxDissolved")]
    public void What_was_taken_for_a_tunnel_before_is_none_as_far_as_64_flows_back(int ports, int tunnels)
    {
        byte[] up = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(7, 9, [1])));
        byte[] down = Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Udp, Udp(9, 7, [1])));
        var analysis = new Analysis();
        for (int i = 1; i < ports; i++)
            analysis.Add(new TimedPacket(Conversation.DefaultStartNs, Mirror("VXLAN", up, (ushort)(50_000 + i))));
        analysis.Add(new TimedPacket(Conversation.DefaultStartNs, Mirror("VXLAN", down))).Finish();
        Assert.Equal(tunnels, analysis.Flows.Count(static flow => flow.AppProto == AppProtocol.Tunnel));
    }

    [Fact]
    [Trait("cap", "Analysis.MirrorPairs.MaxPairs")]
    public void Mirrors_beyond_the_cap_are_counted()
    {
        const int mirrors = 17;
        var analysis = new Analysis();
        foreach (int mirror in Enumerable.Range(1, mirrors))
        {
            Assert.Equal(0, analysis.Losses.GetValueOrDefault("mirrors-evicted"));
            analysis.Add(Copies().Select(packet => packet with
            {
                Data = Ethernet(s_switchMac, s_sinkMac,
                    Ipv4(Ip($"192.168.7.{mirror}"), s_sink, IpProtocols.Udp, Udp(50_000, VxlanPort, TunnelBytes.Vxlan(packet.Data)))),
            })).Flush();
        }
        Assert.Equal(1, analysis.Losses["mirrors-evicted"]);
    }

    [Fact]
    public void Mirrors_inside_one_another_end()
    {
        byte[] frame = Copies()[0].Data;
        for (int i = 0; i < 20; i++)
            frame = Mirror("TZSP", frame);
        Analysis analysis = new Analysis().Add(new TimedPacket(1, frame)).Finish();
        Assert.Equal((1L, frame.Length), (analysis.Source.Kept, analysis.Source.BytesKept));
    }
}
