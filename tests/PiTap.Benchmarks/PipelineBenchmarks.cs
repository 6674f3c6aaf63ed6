using BenchmarkDotNet.Attributes;
using PiTap.Analysis;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Benchmarks;

/// <summary>The analysis: a packet of a settled flow, a packet of browsing, a look-up.</summary>
public class PipelineBenchmarks
{
    private readonly byte[] _settled =
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 5, 6, TcpFlags.Ack, new byte[1_200])));
    private readonly List<TimedPacket> _browsing = Recorded.Packets("browse.pcapng");
    private byte[][] _lookups = [];
    private readonly Pipeline _pipeline = New();
    private long _timeNs;

    [GlobalSetup]
    public void Settle()
    {
        _lookups = [.. Enumerable.Range(0, 1_024).Select(static i => Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp,
            Udp((ushort)(40_000 + i), 53,
                [(byte)(i >> 8), (byte)i, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. DnsBytes.Name("www.example.com"), 0, 1, 0, 1]))))];
        for (int i = 0; i < 100; i++)
            Process(_settled);
    }

    [Benchmark]
    public void SettledPacket() => Process(_settled);

    /// <summary>The repository's demonstration: DHCP, DNS, HTTP, TLS, in whole flows.</summary>
    [Benchmark(OperationsPerInvoke = 193)]
    public int BrowsingPacket()
    {
        Pipeline pipeline = New();
        foreach (TimedPacket packet in _browsing)
        {
            pipeline.Process(
                new CapturedPacket { TimeNs = packet.TimeNs, Link = packet.Link, OriginalLength = packet.Data.Length, Data = packet.Data },
                0);
        }
        return pipeline.Finish().Flows.Count;
    }

    [Benchmark(OperationsPerInvoke = 1_024)]
    public void NewLookup()
    {
        foreach (byte[] lookup in _lookups)
            Process(lookup);
        // The flows end, so that the next round opens them anew.
        _timeNs += 600 * PacketTime.NanosecondsPerSecond;
        _pipeline.Flush(includeOpen: false);
    }

    private static Pipeline New()
    {
        Pipeline pipeline = new(new AnalysisOptions());
        pipeline.AddSource("benchmark");
        return pipeline;
    }

    private void Process(byte[] data) =>
        _pipeline.Process(
            new CapturedPacket { TimeNs = _timeNs += 1_000, Link = LinkType.Ethernet, OriginalLength = data.Length, Data = data }, 0);
}
