using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class TimeTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;

    private static byte[] Packet(ushort port) => Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(port, 9, [1])));

    [Fact]
    public void Damaged_time_stamps_do_not_stop_the_clock_for_what_comes_behind_them()
    {
        long[] damaged = [long.MinValue, 0, long.MaxValue, 0, long.MaxValue, -1, long.MaxValue];
        Conversation behind = new Conversation(Phone, 1_000, Server, 9).Datagram(true, [1]).Wait(121 * Second).Datagram(true, [2]);
        Analysis analysis = new Analysis().Add(damaged.Select(static time => new TimedPacket(time, Packet(1)))).Add(behind.Packets)
            .Finish();
        Assert.Equal(2, analysis.Flows.Count(static flow => flow.ClientPort == 1_000));
    }

    [Fact]
    public void Going_back_and_forth_between_two_clocks_is_no_time_that_passes()
    {
        // Two interfaces whose clocks are 50 seconds apart; the idle time-out is 120.
        IEnumerable<TimedPacket> mixed = Enumerable.Range(0, 400)
            .SelectMany(
                static i => new[] { new TimedPacket(i * 1_000_000L, Packet(1)), new TimedPacket(i * 1_000_000L - 50 * Second, Packet(2)) });
        Analysis analysis = new Analysis().Add(new TimedPacket(0, Packet(3))).Add(mixed).Add(new TimedPacket(401_000_000, Packet(3)))
            .Finish();
        Assert.Equal(3, analysis.Flows.Count);
        Assert.Equal(1, analysis.Losses["clock-steps"]);
    }

    [Fact]
    public void Time_goes_on_on_either_of_two_clocks()
    {
        IEnumerable<TimedPacket> mixed = Enumerable.Range(0, 300)
            .SelectMany(
                static i => new[] { new TimedPacket(i * Second, Packet(1)), new TimedPacket(i * Second - 3_600 * Second, Packet(2)) });
        Analysis analysis = new Analysis().Add(new TimedPacket(0, Packet(3))).Add(mixed).Add(new TimedPacket(300 * Second, Packet(3)))
            .Finish();
        Assert.Equal(2, analysis.Flows.Count(static flow => flow.ClientPort == 3));
        Assert.Equal(4, analysis.Flows.Count);
    }

    [Fact]
    public void Fragments_that_wait_in_vain_are_counted_in_time()
    {
        var late = new TimedPacket(
            Conversation.DefaultStartNs, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, new byte[800], 7, 800)));
        Analysis analysis = new Analysis().Add(late).Add(new TimedPacket(Conversation.DefaultStartNs + 70 * Second, Packet(1))).Flush();
        Assert.Equal((2L, 2L), (analysis.Source.Received, analysis.Source.Kept));
        Assert.Equal(1, analysis.Losses["fragments-given-up"]);
    }
}
