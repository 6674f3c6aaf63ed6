using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Search;

/// <summary>What a searcher is shown of the traffic, beside the readers.</summary>
public sealed class SearchTests
{
    private const int BytesPerFlow = 4 << 20;
    private const int FlowsAtOnce = (16 << 20) / 2_048;

    private readonly RecordingSearcher _searcher = new();

    private Analysis Search(params IEnumerable<TimedPacket> packets) =>
        new Analysis(new AnalysisOptions { Searcher = _searcher }).Add(packets);

    private static byte[] Noise(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Theory]
    [InlineData(443)]
    [InlineData(80)]
    public void Every_byte_of_both_directions_is_shown_once_and_in_order(ushort port)
    {
        // Far beyond what the reader looks at; HTTP is followed by it to the end.
        byte[] up = [.. "POST / HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 100000\r\n\r\n"u8, .. Noise(1, 100_000)];
        byte[] down = Noise(2, 90_000);
        Conversation conversation = Conversation.Tcp(port).Open().Send(true, up, 700).Send(false, down, 900);
        List<TimedPacket> packets = conversation.Packets;
        // Neighbours in the wrong order, some twice: times stay in order.
        var random = new Random(3);
        List<byte[]> frames = [.. packets.Select(static packet => packet.Data)];
        for (int i = 3; i + 1 < frames.Count; i += random.Next(1, 5))
            (frames[i], frames[i + 1]) = (frames[i + 1], frames[i]);
        for (int i = 3; i < frames.Count; i += random.Next(5, 9))
            frames.Insert(i, frames[random.Next(3, i + 1)]);
        Search(frames.Select(static (frame, i) => new TimedPacket(Conversation.DefaultStartNs + i * 1_000L, frame))).Finish();
        Assert.Equal(up, _searcher.Stream(isFromClient: true));
        Assert.Equal(down, _searcher.Stream(isFromClient: false));
        Assert.Empty(_searcher.Gaps);
        Assert.Equal([PhoneMac.ToString()], _searcher.Devices);
    }

    [Fact]
    public void What_the_capture_lost_is_announced_and_counted()
    {
        byte[] before = Noise(1, 40_000);
        byte[] behind = Noise(2, 40_000);
        Conversation conversation = Conversation.Tcp(443).Open().Send(true, before).Lose(true, 1_234).Send(true, behind).Send(false, [1]);
        Analysis analysis = Search(conversation.Packets).Finish();
        Assert.Equal([.. before, .. behind], _searcher.Stream(isFromClient: true));
        Assert.Equal([(true, 1_234L)], _searcher.Gaps);
        Assert.Equal(1_234, analysis.Losses["search-gap-bytes"]);
    }

    [Fact]
    public void Datagrams_are_shown_with_who_sent_them_long_after_the_flow_is_settled()
    {
        Conversation conversation = new(Phone, 40_000, Server, 9_999);
        List<(bool, byte[])> sent = [];
        for (int i = 0; i < 100; i++)
        {
            sent.Add((i % 3 != 0, Noise(i, 50)));
            conversation.Datagram(i % 3 != 0, Noise(i, 50));
        }
        Search(conversation.Packets).Finish();
        // The server sends the first one here, and is taken for no client: it is not local.
        Assert.Equal(sent.Select(static one => one.Item1), _searcher.Datagrams.Select(static one => one.IsFromClient));
        Assert.Equal(sent.SelectMany(static one => one.Item2), _searcher.Datagrams.SelectMany(static one => one.Bytes));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.SearchBytesPerFlow")]
    public void A_flow_is_searched_up_to_its_budget_and_what_is_cut_is_counted()
    {
        Conversation conversation = Conversation.Tcp(443).Open();
        byte[] part = Noise(1, 60_000);
        for (int i = 0; i < BytesPerFlow / part.Length + 20; i++)
            conversation.Send(i % 2 == 0, part, 1_460);
        Analysis analysis = Search(conversation.Packets).Finish();
        Assert.Equal(BytesPerFlow, _searcher.Bytes);
        Assert.Equal(1, analysis.Losses["search-flows-cut"]);
    }

    [Fact]
    public void A_flow_that_had_its_budget_gets_no_other_when_a_hello_wakes_its_reader()
    {
        Conversation conversation = Conversation.Tcp(443).Open();
        byte[] part = Noise(1, 60_000);
        for (int i = 0; i < BytesPerFlow / part.Length + 1; i++)
            conversation.Send(true, part, 1_460);
        conversation.Send(true, HelloBytes.Client("late.example.com"));
        Analysis analysis = Search(conversation.Packets).Finish();
        Assert.Equal(BytesPerFlow, _searcher.Bytes);
        Assert.Equal("late.example.com", Assert.Single(analysis.Flows).Host);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.SearchHeldBytes")]
    public void Flows_beyond_the_memory_for_searching_are_counted_and_the_memory_comes_back()
    {
        const int Beyond = 100;
        TimedPacket Packet(int flow, long second)
        {
            byte[] packet = Ipv4(Phone, Server, IpProtocols.Udp, Udp((ushort)(10_000 + flow), 9_999, Noise(flow, 40)));
            return new(Conversation.DefaultStartNs + second * PacketTime.NanosecondsPerSecond, Ethernet(PhoneMac, RouterMac, packet));
        }
        Analysis analysis = Search(Enumerable.Range(0, FlowsAtOnce + Beyond).Select(flow => Packet(flow, 0))).Flush();
        Assert.Equal((FlowsAtOnce, Beyond), (_searcher.Datagrams.Count, analysis.Losses["search-flows-skipped"]));
        // All of them end by their time-out.
        analysis.Add(Packet(0, 1_000), Packet(FlowsAtOnce + 1, 1_000)).Finish();
        Assert.Equal((FlowsAtOnce + 2, Beyond), (_searcher.Datagrams.Count, analysis.Losses["search-flows-skipped"]));
    }

    [Fact]
    public void The_searchers_state_is_kept_for_each_direction_until_another_connection_begins()
    {
        TimedPacket Segment(int i, bool fromClient, uint sequence, TcpFlags flags, byte[] payload)
        {
            byte[] segment = fromClient ? Tcp(40_000, 443, sequence, 1, flags, payload) : Tcp(443, 40_000, sequence, 1, flags, payload);
            byte[] packet = fromClient ? Ipv4(Phone, Server, IpProtocols.Tcp, segment) : Ipv4(Server, Phone, IpProtocols.Tcp, segment);
            byte[] frame = fromClient ? Ethernet(PhoneMac, RouterMac, packet) : Ethernet(RouterMac, PhoneMac, packet);
            return new TimedPacket(Conversation.DefaultStartNs + i, frame);
        }
        Search(
            Segment(0, true, 99, TcpFlags.Syn, []),
            Segment(1, true, 100, TcpFlags.Ack, Noise(1, 10)), Segment(2, false, 500, TcpFlags.Ack, Noise(2, 20)),
            Segment(3, true, 110, TcpFlags.Ack, Noise(3, 30)), Segment(4, false, 520, TcpFlags.Ack, Noise(4, 40)),
            Segment(5, true, 7_999, TcpFlags.Syn, []), Segment(6, true, 8_000, TcpFlags.Ack, Noise(5, 50))).Finish();
        Assert.Equal([(true, 0), (false, 0), (true, 10), (false, 20), (true, 0)], _searcher.States);
    }

    [Fact]
    public void What_a_tunnel_carries_is_shown_once_and_as_the_stream_that_it_is()
    {
        byte[] sent = Noise(5, 3_000);
        IEnumerable<TimedPacket> packets = Enumerable.Range(0, 3).Select(i =>
        {
            byte[] segment = Tcp(40_000, 443, (uint)(1 + 1_000 * i), 0, TcpFlags.Ack, sent.AsSpan(1_000 * i, 1_000));
            byte[] tunnelled = TunnelBytes.GtpU(Ipv4(Ip("192.0.2.9"), Server, IpProtocols.Tcp, segment));
            byte[] outer = Ipv4(Phone, Server, IpProtocols.Udp, Udp(2_152, 2_152, tunnelled));
            return new TimedPacket(Conversation.DefaultStartNs + i, Ethernet(PhoneMac, RouterMac, outer));
        });
        Search(packets).Finish();
        Assert.Empty(_searcher.Datagrams);
        Assert.Equal(sent, _searcher.Stream(isFromClient: true));
    }
}
