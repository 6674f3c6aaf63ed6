using System.Text.Json;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>
/// Bytes allocated for each packet on the analysis path in steady state, held against tests/PiTap.Benchmarks/allocation-budget.json.
/// </summary>
public sealed class AllocationTests
{
    private const int Packets = 100_000;

    public static TheoryData<string> Paths()
    {
        using JsonDocument budget = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "allocation-budget.json")));
        return [.. budget.RootElement.EnumerateObject().Select(static entry => entry.Name)];
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_packet_stays_within_its_budget(string path)
    {
        using JsonDocument budget = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "allocation-budget.json")));
        long allowed = budget.RootElement.GetProperty(path).GetInt64();
        (AnalysisOptions options, byte[] packet) = Scenario(path);
        var pipeline = new Pipeline(options);
        pipeline.AddSource("test");
        // Enough packets to settle the flow, and for the compiler to settle too.
        Run(pipeline, packet, 2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(pipeline, packet, Packets);
        Assert.Equal(allowed, (GC.GetAllocatedBytesForCurrentThread() - before) / Packets);
        // Not one object either, where nothing is allowed.
        if (allowed == 0)
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Packets / 10);
    }

    private static void Run(Pipeline pipeline, byte[] data, int count)
    {
        for (int i = 0; i < count; i++)
        {
            pipeline.Process(
                new CapturedPacket { TimeNs = i * 1_000L, Link = LinkType.Ethernet, OriginalLength = data.Length, Data = data }, 0);
        }
    }

    private static (AnalysisOptions Options, byte[] Packet) Scenario(string path)
    {
        byte[] payload = new byte[1_200];
        new Random(3).NextBytes(payload);
        byte[] tcp = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 5, 6, TcpFlags.Ack, payload)));
        byte[] udp = Ethernet(PhoneMac, RouterMac, Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(40_000, 443, payload)));
        byte[] acknowledgement = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 5, 6, TcpFlags.Ack)));
        byte[] arp = Ethernet(PhoneMac, RouterMac, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 42, 0, 2, 0, 0, 0, 0, 0, 0, 10, 42, 0, 1],
            EtherTypes.Arp);
        Assert.True(ClientFilter.TryParse(["192.168.77.0/24"], out ClientFilter? others, out _));
        return path switch
        {
            "settled TCP packet" => (new AnalysisOptions(), tcp),
            "settled UDP packet" => (new AnalysisOptions(), udp),
            "packet without payload" => (new AnalysisOptions(), acknowledgement),
            "packet that the client filter leaves out" => (new AnalysisOptions { Clients = others }, tcp),
            "ARP packet" => (new AnalysisOptions(), arp),
            _ => throw new ArgumentOutOfRangeException(nameof(path), path, "a budget without a scenario"),
        };
    }
}
