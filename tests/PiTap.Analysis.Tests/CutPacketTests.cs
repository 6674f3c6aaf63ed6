using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>A snap length hides what it cuts: no sentence may take that for absent.</summary>
public sealed class CutPacketTests
{
    private const string Cut = ", but packets were cut by the capture";

    private static FlowRecord Only(Conversation conversation, int snapLength) => Assert.Single(new Analysis()
        .Add(conversation.Packets.Select(packet => packet with { Data = packet.Data[..Math.Min(packet.Data.Length, snapLength)] }))
        .Finish().Flows);

    [Theory]
    [InlineData(128)]
    [InlineData(96)]
    [InlineData(68)]
    public void A_hello_that_begins_is_a_hello(int snapLength)
    {
        byte[] hello = HelloBytes.Client("cut.example.com");
        Conversation talk = Conversation.Tcp(443).Open().Send(true, hello);
        FlowRecord flow = Only(talk, snapLength);
        Assert.Equal((AppProtocol.Tls, Verdict.Encrypted), (flow.AppProto, flow.Verdict));
        Assert.Equal("TLS handshake begun, no answer seen" + Cut, flow.VerdictReason);
        Assert.DoesNotContain(Cut, Only(talk, 2_000).VerdictReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_text_nor_handshake_is_called_absent_without_saying_that_packets_were_cut()
    {
        byte[] noise = new byte[200];
        new Random(5).NextBytes(noise);
        Conversation talk = new Conversation(Phone, 40_000, Server, 5_000).Datagram(true, noise);
        Assert.StartsWith("no handshake and no plain text seen" + Cut, Only(talk, 100).VerdictReason, StringComparison.Ordinal);
        Assert.DoesNotContain(Cut, Only(talk, 2_000).VerdictReason, StringComparison.Ordinal);
    }
}
