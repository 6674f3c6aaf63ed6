using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

/// <summary>How many flows there are and how far time may go back, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class FlowCapTests
{
    [Fact]
    [Trait("cap", "Analysis.AnalysisOptions.MaxFlows")]
    public void A_hundred_thousand_flows_are_open_and_further_ones_drive_others_out()
    {
        Analysis analysis = new Analysis()
            .Add(Enumerable.Range(0, 100_003).SelectMany(static number => new[] { Up(number), Down(number) }));
        Assert.Equal(3, analysis.Finish().Losses["flows-evicted"]);
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.UnansweredFlows")]
    public void Fifty_thousand_flows_wait_for_an_answer_and_further_ones_drive_out_their_like()
    {
        Analysis analysis = new Analysis().Add(Up(0), Down(0), Up(1), Down(1)).Add(Enumerable.Range(2, 50_003).Select(Up));
        // What was answered in between waits no more, and makes room.
        analysis.Add(Down(50_004), Up(60_000), Up(60_001)).Finish();
        Assert.Equal(4, analysis.Losses["flows-evicted"]);
        Assert.Equal([3, 4, 5, 6],
            analysis.Flows.Where(static flow => flow.End == FlowEnd.Evicted).Select(static flow => (int)flow.ClientPort));
    }

    private static TimedPacket Up(int number) => new(Conversation.DefaultStartNs + number, Ethernet(PhoneMac, RouterMac,
        Ipv4(Phone, Peer(number), IpProtocols.Udp, Udp(Port(number), 9, [1]))));

    private static TimedPacket Down(int number) => new(Conversation.DefaultStartNs + number, Ethernet(RouterMac, PhoneMac,
        Ipv4(Peer(number), Phone, IpProtocols.Udp, Udp(9, Port(number), [1]))));

    private static IpAddress Peer(int number) => Ip($"203.0.113.{number / 50_000}");

    private static ushort Port(int number) => (ushort)(1 + number % 50_000);

    [Theory]
    [InlineData(1_900, 0)]
    [InlineData(2_100, 1)]
    [Trait("cap", "Analysis.EngineClock.MaxDisorderNs")]
    public void Packets_may_be_out_of_order_by_so_much_before_that_is_another_clock(int milliseconds, long steps)
    {
        Conversation talk = new(Phone, 5_000, Server, 9);
        talk.Datagram(true, [1]).Wait(-1_000_000L * (milliseconds + 1)).Datagram(true, [2]);
        Assert.Equal(steps, new Analysis().Add(talk.Packets).Finish().Losses.GetValueOrDefault("clock-steps"));
    }
}
