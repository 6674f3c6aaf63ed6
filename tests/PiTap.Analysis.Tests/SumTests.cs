using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>Whatever happens to flows, each packet is counted once in each of the books.</summary>
public sealed class SumTests
{
    private const int Count = 20_000;

    private static byte[] Request(Random random) =>
        Encoding.ASCII.GetBytes(
            $"GET /{random.Next(9)} HTTP/1.1\r\nHost: {(random.Next(2) == 0 ? "a.example.com" : "b.example.net")}\r\n\r\n");

    /// <summary>Connections that begin anyhow, reset and reuse their ports; tunnels; fragments of few datagrams; questions.</summary>
    private static List<TimedPacket> Mixture()
    {
        var random = new Random(9);
        List<TimedPacket> packets = [];
        for (int i = 0; i < Count; i++)
        {
            IpAddress client = Ip($"10.42.0.{random.Next(1, 12)}");
            ushort port = (ushort)random.Next(1, 60);
            byte[] packet = random.Next(5) switch
            {
                0 => Ipv4(client, Server, IpProtocols.Tcp, Tcp(port, 80, 1, 0, TcpFlags.Ack, Request(random))),
                1 => Ipv4(
                    client, Server, IpProtocols.Udp,
                    Udp(2_152, 2_152,
                        TunnelBytes.GtpU(Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(port, 80, 1, 0, TcpFlags.Ack, Request(random)))))),
                2 => Ipv4(client, Server, IpProtocols.Udp, new byte[64], (ushort)random.Next(300), 8 * random.Next(8), random.Next(2) == 0),
                3 => Ipv4(Server, client, IpProtocols.Tcp, Tcp(80, port, 1, 0, (TcpFlags)random.Next(64))),
                _ => Ipv4(client, Server, IpProtocols.Udp,
                    Udp(port, 53, new DnsBytes(DnsBytes.Query).Question($"n{i}.example.com", 1).ToArray())),
            };
            packets.Add(new TimedPacket(Conversation.DefaultStartNs + i * 50_000_000L, Ethernet(PhoneMac, RouterMac, packet)));
        }
        return packets;
    }

    [Fact]
    public void Kept_reduced_and_filtered_are_what_was_received_and_flows_and_contacts_what_was_kept()
    {
        Assert.True(ClientFilter.TryParse(["10.42.0.0/29"], out ClientFilter? clients, out _));
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 50, IgnoreSuffixes = ["example.com"], Clients = clients });
        List<TimedPacket> packets = Mixture();
        foreach (TimedPacket[] part in packets.Chunk(500))
            analysis.Add(part).Flush();
        analysis.Finish();
        SourceCounters source = analysis.Source;
        Assert.Equal(Count, source.Kept + source.Reduced + source.Filtered);
        Assert.Equal(packets.Sum(static packet => packet.Data.Length), source.BytesKept + source.BytesReduced + source.BytesFiltered);
        Assert.True(source.Reduced > 0 && source.Filtered > 0 && analysis.Losses["flows-evicted"] > 0);
        List<FlowRecord> last = [.. analysis.Flows.GroupBy(static flow => flow.Sequence).Select(static states => states.Last())
            .Where(static flow => !flow.IsReduced)];
        Assert.Equal((source.Kept, source.BytesKept),
            (last.Sum(static flow => flow.PacketsUp + flow.PacketsDown), last.Sum(static flow => flow.BytesUp + flow.BytesDown)));
        Assert.Equal(source.BytesKept, analysis.Contacts.Sum(static contact => contact.BytesUp + contact.BytesDown));
        Assert.Equal(last.Count, analysis.Contacts.Sum(static contact => contact.Flows));
        Assert.Equal(source.Kept + source.Reduced, analysis.Minutes.Sum(static minute => minute.PacketsUp + minute.PacketsDown));
    }

    [Fact]
    public void A_live_run_ends_with_what_a_replay_says()
    {
        List<TimedPacket> packets = Mixture();
        Analysis whole = new Analysis().Add(packets).Finish();
        var live = new Analysis();
        foreach (TimedPacket[] part in packets.Chunk(7))
            live.Add(part).Flush();
        live.Finish();
        static IEnumerable<string> Show(Analysis analysis) => analysis.Flows.GroupBy(static flow => flow.Sequence)
            .Select(static states => states.Last()).OrderBy(static flow => flow.Sequence)
            .Select(static flow => $"{flow.Sequence} {flow.Client}:{flow.ClientPort} {flow.Server} {flow.StartNs} {flow.EndNs} "
                + $"{flow.PacketsUp} {flow.BytesDown} {flow.Host} {flow.End} {flow.Http.Count} {flow.VerdictReason}");
        Assert.Equal(Show(whole), Show(live));
        Assert.Equal(whole.Losses, live.Losses);
    }
}
