using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class StreamTests
{
    private static byte[] Requests() => [.. Enumerable.Range(0, 20).SelectMany(static i =>
        System.Text.Encoding.ASCII.GetBytes(
            $"POST /p{i} HTTP/1.1\r\nHost: h{i % 3}.example.com\r\nContent-Length: {i * 7}\r\n\r\n{new string('x', i * 7)}"))];

    [Fact]
    public void Any_segmentation_reordering_and_duplication_gives_the_same_requests() =>
        Gen.Select(Gen.Int[1, 700], Gen.Int[0, int.MaxValue]).Sample((segmentBytes, seed) =>
        {
            byte[] bytes = Requests();
            Conversation talk = Conversation.Tcp(80).Open().Send(true, bytes, segmentBytes);
            List<TimedPacket> data = talk.Packets[3..];
            var random = new Random(seed);
            // Packets overtake each other by a few places, and some come twice.
            List<TimedPacket> shuffled = [.. data.Concat(data.Where(_ => random.Next(10) == 0))
                .Select((packet, i) => (packet, Place: data.IndexOf(packet) + random.Next(4))).OrderBy(static pair => pair.Place)
                    .Select(static pair => pair.packet)];
            Analysis analysis = new Analysis().Add(talk.Packets[..3]).Add(shuffled).Finish();
            FlowRecord flow = Assert.Single(analysis.Flows);
            Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"/p{i}"), flow.Http.Select(static request => request.Path));
        }, iter: 200);

    [Fact]
    public void A_lost_segment_costs_what_was_in_it_and_no_more()
    {
        Conversation talk = Conversation.Tcp(80).Open()
            .Send(true, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8).Lose(true, 50)
            .Send(true, "GET /2 HTTP/1.1\r\nHost: b.example.com\r\n\r\n"u8);
        Assert.Equal(["/1", "/2"], Assert.Single(Analysis.Of(talk).Flows).Http.Select(static request => request.Path));
    }

    [Fact]
    public void Readable_text_of_an_unknown_protocol_is_called_readable_and_random_bytes_opaque()
    {
        byte[] random = new byte[600];
        new Random(7).NextBytes(random);
        Conversation text = new Conversation(Phone, 1, Server, 7_000).Datagram(true, "user=4711 room=blue token=abcdef0123456789"u8);
        Conversation opaque = new Conversation(Phone, 2, Server, 7_000).Datagram(true, random);
        List<FlowRecord> flows = Analysis.Of(text, opaque).Flows;
        Assert.Equal([Verdict.Readable, Verdict.Opaque], flows.OrderBy(static flow => flow.ClientPort).Select(static flow => flow.Verdict));
    }

    [Theory]
    [InlineData("{\"房间\":\"每日新闻讨论\",\"用户\":\"王小明\"}")]
    [InlineData("{\"комната\":\"Вечерние новости\"}")]
    public void Text_of_any_script_is_called_readable(string text)
    {
        Conversation talk = new Conversation(Phone, 1, Server, 7_000).Datagram(true, System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(Verdict.Readable, Assert.Single(Analysis.Of(talk).Flows).Verdict);
    }

    [Fact]
    public void Opaque_bytes_are_described_by_how_even_they_are_for_their_length()
    {
        byte[] even = new byte[300];
        new Random(8).NextBytes(even);
        // A counter among zeros: no text, and not random either.
        byte[] uneven = new byte[300];
        for (int i = 0; i < uneven.Length; i += 10)
            uneven[i] = (byte)i;
        Conversation first = new Conversation(Phone, 1, Server, 7_000).Datagram(true, even);
        Conversation second = new Conversation(Phone, 2, Server, 7_000).Datagram(true, even).Datagram(true, uneven);
        Conversation third = new Conversation(Phone, 3, Server, 7_000).Datagram(true, even.AsSpan(0, 20));
        List<FlowRecord> flows = [.. Analysis.Of(first, second, third).Flows.OrderBy(static flow => flow.ClientPort)];
        Assert.All(flows, static flow => Assert.Equal(Verdict.Opaque, flow.Verdict));
        Assert.Equal(
            [
                "no handshake and no plain text seen; the bytes are spread as evenly as encrypted or compressed ones",
                "no handshake and no plain text seen; the bytes are not even enough to be encrypted throughout",
                "no handshake and no plain text seen",
            ],
            flows.Select(static flow => flow.VerdictReason));
    }

    [Fact]
    public void Live_states_replace_each_other_and_contacts_add_up()
    {
        Conversation talk = Conversation.Tcp(80).Open();
        Analysis analysis = new Analysis().Add(talk.Packets).Flush();
        talk.Send(true, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        analysis.Add(talk.Packets[3..]).Flush().Finish();
        Assert.Equal([FlowEnd.Open, FlowEnd.Open, FlowEnd.EndOfCapture], analysis.Flows.Select(static flow => flow.End));
        Assert.Single(analysis.Flows.Select(static flow => flow.Sequence).Distinct());
        var sums = analysis.Contacts.GroupBy(static contact => contact.Host)
            .ToDictionary(static group => group.Key,
                static group => (group.Sum(static contact => contact.Flows), group.Sum(static contact => contact.PacketsUp)));
        Assert.Equal((0L, 0L), sums[Server.ToString()]);
        Assert.Equal((1L, 3L), sums["a.example.com"]);
    }
}
