using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Legacy;
using PiTap.Wire.Network.Tunnels;

namespace PiTap.Wire.Tests.Network.Tunnels;

public sealed class TunnelViewTests
{
    private const ushort Erspan = 0x88be;
    private const ushort Erspan3 = 0x22eb;

    private delegate ParseStatus Reader(ReadOnlySpan<byte> payload, out TunnelView view);

    private static readonly byte[] s_ipv4 = Packets.Ip(Packets.Phone, Packets.Server, 17, Packets.Udp(40_000, 53, [1, 2, 3]));
    private static readonly byte[] s_ipv6 = Packets.Ip(Packets.Phone6, Packets.Server6, 17, Packets.Udp(40_000, 53, [1, 2, 3]));
    private static readonly byte[] s_teredo =
        Packets.Ip(Packets.Ip("2001:0:4136:e378:8000:63bf:3fff:fdd2"), Packets.Server6, 17, Packets.Udp(40_000, 53, [1]));
    private static readonly byte[] s_frame = Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, s_ipv4);

    private static void Carries(LinkType link, byte[] inner, Reader reader, byte[] payload)
    {
        Assert.Equal(ParseStatus.Ok, reader(payload, out TunnelView view));
        Assert.Equal(link, view.InnerLink);
        Assert.Equal(inner, view.Inner.ToArray());
        // As far as the fixed part of the inner header goes, cut packets are known for what they are: not yet whole, never wrong.
        for (int length = 0; length < payload.Length; length++)
            Assert.True(reader(payload.AsSpan(0, length), out _) is ParseStatus.Truncated or ParseStatus.Ok);
    }

    private static ParseStatus Status(Reader reader, byte[] payload) => reader(payload, out _);

    private static byte[] With(byte[] bytes, int offset, byte value)
    {
        byte[] changed = [.. bytes];
        changed[offset] = value;
        return changed;
    }

    [Fact]
    public void GTP_carries_IP_with_and_without_extension_headers()
    {
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGtpU, TunnelBytes.GtpU(s_ipv4));
        Carries(LinkType.Raw, s_ipv6, TunnelView.ParseGtpU, TunnelBytes.GtpU(s_ipv6));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGtpU, TunnelBytes.GtpU(s_ipv4, 0x85, 1, 0x10, 9, 0xc0, 2, 0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void GTP_bytes_behind_the_claimed_length_are_left_out()
    {
        Assert.Equal(ParseStatus.Ok, TunnelView.ParseGtpU([.. TunnelBytes.GtpU(s_ipv4), 9, 9], out TunnelView view));
        Assert.Equal(s_ipv4, view.Inner.ToArray());
    }

    [Fact]
    public void Other_GTP_is_refused()
    {
        byte[] packet = TunnelBytes.GtpU(s_ipv4);
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGtpU, With(packet, 1, 1)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, With(packet, 0, 0x48)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, With(packet, 0, 0x20)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, With(packet, 0, 0x38)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, With(packet, 8, 0x75)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, TunnelBytes.GtpU(s_ipv4, 0x85, 0, 0, 0, 0)));
        byte[] endless =
            [.. Enumerable.Repeat((byte[])[1, 0, 0, 0x85], GtpUHeader.MaxExtensionHeaders + 1).SelectMany(static header => header)];
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGtpU, TunnelBytes.GtpU(s_ipv4, 0x85, endless)));
    }

    [Fact]
    public void VXLAN_carries_Ethernet_and_in_its_generic_form_what_it_names()
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_frame));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_frame, flags: 0x88, lastOfFlags: 7));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_frame, flags: 0x0c, lastOfFlags: 3));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_ipv4, flags: 0x0c, lastOfFlags: 1));
        Carries(LinkType.Raw, s_ipv6, TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_ipv6, flags: 0x0c, lastOfFlags: 2));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseVxlan, TunnelBytes.Vxlan(s_frame, flags: 0x0c, lastOfFlags: 4)));
    }

    [Fact]
    public void Other_VXLAN_is_refused()
    {
        byte[] packet = TunnelBytes.Vxlan(s_frame);
        foreach ((int offset, byte value) in ((int, byte)[])[(0, 0), (0, 0xf7), (14, 1)])
            Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseVxlan, With(packet, offset, value)));
    }

    [Theory]
    [InlineData(0, 0x09)]
    [InlineData(0, 0xff)]
    [InlineData(0, 0x8c)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    public void What_VXLAN_reserves_is_ignored_where_a_frame_follows(int offset, byte value)
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseVxlan, With(TunnelBytes.Vxlan(s_frame), offset, value));
        byte[] noFrame = TunnelBytes.Vxlan(With(s_frame, 12, 0x12));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseVxlan, With(noFrame, offset, value)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0x3f)]
    [InlineData(7, 1)]
    public void What_Geneve_reserves_is_ignored_where_a_packet_follows(int offset, byte value)
    {
        byte[] packet = TunnelBytes.Geneve(s_frame, EtherTypes.TransparentEthernet);
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGeneve, With(packet, offset, value));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGeneve, With(TunnelBytes.Geneve(s_ipv4, EtherTypes.Ipv4), offset, value));
        byte[] noFrame = TunnelBytes.Geneve(With(s_frame, 12, 0x12), EtherTypes.TransparentEthernet);
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGeneve, With(noFrame, offset, value)));
    }

    [Fact]
    public void TZSP_carries_Ethernet_and_Wifi_behind_its_fields()
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseTzsp, TunnelBytes.Tzsp(s_frame));
        byte[] fields = [10, 1, 200, 0, 40, 4, 1, 2, 3, 4, 60, 0];
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseTzsp, TunnelBytes.Tzsp(s_frame, fields: fields));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseTzsp, With(TunnelBytes.Tzsp(s_frame), 1, 1));
        byte[] wifi = WifiBytes.Data(Packets.PhoneMac, Packets.RouterMac, WifiBytes.ToSystem, WifiBytes.Snap(s_ipv4));
        Carries(LinkType.Ieee80211, wifi, TunnelView.ParseTzsp, TunnelBytes.Tzsp(wifi, 18));
        Assert.Equal(ParseStatus.Ok, TunnelView.ParseTzsp(TunnelBytes.Tzsp(s_frame), out TunnelView view));
        Assert.True(view.IsMirror);
    }

    [Fact]
    public void Other_TZSP_is_refused()
    {
        byte[] packet = TunnelBytes.Tzsp(s_frame);
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseTzsp, With(packet, 0, 2)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseTzsp, With(packet, 11, 1)));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseTzsp, With(packet, 1, 4)));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseTzsp, TunnelBytes.Tzsp(s_frame, 119)));
        Assert.Equal(ParseStatus.Truncated, Status(TunnelView.ParseTzsp, [1, 0, 0, 1, 10, 9, 1]));
        Assert.Equal(ParseStatus.Truncated, Status(TunnelView.ParseTzsp, [1, 0, 0, 1, 0, 0, 0]));
    }

    [Fact]
    public void Geneve_carries_Ethernet_and_IP_behind_its_options()
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGeneve, TunnelBytes.Geneve(s_frame, EtherTypes.TransparentEthernet));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGeneve, TunnelBytes.Geneve(s_ipv4, EtherTypes.Ipv4));
        Carries(LinkType.Raw, s_ipv6, TunnelView.ParseGeneve, TunnelBytes.Geneve(s_ipv6, EtherTypes.Ipv6));
    }

    [Fact]
    public void Other_Geneve_is_refused()
    {
        byte[] packet = TunnelBytes.Geneve(s_frame, EtherTypes.TransparentEthernet);
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGeneve, TunnelBytes.Geneve(s_frame, 0x8847)));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGeneve, With(packet, 1, 0x80)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGeneve, With(packet, 0, 0x42)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x80)]
    [InlineData(0x20)]
    [InlineData(0x10)]
    [InlineData(0xb0)]
    public void GRE_carries_Ethernet_and_IP_behind_its_optional_fields(byte flags)
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGre, TunnelBytes.Gre(s_frame, EtherTypes.TransparentEthernet, flags));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGre, TunnelBytes.Gre(s_ipv4, EtherTypes.Ipv4, flags));
        Carries(LinkType.Raw, s_ipv6, TunnelView.ParseGre, TunnelBytes.Gre(s_ipv6, EtherTypes.Ipv6, flags));
    }

    [Fact]
    public void Mirrored_frames_are_found_behind_the_header_of_each_type()
    {
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGre, TunnelBytes.Gre(s_frame, Erspan));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan2(s_frame), Erspan, 0x10));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame), Erspan3, 0x10));
        Carries(LinkType.Ethernet, s_frame, TunnelView.ParseGre,
            TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame, hasSubheader: true), Erspan3, 0x10));
        Carries(LinkType.Raw, s_ipv4, TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan3(s_ipv4, frameType: 2), Erspan3, 0x10));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame), Erspan, 0x10)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan2(s_frame), Erspan3, 0x10)));
        Assert.Equal(ParseStatus.Unsupported,
            Status(TunnelView.ParseGre, TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame, frameType: 4), Erspan3, 0x10)));
    }

    [Fact]
    public void Other_GRE_is_refused()
    {
        byte[] packet = TunnelBytes.Gre(s_ipv4, EtherTypes.Ipv4);
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGre, With(packet, 1, 1)));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGre, With(packet, 0, 0x40)));
        Assert.Equal(ParseStatus.Unsupported, Status(TunnelView.ParseGre, With(packet, 2, 0x99)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGre, With(packet, 0, 0x08)));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseGre, With(packet, 1, 0x80)));
    }

    [Fact]
    public void Teredo_carries_IPv6_behind_its_indications()
    {
        Carries(LinkType.Raw, s_teredo, TunnelView.ParseTeredo, s_teredo);
        Carries(LinkType.Raw, s_teredo, TunnelView.ParseTeredo, TunnelBytes.TeredoOrigin(s_teredo));
        Carries(LinkType.Raw, s_teredo, TunnelView.ParseTeredo, TunnelBytes.TeredoAuthentication(s_teredo));
        Carries(LinkType.Raw, s_teredo, TunnelView.ParseTeredo, TunnelBytes.TeredoAuthentication(TunnelBytes.TeredoOrigin(s_teredo)));
        Assert.Equal(ParseStatus.Ok, TunnelView.ParseTeredo([.. s_teredo, 1, 2, 3, 4], out TunnelView view));
        Assert.Equal(s_teredo, view.Inner.ToArray());
    }

    [Fact]
    public void Other_Teredo_is_refused()
    {
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseTeredo, s_ipv6));
        Assert.Equal(ParseStatus.Malformed, Status(TunnelView.ParseTeredo, s_ipv4));
    }

    [Fact]
    public void Random_bytes_are_seldom_claimed()
    {
        Random random = new(1);
        byte[] payload = new byte[100];
        int[] claimed = new int[5];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(payload);
            claimed[0] += Status(TunnelView.ParseGtpU, payload) == ParseStatus.Ok ? 1 : 0;
            claimed[1] += Status(TunnelView.ParseVxlan, payload) == ParseStatus.Ok ? 1 : 0;
            claimed[2] += Status(TunnelView.ParseGeneve, payload) == ParseStatus.Ok ? 1 : 0;
            claimed[4] += Status(TunnelView.ParseTzsp, payload) == ParseStatus.Ok ? 1 : 0;
            claimed[3] += Status(TunnelView.ParseTeredo, payload) == ParseStatus.Ok ? 1 : 0;
        }
        Assert.All(claimed, static count => Assert.InRange(count, 0, 20));
    }

    [Fact]
    public void Nothing_that_is_cut_damaged_or_random_throws()
    {
        foreach (byte[] sample in (byte[][])[TunnelBytes.GtpU(s_ipv4, 0x85, 1, 0, 0, 0), TunnelBytes.Vxlan(s_frame),
            TunnelBytes.Geneve(s_frame, EtherTypes.TransparentEthernet),
            TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame, hasSubheader: true), Erspan3, 0xb0),
            TunnelBytes.TeredoAuthentication(TunnelBytes.TeredoOrigin(s_teredo)), TunnelBytes.Tzsp(s_frame, fields: [10, 1, 7])])
        {
            HostileBytes.EveryPrefix(sample, TouchAll);
            HostileBytes.EveryByteChange(sample, TouchAll);
            HostileBytes.Random(sample, TouchAll);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] sample = TunnelBytes.Gre(TunnelBytes.Erspan3(s_frame), Erspan3, 0x10);
        Assert.Equal(0, HostileBytes.Allocated(() => TouchAll(sample)));
    }

    private static void TouchAll(byte[] payload)
    {
        Check(TunnelView.ParseGtpU(payload, out TunnelView view), view, payload);
        Check(TunnelView.ParseVxlan(payload, out view), view, payload);
        Check(TunnelView.ParseGeneve(payload, out view), view, payload);
        Check(TunnelView.ParseGre(payload, out view), view, payload);
        Check(TunnelView.ParseTeredo(payload, out view), view, payload);
        Check(TunnelView.ParseTzsp(payload, out view), view, payload);
    }

    private static void Check(ParseStatus status, TunnelView view, ReadOnlySpan<byte> payload)
    {
        HostileBytes.Require(status == ParseStatus.Ok ? payload.Overlaps(view.Inner) : view.Inner.IsEmpty,
            "inner bytes outside the payload");
        bool isKnown = view.InnerLink is LinkType.Ethernet or LinkType.Raw or LinkType.Ieee80211;
        HostileBytes.Require(status != ParseStatus.Ok || isKnown, "another link type");
    }
}
