using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class FlowTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;

    [Fact]
    public void A_connection_is_one_flow_from_the_side_that_opened_it()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, new byte[100]).Send(false, new byte[3_000]).Close();
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        Assert.Equal((Phone, (ushort)40_000, Server, (ushort)443), (flow.Client, flow.ClientPort, flow.Server, flow.ServerPort));
        Assert.Equal((5L, 5L), (flow.PacketsUp, flow.PacketsDown));
        Assert.Equal(talk.Packets.Sum(static packet => packet.Data.Length), flow.BytesUp + flow.BytesDown);
        Assert.Equal((FlowEnd.Closed, PhoneMac.ToString()), (flow.End, flow.Device));
    }

    [Fact]
    public void In_the_middle_of_a_capture_the_local_side_is_the_client()
    {
        var talk = new Conversation(Ip("198.51.100.9"), 50_000, Ip("10.42.0.9"), 443);
        FlowRecord flow = Assert.Single(Analysis.Of(talk.Segment(true, TcpFlags.Ack, new byte[10])).Flows);
        Assert.Equal(Ip("10.42.0.9"), flow.Client);
    }

    [Fact]
    public void Silence_ends_a_flow_and_the_next_packet_begins_another()
    {
        Conversation talk = new Conversation(Phone, 1_000, Server, 9).Datagram(true, [1]).Wait(121 * Second).Datagram(true, [2]);
        Assert.Equal([FlowEnd.Idle, FlowEnd.EndOfCapture], Analysis.Of(talk).Flows.Select(static flow => flow.End));
        Assert.Single(new Analysis(new AnalysisOptions { FlowIdleTimeoutNs = null }).Add(talk.Packets).Finish().Flows);
    }

    [Fact]
    public void A_long_flow_goes_on_in_a_further_record_with_what_is_known_of_it()
    {
        Conversation talk = Conversation.Tcp(80).Open().Send(true, "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8);
        for (int minute = 0; minute < 70; minute++)
            talk.Wait(60 * Second).Segment(false, TcpFlags.Ack, []);
        List<FlowRecord> flows = Analysis.Of(talk).Flows;
        Assert.Equal([FlowEnd.Active, FlowEnd.EndOfCapture], flows.Select(static flow => flow.End));
        Assert.All(flows, static flow => Assert.Equal("api.example.com", flow.Host));
        Assert.Equal(talk.Packets.Count, flows.Sum(static flow => flow.PacketsUp + flow.PacketsDown));
    }

    [Fact]
    public void A_full_table_evicts_the_flow_silent_for_longest_and_counts_it()
    {
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 10 });
        for (ushort port = 1; port <= 25; port++)
            analysis.Add(new Conversation(Phone, port, Server, 9, Conversation.DefaultStartNs + port).Datagram(true, [1]).Packets);
        analysis.Finish();
        Assert.Equal(25, analysis.Flows.Count);
        Assert.Equal(15, analysis.Losses["flows-evicted"]);
        Assert.Equal(Enumerable.Range(1, 15),
            analysis.Flows.Where(static flow => flow.End == FlowEnd.Evicted).Select(static flow => (int)flow.ClientPort));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 0, 2)]
    public void Fragments_count_on_the_flow_that_they_belong_to_in_any_order(int first, int second, int third)
    {
        byte[] datagram = Udp(1_000, 9, new byte[2_500]);
        byte[][] parts =
        [
            Ipv4(Phone, Server, IpProtocols.Udp, datagram.AsSpan(0, 1_000), 7, 0, true),
            Ipv4(Phone, Server, IpProtocols.Udp, datagram.AsSpan(1_000, 1_000), 7, 1_000, true),
            Ipv4(Phone, Server, IpProtocols.Udp, datagram.AsSpan(2_000), 7, 2_000),
        ];
        IEnumerable<TimedPacket> packets = ((int[])[first, second, third]).Select((part, i) =>
            new TimedPacket(Conversation.DefaultStartNs + i, Ethernet(PhoneMac, RouterMac, parts[part])));
        FlowRecord flow = Assert.Single(new Analysis().Add(packets).Finish().Flows);
        Assert.Equal((3L, (ushort)9), (flow.PacketsUp, flow.ServerPort));
    }

    [Fact]
    public void Fragments_too_small_for_a_TCP_header_hide_nothing()
    {
        byte[] segment = Tcp(40_000, 80, 1, 0, TcpFlags.Ack, "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        IEnumerable<TimedPacket> packets = segment.Chunk(8).Select((part, i) =>
            new TimedPacket(
                i, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, part, 7, 8 * i, 8 * (i + 1) < segment.Length))));
        FlowRecord flow = Assert.Single(new Analysis().Add(packets).Finish().Flows);
        Assert.Equal(("a.example.com", (ushort)80, (long)segment.Chunk(8).Count()), (flow.Host, flow.ServerPort, flow.PacketsUp));
    }

    [Fact]
    public void A_SYN_that_resets_in_fragments_is_one_flow()
    {
        byte[] segment = Tcp(40_000, 443, 1, 0, TcpFlags.Syn | TcpFlags.Rst, new byte[1_000]);
        byte[] Part(int from, int to) =>
            Ethernet(
                PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, segment.AsSpan(from, to - from), 7, from, to < segment.Length));
        FlowRecord flow = Assert.Single(
            new Analysis().Add(new TimedPacket(1, Part(512, segment.Length)), new TimedPacket(2, Part(0, 512))).Finish().Flows);
        Assert.Equal(2, flow.PacketsUp);
    }

    [Fact]
    public void Fragments_without_a_first_part_make_a_flow_without_ports()
    {
        var late = new TimedPacket(0, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, new byte[800], 7, 800)));
        FlowRecord flow = Assert.Single(new Analysis().Add(late).Finish().Flows);
        Assert.Equal(((ushort)0, (ushort)0, 1L), (flow.ClientPort, flow.ServerPort, flow.PacketsUp));
    }

    [Fact]
    public void A_clock_set_back_a_year_loses_nothing_and_is_counted()
    {
        Conversation before = new Conversation(Phone, 1, Server, 9).Datagram(true, [1]);
        Conversation after = new Conversation(Phone, 2, Server, 9, Conversation.DefaultStartNs - 365 * 86_400 * Second).Datagram(true, [1])
            .Datagram(true, [2]);
        Analysis analysis = new Analysis().Add(before.Packets).Add(after.Packets).Add(before.Datagram(true, [3]).Packets[1..]).Finish();
        Assert.Equal(4, analysis.Flows.Sum(static flow => flow.PacketsUp));
        Assert.Equal(1, analysis.Losses["clock-steps"]);
    }

    [Fact]
    public void Any_time_stamp_is_survived()
    {
        long[] times = [long.MaxValue, long.MinValue, 0, -1, long.MaxValue, 1];
        byte[] packet = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 9, [1])));
        Analysis analysis = new Analysis().Add(times.Select(time => new TimedPacket(time, packet))).Finish();
        Assert.Equal(times.Length, analysis.Flows.Sum(static flow => flow.PacketsUp));
    }

    [Fact]
    public void Random_packets_are_survived_and_the_sum_holds()
    {
        var random = new Random(1);
        var analysis = new Analysis(new AnalysisOptions { MaxFlows = 1_000 });
        for (int i = 0; i < 50_000; i++)
        {
            byte[] payload = new byte[random.Next(0, 300)];
            random.NextBytes(payload);
            byte[] ip = random.Next(2) == 0
                ? Ipv4(IpAddress.FromV4((uint)random.Next()), Server, IpProtocols.Udp,
                    Udp((ushort)random.Next(65_536), (ushort)(random.Next(3) == 0 ? 53 : random.Next(65_536)), payload))
                : Ipv4(Phone, IpAddress.FromV4((uint)random.Next(64)), IpProtocols.Tcp,
                    Tcp((ushort)random.Next(8), 443, (uint)random.Next(5_000), 0, (TcpFlags)random.Next(64), payload));
            analysis.Add(new TimedPacket(i * 1_000_000L, Ethernet(PhoneMac, RouterMac, ip)));
        }
        analysis.Finish();
        Assert.Equal(50_000, analysis.Flows.Sum(static flow => flow.PacketsUp + flow.PacketsDown));
        Assert.Equal((50_000L, 50_000L), (analysis.Source.Received, analysis.Source.Kept));
    }
}
