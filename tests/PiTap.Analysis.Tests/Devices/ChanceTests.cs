using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Devices;

/// <summary>
/// Whoever makes room for others is looked for among so many only, as each look costs time: of more that might be passed over, the next one
/// goes.
/// </summary>
public sealed class ChanceTests
{
    private const int Chances = 16;

    private static readonly IpAddress s_resolver = Ip("10.42.0.1");

    private long _timeNs = Conversation.DefaultStartNs;

    [Fact]
    [Trait("cap", "Analysis.Pipeline.MaxSecondChances")]
    public void Behind_so_many_flows_that_are_worth_keeping_one_goes_all_the_same()
    {
        Analysis analysis = new(new AnalysisOptions { MaxFlows = 200 });
        for (int i = 0; i < 200; i++)
        {
            // Two of each device, answered.
            (MacAddress mac, IpAddress address, ushort port) = (DeviceMac(i / 2), Address(i / 2), (ushort)(1_000 + i));
            analysis.Add(
                Packet(mac, RouterMac, address, Server, port, 9), Packet(RouterMac, mac, Server, address, 9, port));
        }
        analysis.Add(Packet(PhoneMac, RouterMac, Phone, Server, 40_000, 9)).Finish();
        Assert.Equal(1_000 + Chances, Assert.Single(analysis.Flows, static flow => flow.End == FlowEnd.Evicted).ClientPort);
    }

    [Fact]
    [Trait("cap", "Analysis.FairQueue.MaxSecondChances")]
    public void Behind_so_many_questions_of_devices_with_few_one_goes_all_the_same()
    {
        var analysis = new Analysis();
        for (int i = 0; i < 20; i++)
            analysis.Add(Ask(DeviceMac(i), Address(i), i, $"d{i}.example.com"));
        // One more than may wait, and one that finds it so.
        for (int i = 20; i < 8_194; i++)
            analysis.Add(Ask(PhoneMac, Phone, i, $"n{i}.example.com"));
        Assert.Equal($"d{Chances}.example.com", Assert.Single(analysis.Flush().Lookups).Name);
    }

    [Fact]
    [Trait("cap", "Analysis.DeviceQueue.MaxSecondChances")]
    public void Behind_so_many_devices_that_sent_again_one_is_forgotten_all_the_same()
    {
        var analysis = new Analysis();
        for (int i = 0; i < 4_096; i++)
            analysis.Add(Packet(DeviceMac(i), RouterMac, Address(i), Server, 1_000, 9));
        for (int i = 0; i < 20; i++)
            analysis.Add(Packet(DeviceMac(i), RouterMac, Address(i), Server, 1_000, 9));
        analysis.Add(Packet(PhoneMac, RouterMac, Phone, Server, 1_000, 9)).Flush();
        Assert.Equal([Chances], Enumerable.Range(0, 24).Where(i => !analysis.Forget(DeviceMac(i).ToString())));
    }

    [Fact]
    [Trait("cap", "Analysis.StreamBudget.MaxLooks")]
    public void Of_so_many_streams_that_have_waited_for_longest_one_makes_room()
    {
        var analysis = new Analysis();
        for (ushort flow = 0; flow < Chances; flow++)
            analysis.Add(Segment(flow, 1, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n"u8));
        // Behind them as many as it takes, each with much more.
        byte[] half = Encoding.ASCII.GetBytes("GET /2 HTTP/1.1\r\nX: " + new string('x', 50_000));
        for (ushort flow = 100; flow < 100 + 400; flow++)
            analysis.Add(Segment(flow, 1, half));
        for (ushort flow = 0; flow < Chances; flow++)
            analysis.Add(Segment(flow, 1 + 38, "\r\n"u8));
        analysis.Finish();
        Assert.NotEqual(0, analysis.Losses["streams-evicted"]);
        Assert.NotEqual(Chances, analysis.Flows.Sum(static flow => flow.Http.Count));
    }

    private static MacAddress DeviceMac(int number) => new(0x02_00_00_10_00_00u + (ulong)number);

    private static IpAddress Address(int number) => Ip($"10.1.{number / 256}.{number % 256}");

    private TimedPacket Packet(MacAddress from, MacAddress to, IpAddress source, IpAddress target, ushort sourcePort, ushort port) =>
        new(_timeNs += 1_000, Ethernet(from, to, Ipv4(source, target, IpProtocols.Udp, Udp(sourcePort, port, [1]))));

    private TimedPacket Ask(MacAddress mac, IpAddress client, int id, string name)
    {
        byte[] query = new DnsBytes(DnsBytes.Query, (ushort)id).Question(name, 1).ToArray();
        return new(_timeNs += 1_000, Ethernet(mac, RouterMac, Ipv4(client, s_resolver, IpProtocols.Udp, Udp(50_000, 53, query))));
    }

    private TimedPacket Segment(ushort flow, uint sequence, ReadOnlySpan<byte> payload)
    {
        byte[] segment = Tcp((ushort)(10_000 + flow), 443, sequence, 0, TcpFlags.Ack, payload);
        return new(_timeNs += 1_000, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, segment)));
    }
}
