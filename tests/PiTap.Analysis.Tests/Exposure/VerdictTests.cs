using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Exposure;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(53)]
    [InlineData(67)]
    [InlineData(123)]
    [InlineData(137)]
    [InlineData(547)]
    [InlineData(1_900)]
    [InlineData(2_152)]
    [InlineData(3_544)]
    [InlineData(4_789)]
    [InlineData(5_353)]
    [InlineData(5_355)]
    [InlineData(6_081)]
    public void A_port_alone_makes_nothing_readable(ushort port)
    {
        var random = new Random(port);
        byte[] bytes = new byte[600];
        int readable = 0;
        for (ushort flow = 0; flow < 100; flow++)
        {
            var talk = new Conversation(Phone, (ushort)(40_000 + flow), Server, port);
            for (int i = 0; i < 10; i++)
            {
                random.NextBytes(bytes);
                talk.Datagram(i % 2 == 0, bytes);
            }
            readable += Analysis.Of(talk).Flows.Count(static found => found.Verdict == Verdict.Readable);
        }
        // Some bytes in a million look like anything.
        Assert.InRange(readable, 0, 2);
    }

    [Fact]
    public void What_is_not_looked_into_is_not_called_empty()
    {
        FlowRecord flow = Assert.Single(
            new Analysis().Add(new TimedPacket(1, Ethernet(PhoneMac, RouterMac, Ip(Phone, Server, 89, new byte[100])))).Finish().Flows);
        Assert.Equal((Verdict.Opaque, "a protocol that is not looked into"), (flow.Verdict, flow.VerdictReason));
    }

    private static Conversation Tunnel(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        static byte[] Inner(ushort port, uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload) =>
            TunnelBytes.GtpU(Ipv4(Ip("10.9.0.1"), Ip("10.9.0.2"), IpProtocols.Tcp, Tcp(4_000, port, sequence, 0, flags, payload)));
        return new Conversation(Phone, 2_152, Server, 2_152)
            .Datagram(true, Inner(1, 0, TcpFlags.Syn, [])).Datagram(true, Inner(1, 1, TcpFlags.Ack, first))
            .Datagram(true, Inner(2, 0, TcpFlags.Syn, [])).Datagram(true, Inner(2, 1, TcpFlags.Ack, second));
    }

    [Fact]
    public void One_handshake_in_a_tunnel_does_not_encrypt_the_others()
    {
        FlowRecord flow = Assert.Single(
            Analysis.Of(Tunnel("GET /a HTTP/1.1\r\nHost: plain.example.com\r\n\r\n"u8, HelloBytes.Client("tls.example.com"))).Flows);
        Assert.Equal((Verdict.Readable, "HTTP request in the clear inside a readable tunnel"), (flow.Verdict, flow.VerdictReason));
    }

    [Fact]
    public void One_ignored_host_in_a_tunnel_does_not_hide_the_others()
    {
        Conversation talk =
            Tunnel("GET /a HTTP/1.1\r\nHost: ads.example.com\r\n\r\n"u8, "GET /b HTTP/1.1\r\nHost: other.example.net\r\n\r\n"u8);
        var analysis = new Analysis(new AnalysisOptions { IgnoreSuffixes = ["example.com"] }).Add(talk.Packets).Finish();
        Assert.Contains(Assert.Single(analysis.Flows).Http, static request => request.Path == "/b");
    }
}
