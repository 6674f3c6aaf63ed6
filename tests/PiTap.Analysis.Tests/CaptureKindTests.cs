using PiTap.Model;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>What a capture cannot show is said.</summary>
public sealed class CaptureKindTests
{
    private static readonly byte[] s_frame = Ethernet(PhoneMac, RouterMac,
        Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_000, 5_000, new byte[30])));

    private static RecordBatch Run(params (LinkType Link, byte[] Data, int Cut)[] packets)
    {
        var pipeline = new Pipeline(new AnalysisOptions());
        int source = pipeline.AddSource("a");
        foreach ((LinkType link, byte[] data, int cut) in packets)
            pipeline.Process(new CapturedPacket { TimeNs = 1, Link = link, OriginalLength = data.Length + cut, Data = data }, source);
        return pipeline.Finish();
    }

    private static long Loss(RecordBatch batch, string name) => batch.Losses.FirstOrDefault(loss => loss.Name == name)?.Count ?? 0;

    [Fact]
    public void Packets_of_link_types_that_are_not_read_are_counted_by_type()
    {
        RecordBatch batch = Run(((LinkType)220, [1, 2, 3], 0), (LinkType.Ethernet, s_frame, 0), ((LinkType)220, [1], 0),
            ((LinkType)187, [1], 0));
        Assert.Equal((2L, 1L), (Loss(batch, "link-type-220"), Loss(batch, "link-type-187")));
        Assert.Empty(batch.Rejects);
        Assert.Single(batch.Flows);
        Assert.Equal(4, batch.Sources[0].Kept);
    }

    [Fact]
    [Trait("cap", "Analysis.Losses.MaxLinkTypes")]
    public void Beyond_sixteen_kinds_of_link_types_the_rest_is_counted_together()
    {
        RecordBatch batch = Run([.. Enumerable.Range(300, 20).Select(static number => ((LinkType)number, (byte[])[1], 0))]);
        Assert.Equal((1L, 0L, 4L), (Loss(batch, "link-type-315"), Loss(batch, "link-type-316"), Loss(batch, "link-type-other")));
    }

    [Fact]
    public void A_capture_that_is_mostly_no_IP_says_so_and_one_with_some_ARP_does_not()
    {
        byte[] unknown = Ethernet(PhoneMac, RouterMac, new byte[40], 0x88b5);
        byte[] arp = Ethernet(PhoneMac, RouterMac, [0, 1, 8, 0, 6, 4, 0, 1, .. new byte[20]], EtherTypes.Arp);
        Assert.Equal(2, Loss(Run((LinkType.Ethernet, unknown, 0), (LinkType.Ethernet, s_frame, 0), (LinkType.Ethernet, unknown, 0)),
            "packets-not-ip"));
        Assert.Equal(0, Loss(Run((LinkType.Ethernet, unknown, 0), (LinkType.Ethernet, s_frame, 0)), "packets-not-ip"));
        Assert.Equal(0, Loss(Run((LinkType.Ethernet, arp, 0), (LinkType.Ethernet, arp, 0)), "packets-not-ip"));
    }

    [Fact]
    public void Packets_that_the_capture_cut_are_counted()
    {
        Assert.Equal(1, Loss(Run((LinkType.Ethernet, s_frame, 100), (LinkType.Ethernet, s_frame, 0)), "packets-cut"));
        Assert.Equal(0, Loss(Run((LinkType.Ethernet, s_frame, 0)), "packets-cut"));
        // Some drivers say less than they deliver.
        Assert.Equal(0, Loss(Run((LinkType.Ethernet, s_frame, -10)), "packets-cut"));
    }
}
