using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;

namespace PiTap.Analysis.Tests;

public sealed class RejectTests
{
    private readonly Pipeline _pipeline = new(new AnalysisOptions());
    private readonly int _first;

    public RejectTests() => _first = _pipeline.AddSource("a.pcap");

    private static byte[] CutUdp(int length)
    {
        byte[] packet = Packets.Ipv4(Packets.Phone, Packets.Server, IpProtocols.Udp, new byte[length]);
        return Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, packet);
    }

    private void Process(int source, long timeNs, byte[] data) => _pipeline.Process(
        new CapturedPacket { TimeNs = timeNs, Link = LinkType.Ethernet, OriginalLength = data.Length, Data = data }, source);

    [Fact]
    public void The_first_packet_of_each_kind_is_kept_with_its_number_and_time_and_the_others_are_counted()
    {
        int second = _pipeline.AddSource("b.pcap");
        Process(_first, 1_000, CutUdp(8));
        Process(second, 2_000, CutUdp(3));
        Process(_first, 3_000, CutUdp(5));
        Process(_first, 4_000, new byte[9]);
        RejectRecord[] rejects = [.. _pipeline.Finish().Rejects];
        RejectRecord ethernet = new()
        {
            Layer = "link",
            Status = "truncated",
            Claim = "ethernet-header",
            Offset = 0,
            Required = 14,
            Available = 9,
            Bound = "capture",
            Source = "a.pcap",
            Packet = 3,
            TimeNs = 4_000,
            Packets = 1,
        };
        RejectRecord udp = new()
        {
            Layer = "transport",
            Status = "truncated",
            Claim = "udp-header",
            Offset = 34,
            Required = 8,
            Available = 3,
            Bound = "capture",
            Source = "b.pcap",
            Packet = 1,
            TimeNs = 2_000,
            Packets = 2,
        };
        Assert.Equal([ethernet, udp], rejects);
    }

    [Fact]
    public void A_length_field_that_ends_the_packet_early_is_named_as_the_bound()
    {
        Process(_first, 1, [.. CutUdp(4), 0, 0, 0, 0, 0, 0, 0, 0]);
        RejectRecord reject = Assert.Single(_pipeline.Flush(includeOpen: true).Rejects);
        Assert.Equal(("udp-header", "ipv4-total-length", 4), (reject.Claim, reject.Bound, reject.Available));
    }

    [Fact]
    public void Good_packets_leave_no_reason()
    {
        Process(_first, 1, CutUdp(8));
        Assert.Empty(_pipeline.Finish().Rejects);
    }
}
