using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>Bytes that turn into something else again and again. A stack that overflows ends the process.</summary>
public sealed class RecursionTests
{
    /// <summary>What musl gives a thread, with room to spare for the tests' own calls.</summary>
    private const int StackBytes = 256 << 10;

    [Fact]
    public void A_request_line_that_claims_HTTP_2_is_readable_text()
    {
        FlowRecord flow = Assert.Single(
            OnSmallStack(Conversation.Tcp(80).Open().Send(true, "GET /a/long/path HTTP/2.0\r\nHost: a.example.com\r\n\r\n"u8)).Flows);
        Assert.Equal(Verdict.Readable, flow.Verdict);
    }

    [Fact]
    public void Relays_inside_one_another_are_followed_so_deep_and_no_deeper()
    {
        byte[] stun = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, .. new byte[12]];
        byte[] nested = new byte[60_000];
        for (int i = 0; i < nested.Length; i += 4)
        {
            int rest = nested.Length - i - 4;
            nested[i] = 0x40;
            nested[i + 2] = (byte)(rest >> 8);
            nested[i + 3] = (byte)rest;
        }
        Assert.Single(OnSmallStack(new Conversation(Phone, 5_000, Server, 3_478).Datagram(true, stun).Datagram(true, nested)).Flows);
    }

    [Theory]
    [InlineData("PROXY \r\n")]
    [InlineData("HTTP/1.1 101\r\n\r\n")]
    public void A_stream_may_turn_into_something_else_a_few_times_only(string turn)
    {
        byte[] bytes = [.. Enumerable.Repeat(System.Text.Encoding.ASCII.GetBytes(turn), 3_500).SelectMany(static each => each)];
        Assert.Single(OnSmallStack(Conversation.Tcp(80).Open().Send(false, bytes, segmentBytes: 60_000)).Flows);
    }

    private static Analysis OnSmallStack(Conversation talk)
    {
        Analysis? analysis = null;
        var thread = new Thread(() => analysis = Analysis.Of(talk), StackBytes);
        thread.Start();
        thread.Join();
        return analysis!;
    }
}
