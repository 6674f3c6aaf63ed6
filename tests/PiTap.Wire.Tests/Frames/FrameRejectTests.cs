using CsCheck;
using PiTap.Model;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Wire.Tests.Frames;

public sealed class FrameRejectTests
{
    private static readonly byte[] s_ethernet = Ethernet(PhoneMac, RouterMac, [], EtherTypes.Ipv4);

    /// <summary>What stands before a header, the header's length, who asks for it, and in which layer.</summary>
    public static TheoryData<string, LinkType, byte[], int, RejectClaim, FrameLayer> Headers() => new()
    {
        { "Ethernet", LinkType.Ethernet, [], 14, RejectClaim.EthernetHeader, FrameLayer.Link },
        { "cooked", LinkType.LinuxSll, [], 16, RejectClaim.LinuxSllHeader, FrameLayer.Link },
        { "cooked 2", LinkType.LinuxSll2, [], 20, RejectClaim.LinuxSll2Header, FrameLayer.Link },
        { "loopback", LinkType.Null, [], 4, RejectClaim.LoopbackHeader, FrameLayer.Link },
        { "Prism", LinkType.Ieee80211Prism, [], 144, RejectClaim.PrismHeader, FrameLayer.Link },
        { "PPP", LinkType.Ppp, [], 2, RejectClaim.PppHeader, FrameLayer.Link },
        { "PPP in HDLC", LinkType.PppHdlc, [0xff, 0x03], 2, RejectClaim.PppHeader, FrameLayer.Link },
        { "raw", LinkType.Raw, [], 1, RejectClaim.RawIp, FrameLayer.Link },
        { "VLAN", LinkType.Ethernet, EthernetOf(EtherTypes.Vlan), 4, RejectClaim.VlanTag, FrameLayer.Link },
        { "QinQ", LinkType.Ethernet, [.. EthernetOf(EtherTypes.ServiceVlan), 0, 1, 0x81, 0], 4, RejectClaim.VlanTag, FrameLayer.Link },
        { "PPPoE alone", LinkType.PppEther, [], 8, RejectClaim.PppoeHeader, FrameLayer.Link },
        { "pppd", LinkType.PppPppd, [], 1, RejectClaim.PppHeader, FrameLayer.Link },
        { "PPP with direction", LinkType.PppWithDirection, [1, 0xff, 3], 2, RejectClaim.PppHeader, FrameLayer.Link },
        { "Cisco metadata", LinkType.Ethernet, EthernetOf(EtherTypes.CiscoMetadata), 8, RejectClaim.CiscoMetadata, FrameLayer.Link },
        { "Broadcom's tag", LinkType.DsaTagBrcm, [], 18, RejectClaim.SwitchTag, FrameLayer.Link },
        { "Broadcom's tag in front", LinkType.DsaTagBrcmPrepend, [], 4, RejectClaim.SwitchTag, FrameLayer.Link },
        { "Marvell's tag with an EtherType", LinkType.DsaTagEdsa, [], 22, RejectClaim.SwitchTag, FrameLayer.Link },
        { "Marvell's tag in Ethernet", LinkType.Ethernet, EthernetOf(EtherTypes.MarvellTag), 8, RejectClaim.SwitchTag, FrameLayer.Link },
        { "NFLOG", LinkType.NfLog, [], 4, RejectClaim.NfLogHeader, FrameLayer.Link },
        { "Wi-Fi", LinkType.Ieee80211Radiotap, [0, 0, 8, 0, 0, 0, 0, 0], 2, RejectClaim.WifiHeader, FrameLayer.Link },
        { "PPPoE", LinkType.Ethernet, EthernetOf(EtherTypes.PppoeSession), 8, RejectClaim.PppoeHeader, FrameLayer.Link },
        { "MPLS", LinkType.Ethernet, EthernetOf(EtherTypes.Mpls), 5, RejectClaim.MplsLabel, FrameLayer.Link },
        { "IPv4", LinkType.Ethernet, s_ethernet, 20, RejectClaim.Ipv4Header, FrameLayer.Network },
        { "IPv6", LinkType.Ethernet, EthernetOf(EtherTypes.Ipv6), 40, RejectClaim.Ipv6Header, FrameLayer.Network },
        { "hop-by-hop", LinkType.Ethernet, Behind6(IpProtocols.HopByHop), 2, RejectClaim.ExtensionHeader, FrameLayer.Network },
        { "IPv6 fragment", LinkType.Ethernet, Behind6(IpProtocols.Fragment), 8, RejectClaim.FragmentHeader, FrameLayer.Network },
        { "authentication", LinkType.Ethernet, Behind4(IpProtocols.Authentication), 2, RejectClaim.ExtensionHeader, FrameLayer.Network },
        { "TCP", LinkType.Ethernet, Behind4(IpProtocols.Tcp), 20, RejectClaim.TcpHeader, FrameLayer.Transport },
        { "UDP", LinkType.Ethernet, Behind4(IpProtocols.Udp), 8, RejectClaim.UdpHeader, FrameLayer.Transport },
        { "UDP over IPv6", LinkType.Ethernet, Behind6(IpProtocols.Udp), 8, RejectClaim.UdpHeader, FrameLayer.Transport },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Every_too_short_length_of_a_header_names_the_header_and_the_numbers(
        string name, LinkType link, byte[] before, int required, RejectClaim claim, FrameLayer layer)
    {
        Assert.NotEmpty(name);
        for (int available = 0; available < required; available++)
        {
            FrameReject reject = FrameReject.Explain(link, [.. before, .. new byte[available]]);
            Assert.Equal(
                new FrameReject(layer, ParseStatus.Truncated, new RejectReason(claim, before.Length, required, available)),
                reject);
        }
        RejectReason next = FrameReject.Explain(link, [.. before, .. new byte[required]]).Reason;
        Assert.NotEqual((claim, before.Length), (next.Claim, next.Offset));
    }

    [Theory]
    [InlineData(LinkType.PktAp, 108, 0, RejectClaim.PktApHeader)]
    [InlineData(LinkType.Ppi, 8, 2, RejectClaim.PpiHeader)]
    [InlineData(LinkType.Ieee80211Avs, 8, 7, RejectClaim.AvsHeader)]
    [InlineData(LinkType.Ieee80211Radiotap, 8, 2, RejectClaim.RadiotapHeader)]
    public void A_header_that_says_its_own_length_is_held_to_it(LinkType link, int least, int place, RejectClaim claim)
    {
        FrameReject Of(ParseStatus status, int required, int available) =>
            new(FrameLayer.Link, status, new RejectReason(claim, 0, required, available));
        for (int available = 0; available < least; available++)
            Assert.Equal(Of(ParseStatus.Truncated, least, available), FrameReject.Explain(link, new byte[available]));
        byte[] header = new byte[150];
        header[place] = (byte)(least - 1);
        Assert.Equal(Of(ParseStatus.Malformed, least, least - 1), FrameReject.Explain(link, header));
        header[place] = 151;
        Assert.Equal(Of(ParseStatus.Truncated, 151, 150), FrameReject.Explain(link, header));
    }

    [Fact]
    public void A_version_of_Wi_Fi_or_radiotap_that_is_not_known_is_named()
    {
        Assert.Equal(
            new FrameReject(FrameLayer.Link, ParseStatus.Malformed, new RejectReason(RejectClaim.RadiotapVersion, 0, 0, 1)),
            FrameReject.Explain(LinkType.Ieee80211Radiotap, [1, .. new byte[20]]));
        Assert.Equal(
            new FrameReject(FrameLayer.Link, ParseStatus.Malformed, new RejectReason(RejectClaim.WifiVersion, 8, 0, 3)),
            FrameReject.Explain(LinkType.Ieee80211Radiotap, [0, 0, 8, 0, 0, 0, 0, 0, 3, .. new byte[20]]));
    }

    [Fact]
    public void A_length_field_that_asks_for_more_than_there_is_is_named_with_its_place()
    {
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 2, []));
        packet[0] = 0x4f;
        Assert.Equal(Network(ParseStatus.Truncated, new(RejectClaim.Ipv4HeaderLength, 14, 60, 28)), Explain(packet));

        byte[] options = [IpProtocols.Udp, 3, .. new byte[10]];
        Assert.Equal(
            Network(ParseStatus.Truncated, new(RejectClaim.ExtensionLength, 55, 32, 12)),
            Explain(Ipv6(Phone6, Server6, IpProtocols.HopByHop, options)));

        byte[] authentication = [IpProtocols.Udp, 4, .. new byte[10]];
        Assert.Equal(
            Network(ParseStatus.Truncated, new(RejectClaim.ExtensionLength, 35, 24, 12)),
            Explain(Ipv4(Phone, Server, IpProtocols.Authentication, authentication)));

        // The second extension header, behind a good one.
        byte[] two = [IpProtocols.Routing, 0, .. new byte[6], IpProtocols.Udp, 9, .. new byte[6]];
        Assert.Equal(
            Network(ParseStatus.Truncated, new(RejectClaim.ExtensionLength, 63, 80, 8)),
            Explain(Ipv6(Phone6, Server6, IpProtocols.HopByHop, two)));
    }

    [Fact]
    public void A_value_that_cannot_be_is_named_with_the_least_that_could()
    {
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(1, 2, 3, 4, TcpFlags.Ack));
        Assert.Equal(
            Network(ParseStatus.Malformed, new(RejectClaim.Ipv4Version, 14, 4, 5)),
            Explain(With(packet, 0, 0x55), EtherTypes.Ipv4));
        Assert.Equal(Network(ParseStatus.Malformed, new(RejectClaim.Ipv4HeaderLength, 14, 20, 16)), Explain(With(packet, 0, 0x44)));
        Assert.Equal(Network(ParseStatus.Malformed, new(RejectClaim.Ipv4TotalLength, 16, 20, 19)), Explain(With(packet, 3, 19)));
        Assert.Equal(
            new FrameReject(FrameLayer.Transport, ParseStatus.Malformed, new(RejectClaim.TcpDataOffset, 46, 20, 16)),
            Explain(With(packet, 32, 0x40)));
        byte[] packet6 = Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(1, 2, []));
        Assert.Equal(
            Network(ParseStatus.Malformed, new(RejectClaim.Ipv6Version, 14, 6, 7)),
            Explain(With(packet6, 0, 0x70), EtherTypes.Ipv6));
    }

    [Fact]
    public void A_length_that_ends_the_packet_before_the_capture_does_is_named_as_the_bound()
    {
        byte[] packet = With(Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 2, [])), 3, 25);
        Assert.Equal(
            new FrameReject(FrameLayer.Transport, ParseStatus.Truncated, new(RejectClaim.UdpHeader, 34, 8, 5, RejectClaim.Ipv4TotalLength)),
            Explain(packet));
        byte[] packet6 = With(Ipv6(Phone6, Server6, IpProtocols.Tcp, Tcp(1, 2, 3, 4, TcpFlags.Ack)), 5, 19);
        Assert.Equal(
            new FrameReject(
                FrameLayer.Transport, ParseStatus.Truncated, new(RejectClaim.TcpHeader, 54, 20, 19, RejectClaim.Ipv6PayloadLength)),
            Explain(packet6));
    }

    [Fact]
    [Trait("cap", "Wire.LinkLayer.MaxTags")]
    public void Too_many_headers_have_no_numbers_and_an_unknown_link_type_has_its_own()
    {
        byte[] tags = [.. EthernetOf(EtherTypes.Vlan), .. Enumerable.Repeat((byte[])[0, 1, 0x81, 0], 8)
            .SelectMany(static tag => tag)];
        Assert.Equal(
            new FrameReject(FrameLayer.Link, ParseStatus.Malformed, new(RejectClaim.TagCount, tags.Length, 0, 0)),
            FrameReject.Explain(LinkType.Ethernet, tags));
        byte[] headers = [.. Enumerable.Repeat((byte[])[60, 0, 1, 4, 0, 0, 0, 0], 16)
            .SelectMany(static header => header)];
        Assert.Equal(
            Network(ParseStatus.Malformed, new(RejectClaim.ExtensionCount, 54 + headers.Length, 0, 0)),
            Explain(Ipv6(Phone6, Server6, 60, headers)));
        Assert.Equal(
            new FrameReject(FrameLayer.Link, ParseStatus.Unsupported, new(RejectClaim.LinkType, 0, 0, 9_999)),
            FrameReject.Explain((LinkType)9_999, [1, 2]));
    }

    [Fact]
    public void A_fragment_header_behind_an_authentication_header_of_ipv4_is_explained_as_the_frame_takes_it()
    {
        byte[] authentication = [IpProtocols.Fragment, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] fragment = [IpProtocols.Udp, 0, 0, 8, 0, 0, 0, 1];
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Authentication, [.. authentication, .. fragment, 1, 2, 3]);
        Assert.Equal(
            new FrameReject(FrameLayer.Transport, ParseStatus.Truncated, new(RejectClaim.UdpHeader, 54, 8, 3)),
            Explain(packet));
        Agree(LinkType.Ethernet, Ethernet(PhoneMac, RouterMac, packet));
    }

    [Theory]
    [MemberData(nameof(FrameTests.Encapsulations), MemberType = typeof(FrameTests))]
    public void What_is_explained_is_what_the_frame_says(string name, LinkType link, byte[] data)
    {
        Assert.NotEmpty(name);
        HostileBytes.EveryPrefix(data, bytes => Agree(link, bytes));
        HostileBytes.EveryByteChange(data, bytes => Agree(link, bytes));
        HostileBytes.Random(data, bytes => Agree(link, bytes));
    }

    [Fact]
    public void Random_bytes_are_explained_with_every_link_type() =>
        Gen.Select(Gen.Int[0, Enum.GetValues<LinkType>().Length - 1], Gen.Byte.Array[0, 200])
            .Sample(static (index, data) => Agree(Enum.GetValues<LinkType>()[index], data));

    [Fact]
    public void To_explain_allocates_nothing() =>
        Assert.Equal(0, HostileBytes.Allocated(static () => FrameReject.Explain(LinkType.Ethernet, s_ethernet)));

    private static void Agree(LinkType link, byte[] data)
    {
        Frame.Parse(link, data, out Frame frame);
        FrameReject reject = FrameReject.Explain(link, data);
        RejectReason reason = reject.Reason;
        if (frame.Status == ParseStatus.Ok)
        {
            HostileBytes.Require(reject == default, "A good frame is explained.");
            return;
        }
        HostileBytes.Require((reject.Layer, reject.Status) == (frame.Layer, frame.Status), "It is told otherwise than the frame says.");
        HostileBytes.Require(reason.Claim != RejectClaim.None && reason.Offset >= 0 && reason.Offset <= data.Length,
            "Nobody claimed it, or outside the frame.");
        HostileBytes.Require(reject.Status != ParseStatus.Truncated || (reason.Required > reason.Available && reason.Available >= 0),
            "There is enough.");
    }

    private static FrameReject Network(ParseStatus status, RejectReason reason) => new(FrameLayer.Network, status, reason);

    private static FrameReject Explain(byte[] packet, ushort etherType = 0) =>
        FrameReject.Explain(LinkType.Ethernet, Ethernet(PhoneMac, RouterMac, packet, etherType));

    private static byte[] EthernetOf(ushort etherType) => Ethernet(PhoneMac, RouterMac, [], etherType);

    /// <summary>An IPv4 header whose length is left to the end of the capture.</summary>
    private static byte[] Behind4(byte protocol) => Ethernet(PhoneMac, RouterMac, With(Ipv4(Phone, Server, protocol, []), 3, 0));

    private static byte[] Behind6(byte nextHeader) => Ethernet(PhoneMac, RouterMac, Ipv6(Phone6, Server6, nextHeader, []));

    private static byte[] With(byte[] bytes, int offset, byte value)
    {
        byte[] changed = [.. bytes];
        changed[offset] = value;
        return changed;
    }
}
