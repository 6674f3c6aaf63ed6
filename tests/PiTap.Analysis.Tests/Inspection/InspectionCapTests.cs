using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>How far a flow is looked into and what is kept of it, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class InspectionCapTests
{
    private static readonly byte[] s_key = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 0)]
    [Trait("cap", "Analysis.DtlsReader.MaxParts")]
    public void So_many_records_of_a_datagram_are_looked_at(int before, int hellos)
    {
        byte[] alert = [21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0];
        byte[] alerts = [.. Enumerable.Repeat(alert, before).SelectMany(static record => record)];
        byte[] datagram = [.. alerts, .. CapTests.DtlsHello(0, "a.example.com")];
        Assert.Equal(hellos, FlowOf(new Conversation(Phone, 5_000, Server, 4_433).Datagram(true, datagram)).Tls.Count);
    }

    [Theory]
    [InlineData(64, 1)]
    [InlineData(65, 0)]
    [Trait("cap", "Analysis.OpenVpnReader.MaxPieces")]
    public void A_hello_inside_OpenVPN_has_so_many_pieces(int pieces, int hellos)
    {
        byte[] session = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] hello = HelloBytes.Client("a-name-that-is-long-enough.example.com");
        Conversation talk = new Conversation(Phone, 5_000, Server, 1_194).Datagram(true, [7 << 3, .. session, 0, 0, 0, 0, 0]);
        int first = hello.Length - (pieces - 1);
        for (int i = 0; i < pieces; i++)
        {
            ReadOnlySpan<byte> piece = i == 0 ? hello.AsSpan(0, first) : hello.AsSpan(first + i - 1, 1);
            talk.Datagram(true, [4 << 3, .. session, 0, 0, 0, 0, (byte)(1 + i), .. piece]);
        }
        Assert.Equal(hellos, FlowOf(talk).Tls.Count);
    }

    [Theory]
    [InlineData(64 << 10, 2)]
    [InlineData((64 << 10) + 1, 1)]
    [Trait("cap", "Analysis.OpenVpnReader.MaxWaitingBytes")]
    public void Behind_a_gap_inside_OpenVPN_so_many_bytes_wait(int bytes, int hellos)
    {
        byte[] session = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] first = HelloBytes.Client("a.example.com"), last = HelloBytes.Client("b.example.com");
        int[] tickets = [16_000, 16_000, 16_000, bytes - 48_000 - last.Length];
        byte[][] pieces = [first[..50], first[50..], .. tickets.Select(Ticket), last];
        Conversation talk = new Conversation(Phone, 5_000, Server, 1_194).Datagram(true, [7 << 3, .. session, 0, 0, 0, 0, 0]);
        // The second one comes last.
        foreach (int i in (int[])[0, 2, 3, 4, 5, 6, 1])
            talk.Datagram(true, [4 << 3, .. session, 0, 0, 0, 0, (byte)(1 + i), .. pieces[i]]);
        Assert.Equal(hellos, FlowOf(talk).Tls.Count);
    }

    /// <summary>A handshake message that says nothing (RFC 8446 section 4.6.1), in a record of so many bytes.</summary>
    private static byte[] Ticket(int bytes) => [22, 3, 3, .. DnsBytes.Vector16([4, 0, .. DnsBytes.Vector16(new byte[bytes - 9])])];

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [Trait("cap", "Analysis.PlainCommands.MaxTagBytes")]
    public void The_tag_of_a_command_of_IMAP_has_so_many_characters(int characters, bool isImap)
    {
        byte[] command = Encoding.ASCII.GetBytes(new string('a', characters) + " STARTTLS\r\n");
        Conversation talk = Conversation.Tcp(143).Open().Send(true, command).Send(true, HelloBytes.Client("mail.example.com"));
        Assert.Equal(isImap, FlowOf(talk).VerdictReason.Contains("IMAP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(120, 1)]
    [InlineData(121, 0)]
    [Trait("cap", "Analysis.StreamStarts.MaxResetBytes")]
    public void The_first_packet_of_OpenVPN_over_TCP_has_so_many_bytes(byte bytes, int hellos)
    {
        byte[] session = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] control = [4 << 3, .. session, 0, 0, 0, 0, 1, .. HelloBytes.Client("a.example.com")];
        byte[] stream = [0, bytes, 7 << 3, .. session, .. new byte[bytes - 9], .. DnsBytes.Vector16(control)];
        Assert.Equal(hellos, FlowOf(Conversation.Tcp(1_194).Open().Send(true, stream)).Tls.Count);
    }

    [Theory]
    [InlineData(107, 1)]
    [InlineData(108, 0)]
    [Trait("cap", "Analysis.StreamStarts.MaxLineBytes")]
    public void The_line_of_a_load_balancer_has_so_many_bytes(int bytes, int requests)
    {
        string line = "PROXY UNKNOWN ".PadRight(bytes - 2, 'x') + "\r\n";
        byte[] stream = Encoding.ASCII.GetBytes(line + "GET / HTTP/1.1\r\nHost: a.example.com\r\n\r\n");
        Assert.Equal(requests, FlowOf(Conversation.Tcp(80).Open().Send(true, stream)).Http.Count);
    }

    [Theory]
    [InlineData(30_000, 1)]
    [InlineData(60_000, 0)]
    [Trait("cap", "Analysis.PrefixBuffer.MaxBytes")]
    public void What_is_not_read_yet_of_a_stream_has_at_most_256_kibibytes(int padding, int hellos)
    {
        // Each byte of the hello in a record of its own: six for one.
        byte[] hello = HelloBytes.Client("a.example.com", [0, 21, .. DnsBytes.Vector16(new byte[padding])])[5..];
        byte[] stream = [.. hello.SelectMany(static part => (byte[])[22, 3, 1, 0, 1, part])];
        Assert.Equal(hellos, FlowOf(Conversation.Tcp(443).Open().Send(true, stream, segmentBytes: 30_000)).Tls.Count);
    }

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_100, false)]
    [Trait("cap", "Analysis.ClientSoftwareTable.MaxEntries")]
    public void Software_is_known_by_its_hello_while_there_is_not_too_much_of_it(int between, bool isKnown)
    {
        Analysis analysis = new Analysis().Add(Hello(1, Alpn(1)));
        for (int i = 0; i < between; i++)
            analysis.Add(Hello(2 + i, Extension(i)));
        AssertSame(isKnown, analysis.Add(Hello(2 + between, Alpn(1))));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(600, false)]
    [Trait("cap", "Analysis.ClientSoftwareTable.MaxInputBytes")]
    public void Software_is_not_known_by_a_hello_that_is_too_long_to_be_kept(int extensions, bool isKnown)
    {
        byte[] further = [.. Alpn(1), .. Enumerable.Range(0, extensions).SelectMany(Extension)];
        AssertSame(isKnown, new Analysis().Add(Hello(1, further)).Add(Hello(2, further)));
    }

    [Fact]
    [Trait("cap", "Analysis.ClientSoftwareTable.MaxAlpn")]
    public void Sixteen_protocols_that_a_hello_offers_are_kept() =>
        Assert.Equal(16, Assert.Single(Assert.Single(new Analysis().Add(Hello(1, Alpn(20))).Finish().Flows).Tls).Alpn.Count);

    [Fact]
    [Trait("cap", "Analysis.DeviceNames.MaxContinuations")]
    public void A_name_that_is_no_UTF8_is_cut_where_it_is_full()
    {
        byte[] sent = [.. "aaaaa"u8, .. Enumerable.Repeat((byte)0x80, 150)];
        byte[] request = DhcpBytes.Message(true, PhoneMac, default, DhcpBytes.Option(53, 3), DhcpBytes.Option(12, sent));
        Analysis analysis = Analysis.Of(new Conversation(Phone, 68, Ip("10.42.0.1"), 67).Datagram(true, request));
        Assert.Equal(128, analysis.Devices[PhoneMac.ToString()].DhcpName!.Length);
    }

    [Fact]
    [Trait("cap", "Analysis.FlowFacts.MaxApps")]
    public void Of_one_flow_eight_protocols_are_listed()
    {
        byte[] stun = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, .. new byte[12]];
        byte[] sdRtn = [1, 0, 0, 0, 0, 0, 0x23, 0, 0, 0, 0, 0, 1, .. "PEID"u8, 1, 0, 9];
        byte[] rtcp = [0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 202, 0, 5, 0, 0, 0, 7, 2, 1, (byte)'n', 1, 9, .. "u@host.ex"u8, 0, 0];
        byte[] wireGuard = [1, 0, 0, 0, .. new byte[144]];
        Conversation talk = new Conversation(Phone, 5_000, Server, 6_000)
            .Datagram(true, stun)
            .Datagram(true, CapTests.DtlsHello(0, "a.example.com"))
            .Datagram(true, QuicPacketBuilder.Client(s_key, QuicPacketBuilder.Crypto(0, HelloBytes.Client("a.example.com").AsSpan(5))))
            .Datagram(true, sdRtn)
            .Datagram(true, wireGuard)
            .Datagram(true, rtcp)
            .Datagram(true, new DnsBytes(DnsBytes.Query, 0x5555).Question("a.example.com", 1).ToArray())
            .Datagram(true, "INVITE sip:bob@b.example SIP/2.0\r\n\r\n"u8)
            .Datagram(true, [7 << 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0])
            .Datagram(true, [4 << 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 1, .. HelloBytes.Client("a.example.com")]);
        Assert.Equal(8, FlowOf(talk).AppProtos.Count);
    }

    [Fact]
    [Trait("cap", "Analysis.FlowFacts.MaxCopiedHellos")]
    public void A_connection_that_goes_on_in_another_flow_brings_four_hellos_along()
    {
        byte[] clientId = [0xc1, 0xc2, 0xc3, 0xc4, 0xc5], serverId = [0xf0, 0x67, 0xa5, 0x50, 0x2a, 0x42, 0x62, 0xb5];
        // RFC 8446 section 4.1.3: version, random, no session, TLS_AES_128_GCM_SHA256, no compression, supported_versions.
        byte[] serverHello = [2, 0, 0, 46, 3, 3, .. new byte[32], 0, 0x13, 0x01, 0, 0, 6, 0, 0x2b, 0, 2, 3, 4];
        Conversation talk = new(Phone, 50_000, Server, 443);
        for (byte i = 0; i < 3; i++)
        {
            byte[] key = [.. s_key[..7], i];
            QuicPacketBuilder client = new() { KeyId = key, Destination = key, Source = clientId, MinLength = 1_200 };
            talk.Datagram(true, client.Build(QuicPacketBuilder.Crypto(0, HelloBytes.Client("a.example.com").AsSpan(5))));
            QuicPacketBuilder server = new()
            {
                KeyId = key,
                Destination = clientId,
                Source = serverId,
                IsClient = false,
                MinLength = 1_200,
            };
            talk.Datagram(false, server.Build(QuicPacketBuilder.Crypto(0, serverHello)));
        }
        byte[] further = [0x41, .. serverId, .. Enumerable.Range(0, 40).Select(static i => (byte)(i * 97 + 13))];
        talk.Wait(600 * PacketTime.NanosecondsPerSecond).Datagram(true, further);
        Assert.Equal([6, 4], Analysis.Of(talk).Flows.Select(static flow => flow.Tls.Count));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.HelloBytes")]
    public void An_analysis_that_has_seen_nothing_holds_room_for_one_hello_and_not_much_more()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var pipeline = new Pipeline(new AnalysisOptions());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 128 << 10, 1 << 20);
        Assert.Empty(pipeline.Finish().Flows);
    }

    private static FlowRecord FlowOf(Conversation talk) => Assert.Single(Analysis.Of(talk).Flows);

    /// <summary>The extension by which a hello offers protocols (RFC 7301 section 3.1).</summary>
    private static byte[] Alpn(int protocols)
    {
        byte[] names = [.. Enumerable.Range(0, protocols).SelectMany(static i => (byte[])[2, (byte)'p', (byte)('a' + i)])];
        return [0, 16, .. DnsBytes.Vector16(DnsBytes.Vector16(names))];
    }

    /// <summary>An empty extension that nobody knows.</summary>
    private static byte[] Extension(int number) => [(byte)(0x20 + (number >> 8)), (byte)number, 0, 0];

    private static List<TimedPacket> Hello(int number, params byte[] further)
    {
        Conversation talk = new(Phone, (ushort)(1_024 + number), Server, 443);
        return talk.Open().Send(true, HelloBytes.Client("a.example.com", further)).Packets;
    }

    /// <summary>What the first flow's hello offers and the last one's are one list, or two that are equal.</summary>
    private static void AssertSame(bool isSame, Analysis analysis)
    {
        FlowRecord[] flows = [.. analysis.Finish().Flows.OrderBy(static flow => flow.ClientPort)];
        IReadOnlyList<string> first = Assert.Single(flows[0].Tls).Alpn, last = Assert.Single(flows[^1].Tls).Alpn;
        Assert.Equal(first, last);
        Assert.Equal(isSame, ReferenceEquals(first, last));
    }
}
