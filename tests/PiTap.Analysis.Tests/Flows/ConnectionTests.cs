using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

/// <summary>A TCP connection is not the same as a flow: it may be silent for longer, or follow another one on the same ports.</summary>
public sealed class ConnectionTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private const ushort ClientPort = 40_000;
    private const uint FirstUp = 100_000;
    private const uint FirstDown = 2_000_000_000;

    private long _timeNs = Conversation.DefaultStartNs;

    [Fact]
    public void A_silent_connection_is_the_same_as_before_in_every_further_record()
    {
        Conversation talk = Hello("push.example.com");
        for (int i = 0; i < 3; i++)
            talk.Wait(7_400 * Second).Send(i % 2 == 0, [23, 3, 3, 0, 2, 1, 2]);
        Analysis analysis = Analysis.Of(talk);
        Assert.Equal(4, analysis.Flows.Count);
        Assert.All(analysis.Flows, static flow => Assert.Equal(
            ("push.example.com", HostSource.TlsSni, Verdict.Encrypted, AppProtocol.Tls, PhoneMac.ToString(), Phone),
            (flow.Host, flow.HostSource, flow.Verdict, flow.AppProto, flow.Device, flow.Client)));
        Assert.All(analysis.Flows, flow => Assert.Equal(analysis.Flows[0].VerdictReason, flow.VerdictReason));
        Assert.Equal(4, Assert.Single(analysis.Contacts).Flows);
    }

    [Fact]
    public void What_was_asked_before_the_silence_is_not_told_twice()
    {
        Conversation talk = Conversation.Tcp(80).Open().Send(true, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        talk.Wait(300 * Second).Send(true, "GET /2 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        Assert.Equal(["/1", "/2"], Analysis.Of(talk).Flows.Select(static flow => Assert.Single(flow.Http).Path));
    }

    [Fact]
    [Trait("cap", "Analysis.KnownConnections.MaxSilenceNs")]
    public void After_more_than_two_hours_and_four_minutes_nothing_is_known()
    {
        Conversation talk = Hello("push.example.com").Wait(7_700 * Second).Send(true, [23, 3, 3, 0, 2, 1, 2]);
        Assert.Null(Analysis.Of(talk).Flows[^1].Host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_begins_or_ended_does_not_inherit_a_name(bool isClosed)
    {
        Conversation talk = Hello("old.example.com");
        if (isClosed)
            talk.Close().Wait(300 * Second).Send(true, [1, 2, 3]);
        else
            talk.Wait(300 * Second).Open().Send(true, [1, 2, 3]);
        List<FlowRecord> flows = Analysis.Of(talk).Flows;
        Assert.Equal(2, flows.Count);
        Assert.Null(flows[^1].Host);
    }

    [Fact]
    public void A_connection_that_gave_way_to_a_flood_is_known_when_it_goes_on()
    {
        Conversation talk = Hello("push.example.com");
        Analysis analysis = new Analysis(new AnalysisOptions { MaxFlows = 10 }).Add(talk.Packets);
        for (ushort port = 1; port <= 40; port++)
            analysis.Add(new Conversation(Phone, port, Server, 9, talk.NowNs).Datagram(true, [1]).Packets);
        analysis.Add(talk.Wait(Second).Send(true, [23, 3, 3, 0, 2, 1, 2]).Packets[^1..]).Finish();
        string?[] hosts = [.. analysis.Flows.Where(static flow => flow.Protocol == 6).Select(static flow => flow.Host)];
        Assert.Equal(["push.example.com", "push.example.com"], hosts);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.KnownConnectionBytes")]
    public void What_is_kept_of_silent_connections_is_bounded_and_a_device_drives_out_its_own()
    {
        MacAddress neighbourMac = Mac("02:00:00:00:00:66");
        Conversation talk = Hello("push.example.com");
        Analysis analysis = new Analysis().Add(talk.Packets);
        for (int i = 0; i < 6_000; i++)
        {
            byte[] hello = HelloBytes.Client($"n{i}.{new string('x', 200)}.example");
            byte[] segment = Tcp((ushort)(1_024 + i), 443, 1, 1, TcpFlags.Ack, hello);
            byte[] frame = Ethernet(neighbourMac, RouterMac, Ipv4(Ip("10.42.0.66"), Server, 6, segment));
            analysis.Add(new TimedPacket(talk.NowNs + 40_000_000L * i, frame));
        }
        analysis.Add(talk.Wait(1_000 * Second).Send(true, [23, 3, 3, 0, 2, 1, 2]).Packets[^1..]).Finish();
        Assert.NotEqual(0, analysis.Losses["connections-evicted"]);
        Assert.Equal("push.example.com", analysis.Flows[^1].Host);
    }

    [Fact]
    public void Nothing_is_kept_of_a_silent_connection_of_a_forgotten_device()
    {
        Conversation talk = Hello("push.example.com");
        Analysis analysis = new Analysis().Add(talk.Packets);
        var other = new Conversation(Ip("10.42.0.9"), 1, Server, 9, talk.NowNs + 300 * Second);
        analysis.Add(other.Datagram(true, [1]).Packets);
        Assert.True(analysis.Forget(PhoneMac.ToString()));
        analysis.Add(talk.Wait(301 * Second).Send(true, [23, 3, 3, 0, 2, 1, 2]).Packets[^1..]).Finish();
        Assert.DoesNotContain(analysis.Flows, static flow => flow.Host is not null);
    }

    [Fact]
    public void A_SYN_with_another_number_that_is_answered_begins_a_flow()
    {
        Analysis analysis = new Analysis().Add(TwoConnections()).Finish();
        Assert.Equal(["first.example.com", "second.example.com"], analysis.Flows.Select(static flow => flow.Host));
        Assert.Equal([(3L, 1L), (3L, 1L)], analysis.Flows.Select(static flow => (flow.PacketsUp, flow.PacketsDown)));
        Assert.Equal(FlowEnd.Closed, analysis.Flows[0].End);
        Assert.True(analysis.Flows[0].EndNs < analysis.Flows[1].StartNs);
        Assert.Equal(8, analysis.Source.Kept);
        Assert.Equal(2, analysis.Contacts.Count);
    }

    [Theory]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 2)]
    [Trait("cap", "Analysis.Pipeline.MaxLateBytes")]
    public void A_SYN_comes_late_if_it_lies_no_more_than_64_KiB_before_the_first_byte(uint before, int flows)
    {
        TimedPacket[] packets =
            [.. Begin(FirstUp, FirstDown, "first.example.com"), .. Begin(FirstUp - before, 8_000_000, "second.example.com")];
        Assert.Equal(flows, new Analysis().Add(packets).Finish().Flows.Count);
    }

    [Fact]
    public void If_a_capture_shows_one_side_alone_what_follows_the_SYN_begins_the_flow()
    {
        TimedPacket[] packets = [.. TwoConnections().Where(static (_, number) => number % 4 != 1)];
        Analysis analysis = new Analysis().Add(packets).Finish();
        Assert.Equal(
            [("first.example.com", 3L), ("second.example.com", 3L)],
            analysis.Flows.Select(static flow => (flow.Host, flow.PacketsUp)));
    }

    [Theory]
    // Repeated; late, behind data that it opened; forged, once and often.
    [InlineData(FirstUp, 1)]
    [InlineData(FirstUp - 1_400, 1)]
    [InlineData(123_456_789, 1)]
    [InlineData(123_456_789, 5)]
    public void A_SYN_that_opens_nothing_splits_nothing_and_the_reading_goes_on(uint number, int times)
    {
        byte[] hello = HelloBytes.Client("a.example.com");
        TimedPacket[] packets =
        [
            Up(FirstUp, 0, TcpFlags.Syn), Down(FirstDown, FirstUp + 1, TcpFlags.Syn | TcpFlags.Ack),
            Up(FirstUp + 1, FirstDown + 1, TcpFlags.Ack),
            Up(FirstUp + 1, FirstDown + 1, TcpFlags.Ack, hello[..40]),
            .. Enumerable.Range(0, times).Select(_ => Up(number, 0, TcpFlags.Syn)),
            // What a host says to a SYN that it did not expect: where it stands (RFC 5961 section 4).
            Down(FirstDown + 1, FirstUp + 41, TcpFlags.Ack),
            Up(FirstUp + 41, FirstDown + 1, TcpFlags.Ack, hello[40..]),
        ];
        FlowRecord flow = Assert.Single(new Analysis().Add(packets).Finish().Flows);
        Assert.Equal(("a.example.com", packets.Length), (flow.Host, (int)(flow.PacketsUp + flow.PacketsDown)));
    }

    [Fact]
    public void An_answer_to_a_SYN_of_nobody_splits_nothing_and_the_reading_goes_on()
    {
        byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"u8.ToArray();
        TimedPacket[] packets =
        [
            .. Begin(FirstUp, FirstDown, "a.example.com"),
            Down(555, 777, TcpFlags.Syn | TcpFlags.Ack),
            Down(FirstDown + 1, 5_000, TcpFlags.Ack, answer),
        ];
        Assert.Equal("a.example.com", Assert.Single(new Analysis().Add(packets).Finish().Flows).Host);
    }

    [Fact]
    public void A_SYN_from_the_side_that_was_contacted_may_open_the_next_connection()
    {
        TimedPacket[] packets =
        [
            .. Begin(FirstUp, FirstDown, "a.example.com"),
            Down(5, 0, TcpFlags.Syn), Up(6, 6, TcpFlags.Syn | TcpFlags.Ack), Down(6, 7, TcpFlags.Ack),
        ];
        List<FlowRecord> flows = new Analysis().Add(packets).Finish().Flows;
        Assert.Equal([Phone, Server], flows.Select(static flow => flow.Client));
        Assert.Equal([(3L, 1L), (2L, 1L)], flows.Select(static flow => (flow.PacketsUp, flow.PacketsDown)));
    }

    [Fact]
    public void A_try_that_is_repeated_after_a_refusal_stays_one_flow()
    {
        TimedPacket[] packets =
            [Up(FirstUp, 0, TcpFlags.Syn), Down(0, FirstUp + 1, TcpFlags.Rst | TcpFlags.Ack), Up(FirstUp, 0, TcpFlags.Syn)];
        Assert.Single(new Analysis().Add(packets).Finish().Flows);
        TimedPacket[] another = [.. packets[..2], Up(9_000_000, 0, TcpFlags.Syn)];
        Assert.Equal(2, new Analysis().Add(another).Finish().Flows.Count);
    }

    [Fact]
    public void With_flows_that_never_end_every_connection_on_the_ports_is_read_into_the_one()
    {
        Analysis analysis = new Analysis(new AnalysisOptions { FlowIdleTimeoutNs = null }).Add(TwoConnections()).Finish();
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal(["first.example.com", "second.example.com"], flow.Tls.Select(static hello => hello.Sni));
    }

    private static Conversation Hello(string name) => Conversation.Tcp(443).Open().Send(true, HelloBytes.Client(name));

    private TimedPacket[] TwoConnections() =>
        [.. Begin(FirstUp, FirstDown, "first.example.com"), .. Begin(7_000_000, 8_000_000, "second.example.com")];

    /// <summary>SYN, its answer, its acknowledgement, a hello.</summary>
    private TimedPacket[] Begin(uint up, uint down, string name) =>
    [
        Up(up, 0, TcpFlags.Syn), Down(down, up + 1, TcpFlags.Syn | TcpFlags.Ack), Up(up + 1, down + 1, TcpFlags.Ack),
        Up(up + 1, down + 1, TcpFlags.Psh | TcpFlags.Ack, HelloBytes.Client(name)),
    ];

    private TimedPacket Up(uint sequence, uint acknowledgement, TcpFlags flags, byte[]? payload = null)
    {
        byte[] segment = Tcp(ClientPort, 443, sequence, acknowledgement, flags, payload ?? []);
        return new TimedPacket(_timeNs += 1_000_000, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, 6, segment)));
    }

    private TimedPacket Down(uint sequence, uint acknowledgement, TcpFlags flags, byte[]? payload = null)
    {
        byte[] segment = Tcp(443, ClientPort, sequence, acknowledgement, flags, payload ?? []);
        return new TimedPacket(_timeNs += 1_000_000, Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, 6, segment)));
    }
}
