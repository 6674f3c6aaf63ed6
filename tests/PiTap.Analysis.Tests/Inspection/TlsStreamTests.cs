using System.Text;
using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>TLS over TCP: hellos that are not the first thing in their stream.</summary>
public sealed class TlsStreamTests
{
    private const byte ChangeCipherSpec = 20;
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;
    private const byte Heartbeat = 24;

    /// <summary>Payload packets that the analysis looks into, and those while early data is sent.</summary>
    private const int SettlePackets = 12;
    private const int EarlyDataPackets = 64;

    // SHA-256 of "HelloRetryRequest" (RFC 8446 section 4.1.3).
    private static readonly byte[] s_retryRandom =
        Convert.FromHexString("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private static readonly byte[] s_changeCipherSpec = Record(ChangeCipherSpec, [1]);
    private static readonly byte[] s_first = ClientHello("one.example.com", isEarlyData: true);
    private static readonly byte[] s_second = ClientHello("two.example.com", isEarlyData: false);
    private static readonly byte[] s_retryRequest = [.. ServerHello(s_retryRandom), .. s_changeCipherSpec];

    private static byte[] Record(byte type, ReadOnlySpan<byte> fragment) =>
        [type, 3, 3, (byte)(fragment.Length >> 8), (byte)fragment.Length, .. fragment];

    private static byte[] Message(byte type, byte[] body) => [type, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];

    private static byte[] Extension(byte type, params byte[] data) => [0, type, 0, (byte)data.Length, .. data];

    private static byte[] ClientHello(string name, bool isEarlyData, params byte[] further)
    {
        byte[] host = Encoding.ASCII.GetBytes(name);
        byte[] extensions =
        [
            .. Extension(0, [0, (byte)(host.Length + 3), 0, 0, (byte)host.Length, .. host]),
            .. Extension(43, [2, 3, 4]),
            .. isEarlyData ? Extension(42) : [],
            .. further,
        ];
        return Record(Handshake, Message(1, [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, 0, (byte)extensions.Length, .. extensions]));
    }

    private static byte[] ServerHello(byte[] random)
    {
        byte[] extensions = Extension(43, [3, 4]);
        return Record(Handshake, Message(2, [3, 3, .. random, 0, 0x13, 1, 0, 0, (byte)extensions.Length, .. extensions]));
    }

    /// <summary>Records of application data: random bytes, as encryption makes them.</summary>
    private static byte[] Encrypted(int records, int bytes)
    {
        byte[] fragment = new byte[bytes];
        new Random(records).NextBytes(fragment);
        return [.. Enumerable.Repeat(Record(ApplicationData, fragment), records).SelectMany(static record => record)];
    }

    private static IEnumerable<string?> Names(Conversation talk) => NamesOf(talk.Packets);

    private static IEnumerable<string?> NamesOf(IEnumerable<TimedPacket> packets) =>
        Assert.Single(new Analysis().Add(packets).Finish().Flows).Tls.Where(static hello => !hello.IsServer)
            .Select(static hello => hello.Sni);

    [Theory]
    [InlineData(1_400)]
    [InlineData(700)]
    [InlineData(61)]
    public void The_second_hello_behind_early_data_is_listed(int segmentBytes)
    {
        // RFC 8446 appendix D.4: ChangeCipherSpec follows the first hello at once where early data is offered.
        byte[] flight = [.. s_first, .. s_changeCipherSpec, .. Encrypted(3, 500)];
        Conversation talk = Conversation.Tcp(443).Open().Send(true, flight, segmentBytes).Send(false, s_retryRequest)
            .Send(true, [.. Encrypted(1, 100), .. s_second, .. Encrypted(1, 60)], segmentBytes);
        Assert.Equal(["one.example.com", "two.example.com"], Names(talk));
    }

    [Fact]
    public void However_early_data_and_the_second_hello_are_cut_both_hellos_are_listed() =>
        Gen.Select(Gen.Int[1, 900], Gen.Int[0, 30], Gen.Int[0, 1_200], Gen.Bool, Gen.Bool)
            .Sample((segmentBytes, records, bytes, isMarked, isAnswerLate) =>
        {
            byte[] flight = [.. s_first, .. isMarked ? s_changeCipherSpec : [], .. Encrypted(records, bytes)];
            byte[] rest = [.. s_second, .. Encrypted(1, 60)];
            // The window of packets is a cap: within it nothing depends on the cuts.
            if ((flight.Length + rest.Length) / segmentBytes > EarlyDataPackets - 4)
                return;
            Conversation talk = Conversation.Tcp(443).Open();
            if (isAnswerLate)
                talk.Send(true, [.. flight, .. rest], segmentBytes).Send(false, s_retryRequest);
            else
                talk.Send(true, flight, segmentBytes).Send(false, s_retryRequest).Send(true, rest, segmentBytes);
            Assert.Equal(["one.example.com", "two.example.com"], Names(talk));
        }, iter: 2_000);

    [Theory]
    [InlineData(50, 2)]
    [InlineData(80, 1)]
    [Trait("cap", "Analysis.Limits.EarlyDataPackets")]
    public void Behind_so_many_packets_of_early_data_a_hello_within_a_segment_is_found(int packets, int hellos)
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, s_first);
        for (int i = 0; i < packets; i++)
            talk.Send(true, Encrypted(1, 20));
        // A record that goes on behind the answer: only who has read all along knows where it ends.
        byte[] record = Encrypted(1, 4_000);
        talk.Send(true, record.AsSpan(0, 1_000)).Send(false, s_retryRequest).Send(true, [.. record.AsSpan(1_000), .. s_second]);
        Assert.Equal(hellos, Names(talk).Count());
    }

    [Fact]
    public void Beyond_the_cap_a_second_hello_that_begins_a_segment_is_still_seen()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, s_first).Send(true, Encrypted(100, 1_300))
            .Send(false, s_retryRequest).Send(true, s_second);
        Assert.Equal(["one.example.com", "two.example.com"], Names(talk));
    }

    [Fact]
    public void Segments_lost_inside_early_data_do_not_hide_the_second_hello()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, s_first);
        byte[] record = Encrypted(1, 4_000);
        talk.Send(true, record.AsSpan(0, 1_000)).Lose(true, 2_000).Send(true, [.. record.AsSpan(3_000), .. s_second])
            .Send(false, s_retryRequest);
        Assert.Equal(["one.example.com", "two.example.com"], Names(talk));
    }

    [Fact]
    public void An_answer_that_is_no_retry_request_settles_the_flow_at_once()
    {
        // Behind an accepting ServerHello the client's records are its data: nothing in them is looked for.
        byte[] random = new byte[32];
        random[0] = 1;
        Conversation talk = Conversation.Tcp(443).Open().Send(true, [.. s_first, .. s_changeCipherSpec])
            .Send(false, [.. ServerHello(random), .. Encrypted(1, 50)])
            .Send(true, [.. Encrypted(1, 40), .. s_second]);
        Assert.Equal(["one.example.com"], Names(talk));
    }

    [Theory]
    [InlineData(ApplicationData, 700)]
    [InlineData(ChangeCipherSpec, 1)]
    [InlineData(Alert, 2)]
    [InlineData(Alert, 26)]
    [InlineData(Heartbeat, 300)]
    public void Records_of_other_types_before_a_hello_do_not_hide_it(byte type, int bytes)
    {
        byte[] fragment = new byte[bytes];
        Array.Fill(fragment, (byte)1);
        byte[] stream = [.. Record(type, fragment), .. Record(type, fragment), .. s_second];
        foreach (int segmentBytes in (int[])[1_400, 250, 40])
        {
            // From the start of a connection, and in the middle of one whose start was not captured.
            Conversation talk = Conversation.Tcp(443).Open().Send(true, stream, segmentBytes);
            if (talk.Packets.Count - 3 > SettlePackets)
                continue;
            Assert.Equal(["two.example.com"], Names(talk));
            Assert.Equal(["two.example.com"], NamesOf(talk.Packets.Skip(3)));
        }
    }

    [Theory]
    // The outer form with an encrypted hello in it (RFC 9849 section 5), without one, and the inner form, which no client sends.
    [InlineData("0000010001aa0002bbbb0003cccccc", EchState.Real)]
    [InlineData("0000010001aa0002bbbb0000", EchState.Grease)]
    [InlineData("01", EchState.Grease)]
    public void Encrypted_Client_Hello_is_real_only_where_it_holds_a_hello(string extension, EchState expected)
    {
        byte[] data = Convert.FromHexString(extension);
        byte[] hello = ClientHello("cloudflare-ech.com", isEarlyData: false, [0xfe, 0x0d, 0, (byte)data.Length, .. data]);
        Assert.Equal(expected, Assert.Single(Assert.Single(Analysis.Of(Conversation.Tcp(443).Open().Send(true, hello)).Flows).Tls).Ech);
    }

    [Fact]
    public void What_only_looked_like_a_record_hides_no_hello()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, [ApplicationData, 3, 3, 0x40, 0, 1, 2, 3]).Send(true, s_second);
        Assert.Equal(["two.example.com"], Names(talk));
    }

    [Fact]
    public void A_connection_captured_in_its_middle_is_settled_by_the_usual_cap()
    {
        Conversation talk = Conversation.Tcp(443).Send(true, Encrypted(1, 1_000)).Send(false, Encrypted(30, 1_300))
            .Segment(true, TcpFlags.Ack, []);
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        Assert.Equal((AppProtocol.Tls, Verdict.Opaque, "TLS records without their handshake"),
            (flow.AppProto, flow.Verdict, flow.VerdictReason));
    }
}
