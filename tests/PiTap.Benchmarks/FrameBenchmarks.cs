using BenchmarkDotNet.Attributes;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Benchmarks;

/// <summary>One walk from the link layer to the payload: what every packet costs at least.</summary>
public class FrameBenchmarks
{
    private readonly byte[] _tcp =
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 5, 6, TcpFlags.Ack, new byte[1_200])));
    private readonly byte[] _udp = Ethernet(PhoneMac, RouterMac, Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(40_000, 443, new byte[1_200])));

    [Benchmark]
    public int TcpOverIpv4()
    {
        Frame.Parse(LinkType.Ethernet, _tcp, out Frame frame);
        return frame.Payload.Length;
    }

    [Benchmark]
    public int UdpOverIpv6()
    {
        Frame.Parse(LinkType.Ethernet, _udp, out Frame frame);
        return frame.Payload.Length;
    }
}
