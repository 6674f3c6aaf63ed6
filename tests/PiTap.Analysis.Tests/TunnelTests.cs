using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class TunnelTests
{
    private static readonly IpAddress s_inside = Ip("10.9.0.1");
    private static readonly IpAddress s_resolver = Ip("10.9.0.2");

    private static byte[] Segment(uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload) =>
        TunnelBytes.GtpU(Ipv4(s_inside, s_resolver, IpProtocols.Tcp, Tcp(4_000, 53, sequence, 0, flags, payload)));

    [Fact]
    public void What_waits_inside_a_tunnel_when_that_ends_is_still_the_tunnels()
    {
        byte[] question = new DnsBytes(DnsBytes.Query).Question("a.example.com", 1).ToTcp();
        byte[] behindGap = new DnsBytes(DnsBytes.Query).Question("b.example.com", 1).ToTcp();
        Conversation talk = new Conversation(Phone, 2_152, Server, 2_152)
            .Datagram(true, Segment(1_000, TcpFlags.Syn, []))
            .Datagram(true, Segment(1_001, TcpFlags.Ack, question))
            .Datagram(true, Segment(1_051 + (uint)question.Length, TcpFlags.Ack, behindGap));
        Analysis analysis = Analysis.Of(talk);
        Assert.Equal(["a.example.com", "b.example.com"], analysis.Lookups.Select(static lookup => lookup.Name));
        Assert.All(analysis.Lookups, static lookup => Assert.Equal((PhoneMac.ToString(), Server), (lookup.Device, lookup.Server)));
        Assert.Equal((AppProtocol.Tunnel, 3L), (Assert.Single(analysis.Flows).AppProto, analysis.Flows[0].PacketsUp));
    }

    [Fact]
    public void A_tunnel_does_not_give_way_to_what_is_inside_it()
    {
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 5 });
        var talk = new Conversation(Phone, 2_152, Server, 2_152);
        for (ushort port = 1; port <= 50; port++)
            talk.Datagram(true, TunnelBytes.GtpU(Ipv4(s_inside, s_resolver, IpProtocols.Udp, Udp(port, 9, [1]))));
        FlowRecord flow = Assert.Single(analysis.Add(talk.Packets).Finish().Flows);
        Assert.Equal((AppProtocol.Tunnel, 50L), (flow.AppProto, flow.PacketsUp));
    }
}
