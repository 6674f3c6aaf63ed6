using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Wire.Tests.Frames;

public sealed class FrameTests
{
    private static readonly byte[] s_payload = [1, 2, 3, 4, 5];
    private static readonly byte[] s_ip = Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_000, 53, s_payload));
    private static readonly byte[] s_ip6 = Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(40_000, 53, s_payload));

    [Fact]
    public void Every_field_of_a_TCP_segment_over_Ethernet_and_IPv4_is_read()
    {
        byte[] data = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp,
            Tcp(40_000, 443, 0x01020304, 0x05060708, TcpFlags.Psh | TcpFlags.Ack, s_payload)));
        Frame.Parse(LinkType.Ethernet, data, out Frame frame);
        Assert.Equal(ParseStatus.Ok, frame.Status);
        Assert.Equal((PhoneMac, RouterMac), (frame.SourceMac, frame.DestinationMac));
        Assert.True(frame.IsIp && frame.HasTransport && !frame.IsFragment);
        Assert.Equal((Phone, Server, IpProtocols.Tcp), (frame.Source, frame.Destination, frame.Protocol));
        Assert.Equal(((ushort)40_000, (ushort)443), (frame.SourcePort, frame.DestinationPort));
        Assert.Equal((0x01020304u, 0x05060708u, TcpFlags.Psh | TcpFlags.Ack),
            (frame.TcpSequence, frame.TcpAcknowledgement, frame.TcpFlags));
        Assert.Equal(s_payload, frame.Payload.ToArray());
    }

    [Fact]
    public void The_short_way_through_usual_frames_reads_what_the_long_way_does()
    {
        byte[][] usual =
        [
            Ethernet(
                PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 7, 8, TcpFlags.Psh | TcpFlags.Ack, s_payload))),
            Ethernet(
                PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_000, 53, [.. s_payload, .. s_payload, .. s_payload]))),
        ];
        // Any frame with up to three bytes changed in its headers, padded or cut.
        Gen.Select(Gen.OneOf([.. usual.Select(Gen.Const)]), Gen.Select(Gen.Int[0, 53], Gen.Byte).Array[0, 3], Gen.Int[-30, 30])
            .Sample((frame, changes, longer) =>
        {
            byte[] data = [.. frame];
            foreach ((int at, byte value) in changes)
                data[at] = value;
            Array.Resize(ref data, data.Length + longer);
            Frame.Parse(LinkType.Ethernet, data, out Frame read);
            Frame walked = default;
            walked.Walk(LinkType.Ethernet, data);
            Assert.Equal(Text(walked), Text(read));
        }, iter: 20_000);
    }

    private static string Text(in Frame f) =>
        string.Join(' ', f.SourceMac, f.DestinationMac, f.EtherType, f.IsIp, f.HasTransport, f.Source, f.Destination, f.Protocol,
            f.IsFragment,
        f.HasMoreFragments, f.FragmentOffset, f.FragmentIdentification, Convert.ToHexString(f.IpPayload), f.SourcePort, f.DestinationPort,
        f.TcpFlags, f.TcpSequence,
        f.TcpAcknowledgement, Convert.ToHexString(f.Payload), f.Layer, f.Status);

    [Fact]
    public void Padding_behind_a_short_IPv4_packet_is_no_payload()
    {
        byte[] packet = Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 2, s_payload)));
        Array.Resize(ref packet, 60);
        Frame.Parse(LinkType.Ethernet, packet, out Frame frame);
        Assert.Equal(s_payload, frame.Payload.ToArray());
    }

    public static TheoryData<string, LinkType, byte[]> Encapsulations()
    {
        byte[] udp = Udp(40_000, 53, s_payload);
        (byte[] ip, byte[] ip6) = (s_ip, s_ip6);
        // Behind the protocol of a second version's cooked header; an options header of padding, behind its next header.
        byte[] sll2 = [0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0], padding = [0, 1, 4, 0, 0, 0, 0];
        static byte[] Outer(ushort etherType, byte[] payload) => Ethernet(PhoneMac, RouterMac, payload, etherType);
        var rows = new TheoryData<string, LinkType, byte[]>
        {
            { "802.1Q", LinkType.Ethernet, Outer(EtherTypes.Vlan, Vlan(5, EtherTypes.Ipv4, ip)) },
            { "QinQ", LinkType.Ethernet, Outer(EtherTypes.ServiceVlan, Vlan(5, EtherTypes.Vlan, Vlan(6, EtherTypes.Ipv6, ip6))) },
            { "old QinQ", LinkType.Ethernet, Outer(EtherTypes.OldQinQ, Vlan(5, EtherTypes.Vlan, Vlan(6, EtherTypes.Ipv4, ip))) },
            { "PPPoE", LinkType.Ethernet, Outer(EtherTypes.PppoeSession, Link([0x11, 0, 0, 1, 0, 35, 0x00, 0x21], ip)) },
            { "MPLS", LinkType.Ethernet, Outer(EtherTypes.Mpls, Link([0, 1, 0, 64, 0, 2, 1, 64], ip6)) },
            { "SNAP", LinkType.Ethernet, Outer(41, Link([0xaa, 0xaa, 3, 0, 0, 0, 8, 0], ip)) },
            { "SLL", LinkType.LinuxSll, Link([0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0], ip) },
            { "SLL2", LinkType.LinuxSll2, Link([0x86, 0xdd, .. sll2], ip6) },
            { "SLL2 with a tag", LinkType.LinuxSll2, Link([0x81, 0, .. sll2], Vlan(7, EtherTypes.Ipv4, ip)) },
            { "loopback, little endian", LinkType.Null, Link([2, 0, 0, 0], ip) },
            { "loopback, big endian", LinkType.Null, Link([0, 0, 0, 2], ip) },
            { "loopback, IPv6 of FreeBSD", LinkType.Null, Link([28, 0, 0, 0], ip6) },
            { "OpenBSD loopback", LinkType.Loop, Link([0, 0, 0, 24], ip6) },
            { "PPP", LinkType.Ppp, Link([0xff, 3, 0, 0x21], ip) },
            { "PPP, one-byte protocol", LinkType.Ppp, Link([0x21], ip) },
            { "PPP in HDLC", LinkType.PppHdlc, Link([0xff, 3, 0, 0x57], ip6) },
            { "raw IPv4", LinkType.Raw, ip },
            { "raw IPv6", LinkType.RawIpV6, ip6 },
            { "hop-by-hop and destination options", LinkType.Raw, Ipv6(Phone6, Server6, 0, Link([60, .. padding, 17, .. padding], udp)) },
            { "routing header", LinkType.Raw, Ipv6(Phone6, Server6, 43, Link([17, 0, 4, 0, 0, 0, 0, 0], udp)) },
            { "atomic fragment", LinkType.Raw, Ipv6(Phone6, Server6, 44, Ipv6Fragment(17, 9, 0, false, udp)) },
            { "authentication header", LinkType.Raw, Ipv4(Phone, Server, 51, Link([17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1], udp)) },
        };
        AddLinesAndSwitches(rows);
        AddCaptures(rows);
        return rows;
    }

    private static void AddLinesAndSwitches(TheoryData<string, LinkType, byte[]> rows)
    {
        (byte[] ip, byte[] ip6) = (s_ip, s_ip6);
        rows.Add("PPPoE alone", LinkType.PppEther, Link([0x11, 0, 0, 1, 0, 35, 0x00, 0x21], ip));
        rows.Add("pppd, received", LinkType.PppPppd, Link([0, 3, 0, 0x21], ip));
        rows.Add("pppd, sent, address kept", LinkType.PppPppd, Link([1, 0xff, 3, 0, 0x57], ip6));
        rows.Add("PPP with direction", LinkType.PppWithDirection, Link([1, 0xff, 3, 0, 0x21], ip));
        rows.Add("PPP with direction, compressed", LinkType.PppWithDirection, Link([0, 0x21], ip));
        rows.Add("Cisco metadata", LinkType.Ethernet,
            Ethernet(PhoneMac, RouterMac, Link([1, 1, 0, 1, 0, 7, 8, 0], ip), EtherTypes.CiscoMetadata));
        rows.Add("Cisco metadata in a VLAN", LinkType.Ethernet,
            Ethernet(PhoneMac, RouterMac, Vlan(5, EtherTypes.CiscoMetadata, Link([1, 1, 0, 1, 0, 7, 0x86, 0xdd], ip6)), EtherTypes.Vlan));
        rows.Add("Realtek's long tag", LinkType.Ethernet,
            Ethernet(PhoneMac, RouterMac, Link([4, 0, 0, 0, 0, 1, 8, 0], ip), EtherTypes.Realtek));
        rows.Add("Realtek's short tag", LinkType.Ethernet, Ethernet(PhoneMac, RouterMac, Link([0xa0, 1, 8, 0], ip), EtherTypes.Realtek));
        rows.Add("Marvell's tag in Ethernet", LinkType.Ethernet,
            Ethernet(PhoneMac, RouterMac, Link([0, 0, 0xc0, 8, 0, 0, 8, 0], ip), EtherTypes.MarvellTag));
        rows.Add("Broadcom's tag", LinkType.DsaTagBrcm, CaptureHeaders.Tagged(Ethernet(PhoneMac, RouterMac, ip), 0, 0, 0, 2));
        rows.Add("Broadcom's tag in front", LinkType.DsaTagBrcmPrepend, Link([0, 0, 0, 2], Ethernet(PhoneMac, RouterMac, ip6)));
        rows.Add("Marvell's tag", LinkType.DsaTagDsa, CaptureHeaders.Tagged(Ethernet(PhoneMac, RouterMac, ip), 0xc0, 8, 0, 0));
        rows.Add("Marvell's tag, a VLAN behind it", LinkType.DsaTagDsa,
            CaptureHeaders.Tagged(Ethernet(PhoneMac, RouterMac, Vlan(7, EtherTypes.Ipv4, ip), EtherTypes.Vlan), 0xe0, 8, 0, 7));
        rows.Add("Marvell's tag with an EtherType", LinkType.DsaTagEdsa,
            CaptureHeaders.Tagged(Ethernet(PhoneMac, RouterMac, ip6), 0xda, 0xda, 0, 0, 0xc0, 8, 0, 0));
    }

    private static void AddCaptures(TheoryData<string, LinkType, byte[]> rows)
    {
        (byte[] ip, byte[] ip6) = (s_ip, s_ip6);
        byte[] Air(byte flags, byte[] body, int qos = -1) => WifiBytes.Data(PhoneMac, RouterMac, flags, body, qos: qos);
        rows.Add("NFLOG", LinkType.NfLog, CaptureHeaders.NfLog(ip, 2, PhoneMac));
        rows.Add("NFLOG of a big-endian machine", LinkType.NfLog, CaptureHeaders.NfLog(ip6, 10, PhoneMac, isBigEndian: true));
        rows.Add("NFLOG of a bridge", LinkType.NfLog, CaptureHeaders.NfLog(ip, 7, PhoneMac));
        rows.Add("PKTAP of Ethernet", LinkType.PktAp, CaptureHeaders.PktAp(Ethernet(PhoneMac, RouterMac, ip), 1));
        rows.Add("PKTAP of raw IP", LinkType.PktAp, CaptureHeaders.PktAp(ip6, 12, length: 156));
        rows.Add("PKTAP of Wi-Fi", LinkType.PktAp, CaptureHeaders.PktAp(WifiBytes.Radiotap(Air(1, WifiBytes.Snap(ip))), 127));
        rows.Add("Wi-Fi, to the access point", LinkType.Ieee80211, Air(1, WifiBytes.Snap(ip)));
        rows.Add("Wi-Fi, from the access point", LinkType.Ieee80211, Air(WifiBytes.FromSystem, WifiBytes.Snap(ip6), 6));
        rows.Add("Wi-Fi, ad hoc", LinkType.Ieee80211, Air(0, WifiBytes.Snap(ip)));
        rows.Add("Wi-Fi, four addresses", LinkType.Ieee80211, Air(3, WifiBytes.Snap(ip), 0));
        rows.Add("Wi-Fi, HT control", LinkType.Ieee80211, Air(WifiBytes.ToSystem | WifiBytes.Order, WifiBytes.Snap(ip), 0));
        rows.Add("Wi-Fi, an aggregate", LinkType.Ieee80211, Air(1, WifiBytes.Part(PhoneMac, RouterMac, WifiBytes.Snap(ip)), 0x80));
        rows.Add("radiotap", LinkType.Ieee80211Radiotap, WifiBytes.Radiotap(Air(1, WifiBytes.Snap(ip))));
        rows.Add("radiotap, chained words, a time, padding", LinkType.Ieee80211Radiotap,
            WifiBytes.Radiotap(WifiBytes.Data(PhoneMac, RouterMac, 1, WifiBytes.Snap(ip), qos: 0, isPadded: true), 0x20, true, 2));
        rows.Add("Prism", LinkType.Ieee80211Prism, WifiBytes.Prism(Air(1, WifiBytes.Snap(ip))));
        rows.Add("AVS behind the number of Prism", LinkType.Ieee80211Prism, WifiBytes.Avs(Air(1, WifiBytes.Snap(ip)), version: 2));
        rows.Add("AVS", LinkType.Ieee80211Avs, WifiBytes.Avs(Air(1, WifiBytes.Snap(ip)), length: 80));
        rows.Add("PPI of Wi-Fi", LinkType.Ppi, WifiBytes.Ppi(Air(1, WifiBytes.Snap(ip)), 105));
        rows.Add("PPI of Ethernet", LinkType.Ppi, WifiBytes.Ppi(Ethernet(PhoneMac, RouterMac, ip), 1));
    }

    private static byte[] Link(params byte[][] parts) => [.. parts.SelectMany(static part => part)];

    [Theory]
    [MemberData(nameof(Encapsulations))]
    public void The_same_datagram_is_found_behind_every_encapsulation(string name, LinkType link, byte[] data)
    {
        Assert.NotEmpty(name);
        Frame.Parse(link, data, out Frame frame);
        Assert.Equal(ParseStatus.Ok, frame.Status);
        Assert.False(frame.IsFragment);
        Assert.Equal(((ushort)40_000, (ushort)53, IpProtocols.Udp), (frame.SourcePort, frame.DestinationPort, frame.Protocol));
        Assert.Equal(s_payload, frame.Payload.ToArray());
        bool hasSender = name is not ("PKTAP of raw IP" or "PPPoE alone") && link is not (
            LinkType.Null or LinkType.Loop or LinkType.Ppp or LinkType.PppHdlc or LinkType.PppPppd or LinkType.PppWithDirection
                or LinkType.Raw or LinkType.RawIpV6);
        Assert.Equal(hasSender ? PhoneMac : default, frame.SourceMac);
    }

    [Theory]
    [MemberData(nameof(Encapsulations))]
    public void A_cut_frame_keeps_what_was_reached_and_never_invents(string name, LinkType link, byte[] data)
    {
        Assert.NotEmpty(name);
        for (int length = 0; length < data.Length; length++)
        {
            // A copy of exactly this length, so that reading past the end is caught.
            Frame.Parse(link, data.AsSpan(0, length).ToArray(), out Frame frame);
            if (frame.IsIp)
                Assert.True(frame.Source == Phone || frame.Source == Phone6);
            if (frame.HasTransport)
                Assert.Equal((ushort)53, frame.DestinationPort);
        }
    }

    [Theory]
    [MemberData(nameof(Encapsulations))]
    public void Any_changed_byte_is_survived(string name, LinkType link, byte[] data)
    {
        Assert.NotEmpty(name);
        int reached = 0;
        for (int i = 0; i < data.Length; i++)
        {
            byte[] changed = (byte[])data.Clone();
            for (int value = 0; value < 256; value++)
            {
                changed[i] = (byte)value;
                Frame.Parse(link, changed, out Frame frame);
                reached += frame.HasTransport ? 1 : 0;
            }
        }
        Assert.True(reached > 0);
    }

    [Fact]
    public void Random_bytes_are_survived_with_every_link_type() =>
        Gen.Select(Gen.Int[0, Enum.GetValues<LinkType>().Length - 1], Gen.Byte.Array[0, 200]).Sample((index, data) =>
        {
            Frame.Parse(Enum.GetValues<LinkType>()[index], data, out Frame frame);
            Assert.True(frame.Payload.Length <= data.Length && frame.IpPayload.Length <= data.Length);
            Assert.NotEqual(ParseStatus.NotParsed, frame.Status);
        });

    [Fact]
    public void A_parse_allocates_nothing()
    {
        byte[] data = Ethernet(PhoneMac, RouterMac, Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(40_000, 53, s_payload)));
        Assert.Equal(0, HostileBytes.Allocated(() => Frame.Parse(LinkType.Ethernet, data, out _)));
    }

    [Fact]
    public void Endless_tags_and_headers_are_refused()
    {
        byte[] tags = [.. Enumerable.Repeat((byte[])[0, 1, 0x81, 0], 20).SelectMany(static tag => tag)];
        Frame.Parse(LinkType.Ethernet, Ethernet(PhoneMac, RouterMac, tags, EtherTypes.Vlan), out Frame frame);
        Assert.Equal((FrameLayer.Link, ParseStatus.Malformed), (frame.Layer, frame.Status));
        byte[] headers = [.. Enumerable.Repeat((byte[])[60, 0, 1, 4, 0, 0, 0, 0], 30).SelectMany(static header => header)];
        Frame.Parse(LinkType.Raw, Ipv6(Phone6, Server6, 60, headers), out frame);
        Assert.Equal((FrameLayer.Network, ParseStatus.Malformed), (frame.Layer, frame.Status));
    }

    [Fact]
    public void Fragments_say_where_they_stand()
    {
        Frame.Parse(LinkType.Raw, Ipv4(Phone, Server, IpProtocols.Udp, s_payload, identification: 77, offset: 1_480, more: true),
            out Frame frame);
        Assert.True(frame.IsFragment && frame.HasMoreFragments && !frame.HasTransport);
        Assert.Equal((1_480, 77u), (frame.FragmentOffset, frame.FragmentIdentification));
        Frame.Parse(LinkType.Raw, Ipv6(Phone6, Server6, 44, Ipv6Fragment(17, 78, 1_448, false, s_payload)), out frame);
        Assert.True(frame.IsFragment && !frame.HasMoreFragments && !frame.HasTransport);
        Assert.Equal((1_448, 78u, IpProtocols.Udp), (frame.FragmentOffset, frame.FragmentIdentification, frame.Protocol));
        Assert.Equal(s_payload, frame.IpPayload.ToArray());
    }

    [Fact]
    public void A_segment_that_the_card_will_cut_has_no_length_and_is_read_to_its_end()
    {
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(1, 2, 3, 4, TcpFlags.Ack, s_payload));
        packet[2] = packet[3] = 0;
        Frame.Parse(LinkType.Raw, packet, out Frame frame);
        Assert.Equal(s_payload, frame.Payload.ToArray());
    }

    [Fact]
    public void ARP_is_left_to_its_view()
    {
        byte[] arp = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 42, 0, 2, 0, 0, 0, 0, 0, 0, 10, 42, 0, 1];
        Frame.Parse(LinkType.Ethernet, Ethernet(PhoneMac, RouterMac, arp, EtherTypes.Arp), out Frame frame);
        Assert.Equal((ParseStatus.Ok, false, EtherTypes.Arp), (frame.Status, frame.IsIp, frame.EtherType));
        Assert.Equal(ParseStatus.Ok, Wire.Link.ArpView.Parse(frame.IpPayload, out Wire.Link.ArpView view));
        Assert.Equal((PhoneMac, Phone, Ip("10.42.0.1"), (ushort)1),
            (view.SenderMac, view.SenderAddress, view.TargetAddress, view.Operation));
        for (int length = 0; length < arp.Length; length++)
            Assert.Equal(ParseStatus.Truncated, Wire.Link.ArpView.Parse(arp.AsSpan(0, length), out _));
    }
}
