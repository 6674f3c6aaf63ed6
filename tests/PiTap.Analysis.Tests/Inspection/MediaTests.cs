using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>Voice and video: what shares one pair of ports, and what of it can be read.</summary>
public sealed class MediaTests
{
    // A receiver report of one source (RFC 3550 section 6.4.2), then a description with CNAME "u@h" (section 6.5.1).
    private static readonly byte[] s_report = [0x81, 201, 0, 7, 1, 2, 3, 4, .. new byte[24]];
    private static readonly byte[] s_description = [0x81, 202, 0, 3, 1, 2, 3, 4, 1, 3, .. "u@h"u8, 0, 0, 0];

    private static Conversation Control() => new(Phone, 40_001, Server, 5_005);

    private static FlowRecord FlowOf(Conversation talk) => Assert.Single(Analysis.Of(talk).Flows);

    /// <summary>
    /// What SRTCP makes of it (RFC 3711 section 3.4): all but the first eight bytes encrypted, an index of four bytes and a tag of ten
    /// behind it.
    /// </summary>
    private static byte[] Secured(byte[] plain)
    {
        byte[] random = new byte[plain.Length - 8 + 14];
        new Random(plain.Length).NextBytes(random);
        return [.. plain[..8], .. random];
    }

    [Fact]
    public void RTCP_whose_packets_fill_the_datagram_is_readable()
    {
        FlowRecord flow = FlowOf(Control().Datagram(true, s_report).Datagram(true, s_report));
        Assert.Equal((AppProtocol.Rtcp, Verdict.Readable, "RTCP in the clear"), (flow.AppProto, flow.Verdict, flow.VerdictReason));
    }

    [Fact]
    public void A_name_in_RTCP_is_told_whenever_it_comes()
    {
        FlowRecord flow =
            FlowOf(Control().Datagram(true, s_report).Datagram(true, [.. s_report, .. s_description]).Datagram(true, s_report));
        Assert.Equal((Verdict.Readable, "RTCP in the clear, with its sender's name (CNAME)"), (flow.Verdict, flow.VerdictReason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SRTCP_looks_like_RTCP_in_its_first_eight_bytes_and_is_not_called_readable(bool isCompound)
    {
        byte[] plain = isCompound ? [.. s_report, .. s_description] : s_report;
        FlowRecord flow = FlowOf(Control().Datagram(true, Secured(plain)).Datagram(false, Secured(plain)));
        Assert.Equal((AppProtocol.Rtcp, Verdict.Opaque), (flow.AppProto, flow.Verdict));
        Assert.Contains("SRTCP", flow.VerdictReason, StringComparison.Ordinal);
    }

    private static byte[] Stun(ushort type, params byte[] attributes) =>
        [(byte)(type >> 8), (byte)type, 0, (byte)attributes.Length, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
            .. attributes];

    /// <summary>An address behind the mask of RFC 8489 section 14.2: 203.0.113.9.</summary>
    private static byte[] MaskedAddress(byte type) => [0, type, 0, 8, 0, 1, 0x11, 0x2b, 203 ^ 0x21, 0x12, 113 ^ 0xa4, 9 ^ 0x42];

    private static byte[] Media(ushort sequence) =>
        [0x80, 111, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 160, 9, 8, 7, 6, .. new byte[40]];

    [Fact]
    public void STUN_DTLS_and_RTP_on_one_pair_of_ports_are_told_apart()
    {
        // RFC 7983 section 7: by the first byte. A hello of DTLS without anything in it is enough of DTLS here.
        byte[] dtls = [22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0];
        Conversation talk = new Conversation(Phone, 50_000, Server, 50_002).Datagram(true, Stun(1))
            .Datagram(false, Stun(0x0101, MaskedAddress(0x20)))
            .Datagram(true, dtls).Datagram(true, Media(1)).Datagram(true, Media(2)).Datagram(true, Secured(s_report));
        FlowRecord flow = FlowOf(talk);
        Assert.Equal([AppProtocol.Stun, AppProtocol.Dtls, AppProtocol.Rtp, AppProtocol.Rtcp], flow.AppProtos);
        Assert.Equal(AppProtocol.Dtls, flow.AppProto);
    }

    [Fact]
    public void STUN_tells_the_address_that_others_see()
    {
        FlowRecord flow = FlowOf(
            new Conversation(Phone, 50_000, Server, 3_478).Datagram(true, Stun(1)).Datagram(false, Stun(0x0101, MaskedAddress(0x20))));
        Assert.Equal((Verdict.Readable, "STUN in the clear, with the address that others see"), (flow.Verdict, flow.VerdictReason));
    }

    [Fact]
    public void TURN_tells_whom_it_relays_to()
    {
        FlowRecord flow = FlowOf(new Conversation(Phone, 50_000, Server, 3_478).Datagram(false, Stun(0x0103, MaskedAddress(0x20)))
            .Datagram(true, Stun(0x0008, MaskedAddress(0x12))).Datagram(true, Stun(1)));
        Assert.Equal("TURN in the clear: relays to 203.0.113.9", flow.VerdictReason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SIP_is_recognised(bool isUdp)
    {
        byte[] invite = [.. "INVITE sip:bob@b.example SIP/2.0\r\nFrom: <sip:anna@a.example>\r\n\r\n"u8];
        Conversation talk = isUdp ? new Conversation(Phone, 5_060, Server, 5_060).Datagram(true, invite)
            : Conversation.Tcp(5_060).Open().Send(true, invite);
        FlowRecord flow = FlowOf(talk);
        Assert.Equal((AppProtocol.Sip, Verdict.Readable, "SIP in the clear: who calls whom"),
            (flow.AppProto, flow.Verdict, flow.VerdictReason));
    }
}
