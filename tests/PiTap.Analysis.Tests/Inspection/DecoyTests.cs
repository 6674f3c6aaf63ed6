using System.Text;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>Bytes that come again under the same sequence numbers and are others, and bytes that come with a SYN.</summary>
public sealed class DecoyTests
{
    private const uint Syn = 1_000;
    private const uint ServerSyn = 5_000;
    private const string Decoy = "decoy";
    private static readonly byte[] s_real = HelloBytes.Client("real.example.com");
    private static readonly byte[] s_cover = HelloBytes.Client("web.decoy.example.org");

    private static readonly byte[] s_long = [.. s_real, .. new byte[200]];

    private static byte[] Up(uint sequence, TcpFlags flags, ReadOnlySpan<byte> payload, uint acknowledged = ServerSyn + 1) =>
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, sequence, acknowledged, flags, payload)));

    private static byte[] Down(uint acknowledged, TcpFlags flags, uint sequence = ServerSyn) =>
        Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Tcp, Tcp(443, 40_000, sequence, acknowledged, flags)));

    private static Analysis Of(params IEnumerable<byte[]> packets) =>
        new Analysis()
            .Add(packets.Select(static (packet, i) => new TimedPacket(Conversation.DefaultStartNs + i * 1_000_000, packet))).Finish();

    private static byte[][] Opened => [Up(Syn, TcpFlags.Syn, [], 0), Down(Syn + 1, TcpFlags.Syn | TcpFlags.Ack)];

    private static byte[] Data(int offset, ReadOnlySpan<byte> bytes) => Up(Syn + 1 + (uint)offset, TcpFlags.Ack, bytes);

    private static void Says(bool isSaid, Analysis analysis)
    {
        Assert.Equal(isSaid, Assert.Single(analysis.Flows).VerdictReason.Contains(Decoy, StringComparison.Ordinal));
        Assert.Equal(isSaid, analysis.Losses.GetValueOrDefault("segments-contradictory") > 0);
    }

    [Fact]
    public void Two_hellos_under_the_same_numbers_are_both_listed_and_it_is_said()
    {
        foreach ((byte[] first, byte[] second) in ((byte[], byte[])[])[(s_cover, s_real), (s_real, s_cover)])
        {
            Analysis analysis = Of([.. Opened, Data(0, first), Data(0, second)]);
            Says(true, analysis);
            Assert.Equal(["real.example.com", "web.decoy.example.org"],
                analysis.Flows[0].Tls.Select(static hello => hello.Sni).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_part_in_the_middle_that_is_another_is_noticed()
    {
        byte[] changed = [.. s_long];
        changed[80] ^= 0x20;
        Says(true, Of([.. Opened, Data(0, s_long), Data(40, changed.AsSpan(40, 100))]));
        // In one that waits for what is before it, and in what was cut anyhow.
        Says(true, Of([.. Opened, Data(60, s_long.AsSpan(60)), Data(0, changed.AsSpan(0, 100))]));
        Says(true, Of([.. Opened, Data(60, s_long.AsSpan(60, 90)), Data(60, changed.AsSpan(60, 90)), Data(0, s_long.AsSpan(0, 60))]));
        Says(true, Of([.. Opened, Data(0, s_long.AsSpan(0, 33)), Data(33, s_long.AsSpan(33, 67)), Data(64, changed.AsSpan(64, 36))]));
    }

    [Fact]
    public void The_same_bytes_again_are_no_decoy_however_they_are_cut()
    {
        var random = new Random(4);
        byte[] stream = [.. s_real, .. new byte[3_000]];
        random.NextBytes(stream.AsSpan(s_real.Length));
        for (int round = 0; round < 50; round++)
        {
            List<byte[]> packets = [.. Opened];
            for (int i = 0; i < 11; i++)
            {
                int start = random.Next(stream.Length - 1);
                packets.Add(Data(start, stream.AsSpan(start, random.Next(1, stream.Length - start))));
            }
            Says(false, Of(packets));
        }
    }

    [Fact]
    [Trait("cap", "Analysis.StreamSums.MaxBytes")]
    public void What_is_behind_the_first_2_KiB_is_not_compared()
    {
        const int compared = 2_048;
        byte[] stream = [.. s_real, .. new byte[3_000]];
        byte[] changed = [.. stream];
        changed.AsSpan(compared).Fill(9);
        Says(false, Of([.. Opened, Data(0, stream), Data(0, changed)]));
        changed[compared - 1] = 9;
        Says(true, Of([.. Opened, Data(0, stream), Data(0, changed)]));
    }

    [Fact]
    public void A_keepalive_is_no_decoy()
    {
        byte[] bytes = [.. s_long[..64], 7];
        Says(false, Of([.. Opened, Data(0, bytes), Data(bytes.Length - 1, [0])]));
    }

    [Fact]
    public void What_the_server_sends_is_compared_as_well()
    {
        byte[] Answer(string text) => Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Tcp,
            Tcp(80, 40_000, ServerSyn + 1, 1, TcpFlags.Ack, Encoding.ASCII.GetBytes(text))));
        Says(true, Of(
            Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Answer("HTTP/1.1 302 Found\r\nLocation: http://a.example\r\n\r\n")));
    }

    [Fact]
    public void Data_on_a_SYN_counts_when_the_answer_takes_it()
    {
        byte[] syn = Up(Syn, TcpFlags.Syn, s_real, 0);
        uint behind = Syn + 1 + (uint)s_real.Length;
        Assert.Equal("real.example.com", Of(syn, Down(behind, TcpFlags.Syn | TcpFlags.Ack)).Flows[0].Host);
        Assert.Null(Of(syn, Down(Syn + 1, TcpFlags.Syn | TcpFlags.Ack)).Flows[0].Host);
        Assert.Null(Of(syn).Flows[0].Host);
        // A part of it may be taken: the rest is sent again.
        Assert.Equal("real.example.com",
            Of(syn, Down(Syn + 31, TcpFlags.Syn | TcpFlags.Ack), Data(30, s_real.AsSpan(30))).Flows[0].Host);
    }

    [Fact]
    public void Data_on_a_SYN_that_the_answer_leaves_is_no_decoy_of_what_is_sent_then()
    {
        Analysis analysis = Of(Up(Syn, TcpFlags.Syn, s_cover, 0), Down(Syn + 1, TcpFlags.Syn | TcpFlags.Ack), Data(0, s_real));
        Assert.Equal("real.example.com", analysis.Flows[0].Host);
        Assert.Single(analysis.Flows[0].Tls);
        Says(false, analysis);
    }

    [Fact]
    public void Where_no_answer_was_seen_what_comes_next_shows_whether_data_on_a_SYN_was_taken()
    {
        byte[] syn = Up(Syn, TcpFlags.Syn, s_cover, 0);
        Assert.Equal("web.decoy.example.org", Of(syn, Data(s_cover.Length, [0x14, 3, 3, 0, 1, 1])).Flows[0].Host);
        Assert.Equal("real.example.com", Of(syn, Data(0, s_real)).Flows[0].Host);
        // The SYN again changes nothing.
        Assert.Equal("real.example.com", Of(syn, syn, Data(0, s_real)).Flows[0].Host);
    }
}
