using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

public sealed class StreamReassemblerTests
{
    private const uint Initial = 999;
    private static readonly byte[] s_hello = HelloBytes.Client("a.example.com");
    private static readonly byte[] s_syn = Segment(Initial, TcpFlags.Syn, []);
    private static readonly byte[] s_first = Segment(Initial + 1, TcpFlags.Ack, s_hello.AsSpan(0, 30));
    private static readonly byte[] s_second = Segment(Initial + 31, TcpFlags.Ack, s_hello.AsSpan(30));

    private static byte[] Segment(uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload, ushort serverPort = 443) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, serverPort, sequence, 0, flags, payload)));

    private static FlowRecord Flow(params byte[][] packets) =>
        Assert.Single(new Analysis().Add(packets.Select(static (packet, i) => new TimedPacket(Conversation.DefaultStartNs + i, packet)))
            .Finish().Flows);

    public static TheoryData<string> Orders() => ["S12", "S1S2", "1S2", "S2S1", "SS12", "S11S22", "S21S", "12S", "12"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_SYN_that_comes_again_or_behind_its_data_loses_none_of_it(string order)
    {
        FlowRecord flow = Flow([.. order.Select(static each => each switch { 'S' => s_syn, '1' => s_first, _ => s_second })]);
        Assert.Equal("a.example.com", flow.Host);
        Assert.Single(flow.Tls);
    }

    [Fact]
    public void A_new_SYN_on_the_same_ports_begins_a_new_stream_also_in_the_same_flow()
    {
        byte[] next = HelloBytes.Client("b.example.com");
        byte[][] packets =
        [
            s_syn, s_first, s_second,
            Segment(70_000, TcpFlags.Syn, []),
            Segment(70_001, TcpFlags.Ack, next.AsSpan(0, 20)), Segment(70_021, TcpFlags.Ack, next.AsSpan(20)),
        ];
        Analysis analysis = new Analysis(new AnalysisOptions { FlowIdleTimeoutNs = null })
            .Add(packets.Select(static (packet, i) => new TimedPacket(Conversation.DefaultStartNs + i, packet))).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal(["a.example.com", "b.example.com"], flow.Tls.Select(static hello => hello.Sni));
    }

    [Fact]
    public void A_hello_that_comes_again_long_after_is_no_other_hello()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, s_hello);
        for (int record = 0; record < 14; record++)
            talk.Send(record % 2 == 0, [0x17, 3, 3, 0, 3, 1, 2, 3]);
        talk.Packets.Add(talk.Packets[3] with { TimeNs = talk.NowNs });
        Assert.Single(Assert.Single(Analysis.Of(talk).Flows).Tls);
    }

    [Fact]
    public void A_keep_alive_before_the_first_data_is_none_of_it() =>
        Assert.Equal("a.example.com", Flow(Segment(Initial, TcpFlags.Ack, [0]), s_first, s_second).Host);

    [Fact]
    public void Sequence_numbers_wrap_around_inside_what_waits_and_what_overlaps()
    {
        const uint Last = uint.MaxValue - 19;
        FlowRecord flow = Flow(
            Segment(Last - 1, TcpFlags.Syn, []), Segment(unchecked(Last + 29), TcpFlags.Ack, s_hello.AsSpan(29)),
            Segment(Last - 1, TcpFlags.Ack, [0]), Segment(Last, TcpFlags.Ack, s_hello.AsSpan(0, 40)));
        Assert.Equal("a.example.com", flow.Host);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("request")]
    public void What_goes_through_the_port_of_DNS_need_not_be_DNS(string kind)
    {
        byte[] bytes = kind == "hello" ? s_hello : [.. "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8];
        FlowRecord flow = Flow(Segment(Initial, TcpFlags.Syn, [], 53), Segment(Initial + 1, TcpFlags.Ack, bytes, 53));
        Assert.Equal(("a.example.com", kind == "hello" ? Verdict.Encrypted : Verdict.Readable), (flow.Host, flow.Verdict));
    }
}
