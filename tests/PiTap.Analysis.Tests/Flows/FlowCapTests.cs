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
        var analysis = new Analysis();
        analysis.Add(Enumerable.Range(0, 100_003).Select(static number =>
        {
            IpAddress server = Ip($"203.0.113.{number / 50_000}");
            byte[] packet = Ipv4(Phone, server, IpProtocols.Udp, Udp((ushort)(1 + number % 50_000), 9, [1]));
            return new TimedPacket(Conversation.DefaultStartNs + number, Ethernet(PhoneMac, RouterMac, packet));
        }));
        Assert.Equal(3, analysis.Finish().Losses["flows-evicted"]);
    }

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
