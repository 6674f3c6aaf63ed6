using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>What the analysis holds at most, one cap at a time: just below it nothing is lost, just above it the loss is counted.</summary>
public sealed class CapTests
{
    private const ushort A = 1;
    private const ushort Cname = 5;

    [Theory]
    // Bytes, then segments.
    [InlineData(60_000, 4)]
    [InlineData(10, 128)]
    [Trait("cap", "Analysis.Limits.OutOfOrderBytes")]
    [Trait("cap", "Analysis.Limits.OutOfOrderSegments")]
    public void A_gap_is_given_up_when_too_much_waits_behind_it(int segmentBytes, int segmentsHeld)
    {
        Conversation talk = Conversation.Tcp(80).Open().Lose(true, 1);
        int opening = talk.Packets.Count;
        talk.Send(true, new byte[(segmentsHeld + 1) * segmentBytes], segmentBytes);
        Analysis analysis = new Analysis().Add(talk.Packets[..(opening + segmentsHeld)]).Flush();
        Assert.Equal(0, analysis.Losses.GetValueOrDefault("stream-gaps"));
        analysis.Add(talk.Packets[(opening + segmentsHeld)..]).Flush();
        Assert.Equal(1, analysis.Losses["stream-gaps"]);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.Devices")]
    public void Devices_beyond_the_cap_are_counted()
    {
        // Each with an address of its own, as devices have.
        static TimedPacket From(int device)
        {
            byte[] packet = Ipv4(Ip($"10.1.{device / 256}.{device % 256}"), Server, IpProtocols.Udp, Udp(1, 9, [1]));
            return new(Conversation.DefaultStartNs + device,
                Ethernet(new MacAddress(0x02_00_00_10_00_00u + (ulong)device), RouterMac, packet));
        }
        Analysis analysis = new Analysis().Add(Enumerable.Range(0, 4_000).Select(From)).Flush();
        Assert.Equal(0, Lost(analysis, "devices-evicted"));
        Assert.NotEqual(0, Lost(analysis.Add(Enumerable.Range(4_000, 200).Select(From)).Flush(), "devices-evicted"));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.LocalAddresses")]
    public void Local_addresses_beyond_the_cap_are_not_all_known_by_their_MAC()
    {
        const int addresses = 17_000;
        static IpAddress Address(int number) => Ip($"10.{number / 65_536}.{number / 256 % 256}.{number % 256}");
        static byte[] Cooked(byte[] packet) => [0, 4, 0, 1, 0, 6, .. new byte[8], 8, 0, .. packet];
        Analysis analysis = new Analysis().Add(Enumerable.Range(0, addresses).Select(static number =>
            new TimedPacket(Conversation.DefaultStartNs + number,
                Ethernet(PhoneMac, RouterMac, Ipv4(Address(number), Server, IpProtocols.Udp, Udp(1, 9, [1]))))));
        foreach (int number in (int[])[0, addresses - 1])
        {
            analysis.Add(
                new TimedPacket(Conversation.DefaultStartNs + addresses,
                    Cooked(Ipv4(Address(number), Server, IpProtocols.Udp, Udp(2, 9, [1]))), LinkType.LinuxSll));
        }
        // One was known by its MAC, and the other had given way.
        Assert.Single(analysis.Finish().Devices.Keys, static id => id.StartsWith("10.", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.Prefixes")]
    public void Prefixes_beyond_the_cap_are_counted()
    {
        const int prefixes = 16;
        static TimedPacket Announced(int number) => new(Conversation.DefaultStartNs, NeighbourBytes.Frame(
            RouterMac, Mac("33:33:00:00:00:01"), Ip("fe80::1"), Ip("ff02::1"),
            NeighbourBytes.Router(options: NeighbourBytes.Prefix(Ip($"2001:db8:{number:x}::")))));
        Analysis analysis = new Analysis().Add(Enumerable.Range(1, prefixes).Select(Announced)).Add(Announced(1)).Flush();
        Assert.Equal(0, Lost(analysis, "prefixes-"));
        Assert.Equal(1, Lost(analysis.Add(Announced(prefixes + 1)).Flush(), "prefixes-"));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.Gateways")]
    public void Gateways_beyond_the_cap_are_not_all_known()
    {
        const int gateways = 80;
        static MacAddress Gateway(int number) => new(0x02_00_00_20_00_00u + (ulong)number);
        Analysis analysis = new Analysis().Add(Enumerable.Range(0, gateways).Select(static number =>
            new TimedPacket(Conversation.DefaultStartNs,
                Ethernet(PhoneMac, Gateway(number), Ipv4(Phone, Server, IpProtocols.Udp, Udp((ushort)(2_000 + number), 9, [1]))))));
        // From behind a gateway to a device with a public address: the sender is the server.
        foreach (int number in (int[])[0, gateways - 1])
        {
            byte[] packet = Ipv6(Server6, Ip("2001:db8::1"), IpProtocols.Udp, Udp(3_000, (ushort)(4_000 + number), [1]));
            analysis.Add(new TimedPacket(Conversation.DefaultStartNs, Ethernet(Gateway(number), RouterMac, packet)));
        }
        Assert.Single(analysis.Finish().Flows, static flow => flow.Server == Server6);
    }

    [Theory]
    [InlineData(11, AppProtocol.Sip)]
    [InlineData(12, AppProtocol.Unknown)]
    [Trait("cap", "Analysis.Limits.SettleUdpPackets")]
    public void A_flow_of_datagrams_is_settled_after_so_many_without_anything_new(int before, AppProtocol appProto)
    {
        var talk = new Conversation(Phone, 5_000, Server, 7_000);
        for (int i = 0; i < before; i++)
            talk.Datagram(true, new byte[50]);
        talk.Datagram(true, "INVITE sip:bob@b.example SIP/2.0\r\n\r\n"u8);
        Assert.Equal(appProto, Assert.Single(Analysis.Of(talk).Flows).AppProto);
    }

    [Theory]
    // The longest method is known from its seventeenth character on.
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    [Trait("cap", "Analysis.Limits.SettleTcpPackets")]
    public void A_connection_is_settled_after_so_many_packets(int segmentBytes, int requests)
    {
        Conversation talk = Conversation.Tcp(80).Open()
            .Send(true, "UPDATEREDIRECTREF /x HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8, segmentBytes);
        Assert.Equal(requests, Assert.Single(Analysis.Of(talk).Flows).Http.Count);
    }

    [Theory]
    [InlineData(8_000, 1)]
    [InlineData(20_000, 0)]
    [Trait("cap", "Analysis.Limits.SettleTcpBytes")]
    public void A_connection_is_settled_after_so_many_bytes_of_a_side(int bytes, int requests)
    {
        byte[] opaque = new byte[bytes];
        Array.Fill(opaque, (byte)0xa5);
        Conversation talk = Conversation.Tcp(80).Open().Send(false, opaque, 4_000)
            .Send(true, "GET /x HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        Assert.Equal(requests, Assert.Single(Analysis.Of(talk).Flows).Http.Count);
    }

    [Theory]
    [InlineData(5, Verdict.Readable)]
    [InlineData(6, Verdict.Opaque)]
    [Trait("cap", "Analysis.Limits.TextProbes")]
    public void Text_is_looked_for_in_the_first_datagrams_only(int before, Verdict verdict)
    {
        var talk = new Conversation(Phone, 1, Server, 7_000);
        byte[] random = new byte[600];
        new Random(7).NextBytes(random);
        for (int i = 0; i < before; i++)
            talk.Datagram(true, random);
        talk.Datagram(true, "user=4711 room=blue token=abcdef0123456789"u8);
        Assert.Equal(verdict, Assert.Single(Analysis.Of(talk).Flows).Verdict);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(20, 0)]
    [Trait("cap", "Analysis.Limits.StreamTurns")]
    public void A_stream_turns_into_something_else_a_few_times_only(int turns, int requests)
    {
        string text = string.Concat(Enumerable.Repeat("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", turns))
            + "GET /x HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
        Assert.Equal(
            requests, Assert.Single(Analysis.Of(Conversation.Tcp(80).Open().Send(true, Encoding.ASCII.GetBytes(text))).Flows).Http.Count);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.HttpRequests")]
    public void Requests_of_one_flow_beyond_the_cap_are_counted()
    {
        byte[] requests = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Range(0, 1_003).Select(static i => $"GET /{i} HTTP/1.1\r\nHost: a.example.com\r\n\r\n")));
        Analysis analysis = Analysis.Of(Conversation.Tcp(80).Open().Send(true, requests));
        Assert.Equal((1_000, 3L), (Assert.Single(analysis.Flows).Http.Count, analysis.Losses["http-requests-dropped"]));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.HttpTextCharacters")]
    public void A_request_keeps_so_many_characters_of_a_text()
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET /{new string('x', 5_000)} HTTP/1.1\r\nHost: a.example.com\r\nUser-Agent: {new string('y', 5_000)}\r\n\r\n");
        HttpRequest kept = Assert.Single(Assert.Single(Analysis.Of(Conversation.Tcp(80).Open().Send(true, request)).Flows).Http);
        Assert.Equal((2_048, 2_048), (kept.Path!.Length, kept.UserAgent!.Length));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.Hellos")]
    public void Hellos_of_one_flow_beyond_the_cap_are_counted()
    {
        var talk = new Conversation(Phone, 5_000, Server, 4_433);
        for (int i = 0; i < 34; i++)
            talk.Datagram(true, DtlsHello((ushort)i, $"h{i}.example.com"));
        Analysis analysis = Analysis.Of(talk);
        Assert.Equal((32, 2L), (Assert.Single(analysis.Flows).Tls.Count, analysis.Losses["hellos-dropped"]));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.PendingLookups")]
    public void Questions_that_wait_beyond_the_cap_are_counted()
    {
        static TimedPacket Ask(int number) =>
            new(Conversation.DefaultStartNs + number,
                Query(new DnsBytes(DnsBytes.Query, (ushort)number).Question($"n{number}.example.com", A)));
        Analysis analysis = new Analysis().Add(Enumerable.Range(0, 8_000).Select(Ask)).Flush();
        Assert.Equal(0, Lost(analysis, "lookups-"));
        Assert.NotEqual(0, Lost(analysis.Add(Enumerable.Range(8_000, 400).Select(Ask)).Flush(), "lookups-"));
    }

    [Theory]
    [InlineData(40_000, true)]
    [InlineData(70_000, false)]
    [Trait("cap", "Analysis.Limits.Strings")]
    public void Equal_names_share_one_text_while_there_are_not_too_many(int between, bool isShared)
    {
        static TimedPacket Ask(string name, int number) =>
            new(Conversation.DefaultStartNs + number, Query(new DnsBytes(DnsBytes.Query, (ushort)number).Question(name, A)));
        Analysis analysis = new Analysis().Add(Ask("first.example.com", 0))
            .Add(Enumerable.Range(1, between).Select(static number => Ask($"n{number}.example.com", number)))
            .Add(Ask("first.example.com", between + 1)).Finish();
        string[] first = [.. analysis.Lookups.Select(static lookup => lookup.Name).Where(static name => name == "first.example.com")];
        Assert.Equal((2, isShared), (first.Length, ReferenceEquals(first[0], first[1])));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.NamedAddresses")]
    public void Names_of_addresses_beyond_the_cap_are_counted()
    {
        var analysis = new Analysis();
        for (int message = 0; message < 530; message++)
        {
            var answer = new DnsBytes(DnsBytes.Response, (ushort)message).Question("a.example.com", A);
            for (int record = 0; record < 250; record++)
                answer.Answer(DnsBytes.PointerTo(12), A, [203, (byte)(message >> 8), (byte)message, (byte)record]);
            long timeNs = Conversation.DefaultStartNs + message;
            analysis.Add(new TimedPacket(timeNs, Query(new DnsBytes(DnsBytes.Query, (ushort)message).Question("a.example.com", A))),
                new TimedPacket(timeNs, Answer(answer)));
            if (message == 500)
                Assert.Equal(0, Lost(analysis.Flush(), "names-"));
        }
        Assert.NotEqual(0, Lost(analysis.Flush(), "names-"));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.MulticastQuestions")]
    [Trait("cap", "Analysis.Limits.DnsRecords")]
    public void Of_a_message_so_many_questions_and_records_are_looked_at()
    {
        var questions = new DnsBytes(DnsBytes.Query);
        for (int i = 0; i < 20; i++)
            questions.Question($"q{i}.example.com", A);
        var answer = new DnsBytes(DnsBytes.Response).Question("a.example.com", A);
        for (int i = 0; i < 300; i++)
            answer.Answer(DnsBytes.PointerTo(12), A, [203, 0, (byte)(i >> 8), (byte)i]);
        byte[] multicast = Ipv4(Phone, Ip("224.0.0.251"), IpProtocols.Udp, Udp(5_353, 5_353, questions.ToArray()));
        byte[] frame = Ethernet(PhoneMac, RouterMac, multicast);
        Analysis asked = new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, frame)).Finish();
        Assert.Equal(16, asked.Lookups.Count);
        // DNS has one (RFC 9619).
        Assert.Single(new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, Query(questions))).Finish().Lookups);
        Analysis answered = new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, Answer(answer))).Finish();
        Assert.Equal(64, Assert.Single(answered.Lookups).Answers.Count);
        Assert.Equal(1, Lost(answered, "answers-"));
    }

    [Theory]
    [InlineData(15, "a0.example.com")]
    [InlineData(40, null)]
    [Trait("cap", "Analysis.Limits.Aliases")]
    public void So_many_aliases_are_followed_to_an_address(int aliases, string? host)
    {
        var answer = new DnsBytes(DnsBytes.Response).Question("a0.example.com", A);
        for (int i = 0; i < aliases; i++)
            answer.Answer(DnsBytes.Name($"a{i}.example.com"), Cname, DnsBytes.Name($"a{i + 1}.example.com"));
        answer.Answer(DnsBytes.Name($"a{aliases}.example.com"), A, [203, 0, 113, 7]);
        long timeNs = Conversation.DefaultStartNs;
        Analysis analysis = new Analysis().Add(
            new TimedPacket(timeNs, Query(new DnsBytes(DnsBytes.Query).Question("a0.example.com", A))),
            new TimedPacket(timeNs, Answer(answer)),
            new TimedPacket(timeNs, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Ip("203.0.113.7"), IpProtocols.Udp, Udp(1, 9, [1])))))
                .Finish();
        Assert.Equal(host, Assert.Single(analysis.Flows, static flow => flow.ServerPort == 9).Host);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    [Trait("cap", "Analysis.Limits.TunnelDepth")]
    public void Tunnels_inside_one_another_are_followed_so_deep(int tunnels, int lookups)
    {
        byte[] packet =
            Ipv4(Phone, Server, IpProtocols.Udp, Udp(5_000, 53, new DnsBytes(DnsBytes.Query).Question("a.example.com", A).ToArray()));
        for (int i = 0; i < tunnels; i++)
            packet = Ipv4(Phone, Server, IpProtocols.Udp, Udp(2_152, 2_152, TunnelBytes.GtpU(packet)));
        Analysis analysis = new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, Ethernet(PhoneMac, RouterMac, packet)))
            .Finish();
        Assert.Equal(lookups, analysis.Lookups.Count);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    [Trait("cap", "Analysis.Limits.RelayDepth")]
    public void Relays_inside_one_another_are_followed_so_deep(int relays, int lookups)
    {
        byte[] stun = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, .. new byte[12]];
        byte[] data = new DnsBytes(DnsBytes.Query).Question("a.example.com", A).ToArray();
        for (int i = 0; i < relays; i++)
            data = [0x40, 0, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        Analysis analysis = Analysis.Of(new Conversation(Phone, 5_000, Server, 3_478).Datagram(true, stun).Datagram(true, data));
        Assert.Equal(lookups, analysis.Lookups.Count);
    }

    private static long Lost(Analysis analysis, string prefix) =>
        analysis.Losses.Where(loss => loss.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(static loss => loss.Value);

    private static byte[] Query(DnsBytes message) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(5_353 + 1, 53, message.ToArray())));

    private static byte[] Answer(DnsBytes message) =>
        Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Udp, Udp(53, 5_353 + 1, message.ToArray())));

    /// <summary>
    /// A whole ClientHello in one DTLS 1.2 record (RFC 6347 section 4.2.2), made of one for TLS by putting a cookie behind the session.
    /// </summary>
    internal static byte[] DtlsHello(ushort message, string name)
    {
        // Behind record and handshake header: version, random, session.
        ReadOnlySpan<byte> body = HelloBytes.Client(name).AsSpan(9);
        int session = 2 + 32 + 1 + body[34];
        byte[] hello = [0xfe, 0xfd, .. body[2..session], 0, .. body[session..]];
        byte[] length = [0, (byte)(hello.Length >> 8), (byte)hello.Length];
        byte[] handshake = [1, .. length, (byte)(message >> 8), (byte)message, 0, 0, 0, .. length, .. hello];
        return [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, (byte)(message >> 8), (byte)message, (byte)(handshake.Length >> 8),
            (byte)handshake.Length, .. handshake];
    }
}
