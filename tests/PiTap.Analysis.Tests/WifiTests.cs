using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;
using static PiTap.TestKit.WifiBytes;

namespace PiTap.Analysis.Tests;

public sealed class WifiTests
{
    private static readonly byte[] s_query = Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_000, 5_000, new byte[30]));
    private static readonly byte[] s_other = Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_001, 5_001, new byte[10]));

    private static TimedPacket Frame(int number, byte[] frame) =>
        new(Conversation.DefaultStartNs + number * 1_000_000L, Radiotap(frame), LinkType.Ieee80211Radiotap);

    private static Analysis Of(params byte[][] frames) => new Analysis().Add(frames.Select(static (frame, i) => Frame(i, frame))).Finish();

    [Fact]
    public void A_packet_in_the_air_is_a_flow_of_the_phone_behind_the_access_point()
    {
        Analysis analysis = Of(
            Data(PhoneMac, RouterMac, ToSystem, Snap(s_query), 1),
            Data(RouterMac, PhoneMac, FromSystem, Snap(Ipv4(Server, Phone, IpProtocols.Udp, Udp(5_000, 40_000, new byte[9]))), 1));
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((PhoneMac.ToString(), 1L, 1L), (flow.Device, flow.PacketsUp, flow.PacketsDown));
    }

    [Fact]
    public void What_is_encrypted_is_counted_and_no_flow()
    {
        byte[] cipher = [1, 2, 0, 0x20, 0, 0, 0, 0, .. new byte[40]];
        Analysis analysis = Of(Data(PhoneMac, RouterMac, ToSystem | Protected, cipher, 1),
            Data(PhoneMac, RouterMac, ToSystem | Protected, cipher, 2));
        Assert.Empty(analysis.Flows);
        Assert.Equal(2, analysis.Losses["wifi-encrypted"]);
        Assert.Equal((2L, 2L), (analysis.Source.Received, analysis.Source.Kept));
    }

    [Fact]
    public void A_frame_that_is_sent_again_is_no_new_packet_of_its_flow()
    {
        Analysis analysis = Of(Data(PhoneMac, RouterMac, ToSystem, Snap(s_query), 1),
            Data(PhoneMac, RouterMac, ToSystem | Retry, Snap(s_query), 1));
        Assert.Equal(1, Assert.Single(analysis.Flows).PacketsUp);
        Assert.Equal(1, analysis.Losses["wifi-repeated"]);
        Assert.Equal(2, analysis.Source.Kept);
    }

    [Fact]
    public void Damage_is_counted_and_makes_no_device()
    {
        byte[] damaged = Radiotap(Data(PhoneMac, RouterMac, ToSystem, Snap(s_query), 1), flags: 0x40);
        Analysis analysis = new Analysis().Add(new TimedPacket(Conversation.DefaultStartNs, damaged, LinkType.Ieee80211Radiotap)).Finish();
        Assert.Equal(1, analysis.Losses["wifi-damaged"]);
        Assert.Empty(analysis.Devices);
    }

    [Fact]
    public void Each_packet_of_an_aggregate_is_counted_and_their_bytes_are_the_frame_s()
    {
        byte[] body = [.. Part(PhoneMac, RouterMac, Snap(s_query)), .. Part(PhoneMac, RouterMac, Snap(s_other), isLast: true)];
        byte[] frame = Data(PhoneMac, RouterMac, ToSystem, body, qos: 0x80);
        Analysis analysis = Of(frame);
        Assert.Equal([40_000, 40_001], analysis.Flows.Select(static flow => (int)flow.ClientPort));
        SourceCounters source = analysis.Source;
        Assert.Equal((2L, 2L, (long)Radiotap(frame).Length), (source.Received, source.Kept, source.BytesKept));
        Assert.Equal(source.BytesKept, analysis.Flows.Sum(static flow => flow.BytesUp));
    }

    [Fact]
    public void A_packet_in_parts_is_one_flow_and_every_frame_is_counted()
    {
        byte[] body = Snap(s_query);
        Analysis analysis = Of(
            Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..24), 7),
            Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(24..), 7, 1),
            Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..24), 8),
            Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(30..), 8, 2));
        Assert.Equal((40_000, 1L), ((int)Assert.Single(analysis.Flows).ClientPort, analysis.Losses["wifi-parts-given-up"]));
        Assert.Equal(4, analysis.Source.Kept);
    }

    [Fact]
    public void Clients_are_told_by_their_address_in_the_air_also_where_nothing_can_be_read()
    {
        Assert.True(ClientFilter.TryParse([PhoneMac.ToString()], out ClientFilter? clients, out _));
        byte[] cipher = [1, 2, 0, 0x20, .. new byte[40]];
        Analysis analysis = new Analysis(new AnalysisOptions { Clients = clients })
            .Add(Frame(0, Data(PhoneMac, RouterMac, ToSystem | Protected, cipher, 1)),
                Frame(1, Data(AccessPoint, RouterMac, ToSystem | Protected, cipher, 1)))
            .Finish();
        Assert.Equal((1L, 1L), (analysis.Source.Kept, analysis.Source.Filtered));
    }

    [Fact]
    public void A_rejected_packet_in_the_air_is_explained_with_its_place_in_the_capture()
    {
        byte[] cut = s_query[..24];
        var pipeline = new Pipeline(new AnalysisOptions());
        int source = pipeline.AddSource("a");
        byte[] frame = Radiotap(Data(PhoneMac, RouterMac, ToSystem, Snap(cut), 1));
        var packet = new CapturedPacket { TimeNs = 1, Link = LinkType.Ieee80211Radiotap, OriginalLength = frame.Length, Data = frame };
        pipeline.Process(packet, source);
        RejectRecord reject = Assert.Single(pipeline.Finish().Rejects);
        Assert.Equal(("udp-header", frame.Length - 4, 8, 4), (reject.Claim, reject.Offset, reject.Required, reject.Available));
    }
}
