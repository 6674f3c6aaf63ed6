using System.Text;
using CsCheck;
using PiTap.Wire.Application.Rtp;

namespace PiTap.Wire.Tests.Application.Rtp;

public sealed class RtpTests
{
    private static readonly byte[] s_packet =
    [
        0xb2, 0x80 | 96, 0x12, 0x34, 0, 0, 1, 2, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 11, 0, 0, 0, 22, 0xbe, 0xde, 0, 1, 9, 8, 7, 6, 1, 2, 3, 1,
    ];

    private static readonly byte[] s_compound =
    [
        0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 202, 0, 5, 0, 0, 0, 7, 2, 1, (byte)'n', 1, 9, .. "u@host.ex"u8, 0, 0,
    ];

    [Fact]
    public void A_packet_reads_to_every_field()
    {
        Assert.Equal(ParseStatus.Ok, RtpView.Parse(s_packet, out RtpView view));
        Assert.Equal(2, view.Version);
        Assert.True(view.HasPadding && view.HasExtension && view.HasMarker);
        Assert.Equal(96, view.PayloadType);
        Assert.Equal(0x1234, view.SequenceNumber);
        Assert.Equal(258u, view.Timestamp);
        Assert.Equal(0xdeadbeef, view.Ssrc);
        Assert.Equal(2, view.SourceCount);
        Assert.Equal([11u, 22u, 0u, 0u], new[] { view.Source(0), view.Source(1), view.Source(2), view.Source(-1) });
        Assert.Equal(0xbede, view.ExtensionProfile);
        Assert.Equal([9, 8, 7, 6], view.Extension.ToArray());
        Assert.Equal([1, 2, 3, 1], view.Payload.ToArray());
    }

    [Fact]
    public void A_packet_that_is_cut_before_its_payload_is_none() =>
        ByteSweep.EachPrefix(s_packet[..28], prefix =>
            Assert.Equal(prefix.Length < 12 ? ParseStatus.Truncated : ParseStatus.Malformed, RtpView.Parse(prefix, out _)));

    [Fact]
    public void RTCP_is_left_to_RTCP()
    {
        for (int second = 0; second < 256; second++)
        {
            byte[] packet = [0x80, (byte)second, 0, 2, .. new byte[8]];
            bool isControl = second is >= 192 and <= 223;
            Assert.Equal(isControl || second is >= 64 and <= 95, RtpView.Parse(packet, out _) == ParseStatus.Malformed);
            Assert.Equal(isControl, RtcpView.Parse(packet, out _) == ParseStatus.Ok);
        }
    }

    [Fact]
    public void A_compound_packet_names_its_sender()
    {
        Assert.Equal(ParseStatus.Ok, RtcpView.Parse(s_compound, out RtcpView view));
        Assert.Equal(201, view.PacketType);
        Assert.Equal(7u, view.Ssrc);
        Assert.True(view.IsWhole);
        Assert.Equal("u@host.ex", Encoding.UTF8.GetString(view.CanonicalName));
        List<(int, int, int)> packets = [];
        foreach (RtcpPacket packet in view.Packets)
            packets.Add((packet.Type, packet.Count, packet.Length));
        Assert.Equal([(201, 0, 8), (202, 1, 24)], packets);
    }

    [Fact]
    public void An_encrypted_one_is_known_and_says_nothing()
    {
        byte[] secure = [.. s_compound[..8], .. Enumerable.Repeat((byte)0x11, 38)];
        Assert.Equal(ParseStatus.Ok, RtcpView.Parse(secure, out RtcpView view));
        Assert.False(view.IsWhole);
        Assert.True(view.CanonicalName.IsEmpty);
    }

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw()
    {
        ByteSweep.EachChange(s_packet, Touch);
        ByteSweep.EachChange(s_compound, Touch);
    }

    [Fact]
    public void No_bytes_make_an_accessor_throw() => Gen.Byte.Array[0, 60].Sample(bytes => Touch([0x90, .. bytes]));

    [Fact]
    public void Reading_packets_allocates_nothing()
    {
        RtpTracker tracker = default;
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            Touch(s_packet);
            Touch(s_compound);
            RtpView.Parse(s_packet, out RtpView view);
            tracker.Observe(view, false);
        }));
    }

    [Theory]
    [InlineData(false, RtpTracker.PacketsToDecide)]
    [InlineData(true, RtpTracker.PacketsToDecideWhenExpected)]
    public void A_flow_is_RTP_after_a_few_packets_in_step(bool isExpected, int packets)
    {
        RtpTracker tracker = default;
        for (int i = 1; i <= packets; i++)
            Assert.Equal(i == packets, Observe(ref tracker, 1, 65_533 + i, 96, isExpected));
    }

    [Fact]
    public void Several_sources_may_take_turns()
    {
        RtpTracker tracker = default;
        bool isRtp = false;
        for (int i = 0; i < RtpTracker.PacketsToDecide; i++)
        {
            for (uint source = 1; source <= 4; source++)
                isRtp = Observe(ref tracker, source, 1_000 * (int)source + i, (int)source, false);
        }
        Assert.True(isRtp);
    }

    [Fact]
    public void Lost_repeated_and_overtaken_packets_do_no_harm()
    {
        RtpTracker tracker = default;
        int[] sequence = [10, 10, 14, 12, 13, 20];
        foreach (int number in sequence)
            Assert.False(Observe(ref tracker, 1, number, 96, false));
        Assert.True(Observe(ref tracker, 1, 21, 96, false));
    }

    [Fact]
    public void A_repeated_packet_alone_is_no_RTP()
    {
        RtpTracker tracker = default;
        for (int i = 0; i < 100; i++)
            Assert.False(Observe(ref tracker, 1, 5, 96, true));
    }

    [Fact]
    public void Random_datagrams_are_no_RTP()
    {
        Random random = new(7);
        RtpTracker tracker = default;
        byte[] packet = new byte[60];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(packet);
            if (RtpView.Parse(packet, out RtpView view) == ParseStatus.Ok)
                Assert.False(tracker.Observe(view, true));
        }
    }

    [Theory]
    [InlineData(0, 3, MediaKind.Stun)]
    [InlineData(4, 15, MediaKind.Unknown)]
    [InlineData(16, 19, MediaKind.Zrtp)]
    [InlineData(20, 63, MediaKind.Dtls)]
    [InlineData(64, 79, MediaKind.TurnChannel)]
    [InlineData(80, 127, MediaKind.Quic)]
    [InlineData(128, 191, MediaKind.Rtp)]
    [InlineData(192, 255, MediaKind.Quic)]
    public void The_first_byte_tells_the_protocols_of_one_port_apart(int first, int last, MediaKind kind)
    {
        for (int b = first; b <= last; b++)
            Assert.Equal(kind, MediaDemultiplexer.Classify((byte)b));
    }

    private static bool Observe(ref RtpTracker tracker, uint source, int sequence, int type, bool isExpected)
    {
        byte[] packet = [0x80, (byte)type, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 0, 0, 0, 0, (byte)source];
        Assert.Equal(ParseStatus.Ok, RtpView.Parse(packet, out RtpView view));
        return tracker.Observe(view, isExpected);
    }

    private static void Touch(byte[] bytes)
    {
        if (RtpView.Parse(bytes, out RtpView rtp) == ParseStatus.Ok)
        {
            uint sources = 0;
            for (int i = 0; i < 16; i++)
                sources |= rtp.Source(i);
            if (rtp.Payload.Length + rtp.Extension.Length > bytes.Length || (rtp.ExtensionProfile != 0 && !rtp.HasExtension)
                || (sources != 0 && rtp.SourceCount == 0))
                Assert.Fail("A view reaches beyond its bytes.");
        }
        if (RtcpView.Parse(bytes, out RtcpView rtcp) == ParseStatus.Ok)
        {
            int length = 0;
            foreach (RtcpPacket packet in rtcp.Packets)
                length += 4 + packet.Body.Length;
            if (length > bytes.Length || rtcp.CanonicalName.Length > length || rtcp.IsWhole != (length == bytes.Length))
                Assert.Fail("A view reaches beyond its bytes.");
        }
    }
}
