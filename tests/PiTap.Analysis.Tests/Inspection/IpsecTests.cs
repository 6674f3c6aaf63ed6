using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

public sealed class IpsecTests
{
    private static readonly byte[] s_marker = [0, 0, 0, 0];

    private static Conversation Udp(ushort serverPort, ushort clientPort = 40_000) => new(Phone, clientPort, Server, serverPort);

    private static FlowRecord Only(Conversation conversation) => Assert.Single(Analysis.Of(conversation).Flows);

    [Theory]
    [InlineData(500, 500)]
    [InlineData(500, 40_000)]
    [InlineData(4_500, 14_500)]
    [InlineData(4_500, 1_025)]
    public void IKE_and_what_it_agreed_on_are_encrypted(ushort serverPort, ushort clientPort)
    {
        byte[] before = serverPort == 4_500 ? s_marker : [];
        FlowRecord flow = Only(Udp(serverPort, clientPort)
            .Datagram(true, [.. before, .. TunnelBytes.Ike()])
            .Datagram(false, [.. before, .. TunnelBytes.Ike(flags: 0x20, responder: 7)]));
        Assert.Equal((AppProtocol.Ike, Verdict.Encrypted, "IKE handshake seen"), (flow.AppProto, flow.Verdict, flow.VerdictReason));
        Assert.Equal(Phone, flow.Client);
    }

    [Fact]
    public void An_answer_that_was_not_seen_is_not_claimed()
    {
        FlowRecord flow = Only(Udp(500).Datagram(true, TunnelBytes.Ike()));
        Assert.Equal("IKE handshake begun, no answer seen", flow.VerdictReason);
    }

    [Fact]
    public void ESP_beside_IKE_is_IKE_s_flow_and_alone_ESP_s()
    {
        FlowRecord both = Only(Udp(4_500).Datagram(false, TunnelBytes.Esp()).Datagram(true, [.. s_marker, .. TunnelBytes.Ike()]));
        Assert.Equal((AppProtocol.Ike, Verdict.Encrypted), (both.AppProto, both.Verdict));
        Assert.Equal([AppProtocol.Esp, AppProtocol.Ike], both.AppProtos);
        FlowRecord alone = Only(Udp(4_500).Datagram(true, [0xff]).Datagram(true, TunnelBytes.Esp()).Datagram(false, TunnelBytes.Esp(2)));
        Assert.Equal((AppProtocol.Esp, Verdict.Encrypted), (alone.AppProto, alone.Verdict));
    }

    [Fact]
    public void ESP_without_UDP_is_told_by_its_number()
    {
        byte[] frame = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Esp, TunnelBytes.Esp()));
        FlowRecord flow = Assert.Single(new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, frame)).Finish().Flows);
        Assert.Equal((AppProtocol.Esp, Verdict.Encrypted), (flow.AppProto, flow.Verdict));
    }

    [Fact]
    public void Other_traffic_on_these_ports_is_no_IPsec()
    {
        byte[] text = [.. "hello, this is plain text on a port that is another's"u8];
        Assert.Equal(Verdict.Readable, Only(Udp(4_500).Datagram(true, text)).Verdict);
        Assert.Equal(AppProtocol.Unknown, Only(Udp(4_500).Datagram(true, [0xff])).AppProto);
        Assert.Equal(AppProtocol.Unknown, Only(Udp(500).Datagram(true, TunnelBytes.Esp())).AppProto);
    }
}
