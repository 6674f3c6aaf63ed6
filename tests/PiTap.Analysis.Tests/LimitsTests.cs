using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>Tests that measure the memory of the process: no other runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

/// <summary>What strangers can make the analysis hold, with many flows open at once.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class LimitsTests
{
    /// <summary>The account of streams (16 MiB), that of texts (16 MiB), what the pool keeps, and the flows themselves.</summary>
    private const long MaxHeldBytes = 64L << 20;

    public static TheoryData<string> Kinds() => ["heads", "prefaces", "declared", "pieces", "requests", "answers"];

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("cap", "Analysis.Limits.StreamBytes")]
    [Trait("cap", "Analysis.Limits.FactCharacters")]
    public void Many_flows_hold_no_more_than_the_accounts_allow(string kind)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var pipeline = new Pipeline(new AnalysisOptions());
        pipeline.AddSource("test");
        long timeNs = Conversation.DefaultStartNs;
        foreach (byte[] packet in Packets(kind))
        {
            pipeline.Process(
                new CapturedPacket { TimeNs = timeNs += 10_000, Link = LinkType.Ethernet, OriginalLength = packet.Length, Data = packet },
                0);
            // As the host does.
            if (pipeline.PendingRecords >= 4_096)
                pipeline.Flush(includeOpen: false);
        }
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(pipeline);
        Assert.True(held < MaxHeldBytes, $"{held >> 20} MiB");
    }

    private static IEnumerable<byte[]> Packets(string kind) => kind switch
    {
        "heads" => Flows(4_000).Select(static flow => Segment(flow, 80, 1, Text($"GET /{flow} HTTP/1.1\r\nX: {new string('x', 60_000)}"))),
        "prefaces" => Flows(20_000).Select(static flow => Segment(flow, 80, 1, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8)),
        "declared" => Flows(5_000).Select(static flow => Datagram(flow, 4_433, Fragment)),
        "pieces" => Flows(100).SelectMany(static flow => OpenVpn(flow)),
        "requests" => Flows(120).SelectMany(static flow => Enumerable.Range(0, 250).Select(request => Request(flow, request))),
        "answers" => Enumerable.Range(0, 3_000).SelectMany(static i => Answer(i)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no packets for it"),
    };

    private static IEnumerable<ushort> Flows(int count) => Enumerable.Range(1_024, count).Select(static port => (ushort)port);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Segment(ushort flow, ushort server, uint sequence, ReadOnlySpan<byte> payload) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(flow, server, sequence, 0, TcpFlags.Ack, payload)));

    private static byte[] Datagram(ushort flow, ushort server, ReadOnlySpan<byte> payload) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(flow, server, payload)));

    /// <summary>A DTLS record with one byte of a message that says that it has 64 KiB less one.</summary>
    private static byte[] Fragment => [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 13, 1, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 9];

    private static IEnumerable<byte[]> OpenVpn(ushort flow)
    {
        yield return Datagram(flow, 1_194, [7 << 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0]);
        for (byte number = 1; number <= 64; number++)
        {
            yield return Datagram(flow, 1_194,
                [4 << 3, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, number, .. HelloBytes.Client("a.example.com"), .. new byte[60_000]]);
        }
    }

    private static byte[] Request(ushort flow, int request)
    {
        // Each differs in every text; all have the same length.
        string unique = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{flow:D5}{request:D5}");
        string text = new string('x', 1_900) + unique;
        byte[] bytes = Text($"GET /{text} HTTP/1.1\r\nHost: {text}\r\nUser-Agent: u{text}\r\nX-Requested-With: r{text}\r\n\r\n");
        return Segment(flow, 80, 1 + (uint)(request * bytes.Length), bytes);
    }

    /// <summary>A question and its answer: 250 aliases, each a name of its own, before the address.</summary>
    private static IEnumerable<byte[]> Answer(int number)
    {
        string name = $"n{number}.example.com";
        var response = new DnsBytes(DnsBytes.Response).Question(name, 1);
        string owner = name;
        for (int alias = 0; alias < 250; alias++)
        {
            string target = $"{new string('a', 60)}.a{alias}.{number}.example.com";
            response.Answer(DnsBytes.Name(owner), 5, DnsBytes.Name(target));
            owner = target;
        }
        response.Answer(DnsBytes.Name(owner), 1, [10, 1, (byte)(number >> 8), (byte)number]);
        ushort flow = (ushort)(1_024 + number);
        yield return Datagram(flow, 53, new DnsBytes(DnsBytes.Query).Question(name, 1).ToArray());
        yield return Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Udp, Udp(53, flow, response.ToArray())));
    }
}
