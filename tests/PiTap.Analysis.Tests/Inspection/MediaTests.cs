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

    /// <summary>What SRTCP makes of it (RFC 3711 section 3.4): all but the first eight bytes encrypted, an index of four bytes and a tag of ten behind it.</summary>
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
        Assert.Equal((AppProtocol.Rtcp, Verdict.Readable, "RTCP in the clear"), (flow.App, flow.Verdict, flow.VerdictReason));
    }

    [Fact]
    public void A_name_in_RTCP_is_told_whenever_it_comes()
    {
        FlowRecord flow = FlowOf(Control().Datagram(true, s_report).Datagram(true, [.. s_report, .. s_description]).Datagram(true, s_report));
        Assert.Equal((Verdict.Readable, "RTCP in the clear, with its sender's name (CNAME)"), (flow.Verdict, flow.VerdictReason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SRTCP_looks_like_RTCP_in_its_first_eight_bytes_and_is_not_called_readable(bool isCompound)
    {
        byte[] plain = isCompound ? [.. s_report, .. s_description] : s_report;
        FlowRecord flow = FlowOf(Control().Datagram(true, Secured(plain)).Datagram(false, Secured(plain)));
        Assert.Equal((AppProtocol.Rtcp, Verdict.Opaque), (flow.App, flow.Verdict));
        Assert.Contains("SRTCP", flow.VerdictReason, StringComparison.Ordinal);
    }
}
