using PiTap.TestKit;

namespace PiTap.Analysis.Tests;

/// <summary>What a mirror port copies twice counts twice, which has to be said.</summary>
public sealed class DoubledPacketTests
{
    private const string Loss = "packets-doubled";
    private const int HopLimitOffset = 14 + 8;
    private const int SenderMacOffset = 6;

    [Fact]
    public void Packets_that_come_twice_are_counted_also_where_a_router_stands_between()
    {
        List<TimedPacket> packets = Talk();
        // The second copy as it left the router: a hop less, another MAC.
        Analysis analysis = new Analysis().Add(Twice(packets, 20_000, static data =>
        {
            data[HopLimitOffset]--;
            data[SenderMacOffset + 5] ^= 0xff;
        })).Finish();
        Assert.Equal(packets.Count, analysis.Losses[Loss]);
    }

    [Fact]
    public void What_is_sent_once_or_sent_again_later_is_not()
    {
        Assert.False(IsTold(new Analysis().Add(Talk()).Finish()));
        Assert.False(IsTold(new Analysis().Add(Twice(Talk(), 3_000_000, static _ => { })).Finish()));
    }

    [Fact]
    public void Other_bytes_to_the_same_server_are_another_packet() =>
        Assert.False(IsTold(new Analysis().Add(Twice(Talk(), 20_000, static data => data[^1] ^= 1)).Finish()));

    [Fact]
    public void A_few_that_come_twice_are_no_mirror()
    {
        List<TimedPacket> packets = Talk();
        int few = packets.Count / 10;
        Assert.True(few > 0);
        IEnumerable<TimedPacket> twice = Twice([.. packets.Take(few)], 20_000, static _ => { });
        Assert.False(IsTold(new Analysis().Add([.. twice, .. packets.Skip(few)]).Finish()));
    }

    private static bool IsTold(Analysis analysis) => analysis.Losses.GetValueOrDefault(Loss) > 0;

    private static List<TimedPacket> Talk()
    {
        Conversation conversation = Conversation.Tcp(443).Open();
        for (byte i = 0; i < 20; i++)
            conversation.Send(true, [1, i]).Send(false, [2, i]);
        return conversation.Packets;
    }

    private static IEnumerable<TimedPacket> Twice(List<TimedPacket> packets, long laterNs, Action<byte[]> change)
    {
        foreach (TimedPacket packet in packets)
        {
            byte[] copy = [.. packet.Data];
            change(copy);
            yield return packet;
            yield return packet with { TimeNs = packet.TimeNs + laterNs, Data = copy };
        }
    }
}
