using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>The app that a flow is of, where the capture says so.</summary>
public sealed class AppTests
{
    private static byte[] Packet(ushort port) => Ipv4(Phone, Server, IpProtocols.Udp, Udp(port, 9, [1, 2, 3]));

    private static List<string?> AppsOf(params IEnumerable<TimedPacket> packets) =>
        [.. new Analysis().Add(packets).Finish().Flows.OrderBy(static flow => flow.ClientPort).Select(static flow => flow.App)];

    private static TimedPacket With(ushort port, string app, uint user = 10_123) =>
        new(Conversation.DefaultStartNs, CaptureHeaders.WithApp(Packet(port), Encoding.UTF8.GetBytes(app), user));

    [Fact]
    public void A_trailer_names_the_app_of_each_flow() =>
        Assert.Equal(["Chrome", "Signal", "Chrome"], AppsOf(With(1, "Chrome"), With(2, "Signal"), With(3, "Chrome"), With(1, "Chrome")));

    [Fact]
    public void An_app_that_is_not_known_is_none() => Assert.Equal([null, null], AppsOf(With(1, "Unknown", uint.MaxValue), With(2, "")));

    [Fact]
    public void A_character_that_the_field_cut_is_left_out() =>
        Assert.Equal(["xКалендари"], AppsOf(With(1, "xКалендариЦ")));

    [Fact]
    public void A_frame_that_has_addresses_has_no_trailer()
    {
        byte[] forged = CaptureHeaders.WithApp(Packet(1), "Bank"u8);
        forged[11] = 1;
        Assert.Equal([null], AppsOf(new TimedPacket(1, forged)));
    }

    [Fact]
    public void PKTAP_names_the_process_and_the_one_that_it_works_for()
    {
        byte[] captured = CaptureHeaders.PktAp(Packet(1), (int)LinkType.Raw);
        "mDNSResponder"u8.CopyTo(captured.AsSpan(56));
        byte[] helper = CaptureHeaders.PktAp(Packet(2), (int)LinkType.Raw);
        "nsurlsessiond"u8.CopyTo(helper.AsSpan(56));
        "Mail"u8.CopyTo(helper.AsSpan(88));
        Assert.Equal(["mDNSResponder", "Mail"], AppsOf(new(1, captured, LinkType.PktAp), new(1, helper, LinkType.PktAp)));
    }

    [Fact]
    public void A_flow_that_goes_on_in_a_further_record_keeps_its_app()
    {
        List<TimedPacket> packets = [.. Enumerable.Range(0, 70).Select(static minute =>
            With(1, "Chrome") with { TimeNs = Conversation.DefaultStartNs + minute * PacketTime.NanosecondsPerMinute })];
        Assert.Equal(["Chrome", "Chrome"], AppsOf(packets));
    }

    [Fact]
    public void A_datagram_of_which_the_rest_never_came_is_not_of_the_app_whose_packet_comes_when_it_is_given_up()
    {
        byte[] late = Ethernet(RouterMac, PhoneMac, Ipv4(Ip("192.0.2.81"), Phone, IpProtocols.Udp, new byte[64], 7, offset: 512));
        List<TimedPacket> packets = [With(1, "Chrome"), new TimedPacket(Conversation.DefaultStartNs, late)];
        for (int second = 10; second <= 100; second += 10)
            packets.Add(With(1, "Chrome") with { TimeNs = Conversation.DefaultStartNs + second * PacketTime.NanosecondsPerSecond });
        Assert.Equal([null, "Chrome"], AppsOf(packets));
    }

    [Fact]
    public void More_apps_than_are_kept_are_named_all_the_same() =>
        Assert.Equal(Enumerable.Range(2_000, 600).Select(static port => $"app {port % 300}"),
            AppsOf(Enumerable.Range(2_000, 600).Select(static port => With((ushort)port, $"app {port % 300}"))));
}
