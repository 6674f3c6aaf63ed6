using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Link;
using PiTap.Wire.Network;
using PiTap.Wire.Network.Tunnels;
using PiTap.Wire.Transport;

namespace PiTap.Fuzz.Targets;

/// <summary>Frames: the first byte chooses the link type, the rest is the frame.</summary>
internal sealed class FrameTarget : IFuzzTarget
{
    private static readonly LinkType[] s_links =
    [
        LinkType.Ethernet, LinkType.Raw, LinkType.LinuxSll, LinkType.LinuxSll2, LinkType.Null, LinkType.Loop, LinkType.Ppp,
        LinkType.PppHdlc, LinkType.RawIpV4, LinkType.RawIpV6, LinkType.RawBsd, LinkType.RawOpenBsd, LinkType.NfLog, LinkType.PktAp,
        LinkType.Ieee80211Radiotap, LinkType.Ieee80211, LinkType.Ppi, LinkType.PppEther, LinkType.PppPppd, LinkType.PppWithDirection,
        LinkType.DsaTagBrcm, LinkType.DsaTagBrcmPrepend, LinkType.DsaTagDsa, LinkType.DsaTagEdsa,
        LinkType.Ieee80211Prism, LinkType.Ieee80211Avs,
    ];

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        LinkType link = s_links[data[0] % s_links.Length];
        ReadOnlySpan<byte> bytes = data[1..];
        Frame.Parse(link, bytes, out Frame frame);
        Property.IsInside(frame.IpPayload, bytes);
        Property.IsInside(frame.Payload, bytes);
        Property.IsInside(CapturingApp.NameOf(link, bytes), bytes);
        Property.Holds(frame.Status != ParseStatus.NotParsed, "a frame without an outcome");
        Property.Holds(frame.IsIp || !frame.HasTransport, "transport without IP");
        FrameReject reject = FrameReject.Explain(link, bytes);
        bool isExplained = (reject.Layer, reject.Status) == (frame.Layer, frame.Status) && reject.Reason.Claim != RejectClaim.None;
        Property.Holds(frame.Status == ParseStatus.Ok ? reject == default : isExplained, "a reject without its reason");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] ipv4 = Packets.Ip(Packets.Phone, Packets.Server, 6, Packets.Tcp(40_000, 443, 1, 2, TcpFlags.Syn, [1, 2, 3]));
        byte[] ipv6 = Packets.Ip(Packets.Phone6, Packets.Server6, 17, Packets.Udp(40_000, 53, [1, 2, 3]));
        yield return [0, .. Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, ipv4)];
        yield return [0, .. Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, Packets.Vlan(7, EtherTypes.Ipv6, ipv6), 0x8100)];
        yield return [0,
            .. Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac,
                Packets.Ipv6(Packets.Phone6, Packets.Server6, 44, Packets.Ipv6Fragment(17, 1, 0, true, new byte[16])))];
        yield return [1, .. ipv4];
        yield return [2, 0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0, .. ipv4];
        yield return [3, 0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, .. ipv6];
        yield return [4, 2, 0, 0, 0, .. ipv4];
        yield return [6, 0xff, 3, 0, 0x21, .. ipv4];
        byte[] ethernet = Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, ipv4);
        yield return [0, .. ipv6];
        yield return [0, .. Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, (byte[])[1, 1, 0, 1, 0, 7, 8, 0, .. ipv4],
            EtherTypes.CiscoMetadata)];
        yield return [0, .. CaptureHeaders.WithApp(ipv4, "Example"u8)];
        yield return [12, .. CaptureHeaders.NfLog(ipv4, 2, Packets.PhoneMac)];
        yield return [13, .. CaptureHeaders.PktAp(ethernet, 1)];
        yield return [14, .. WifiBytes.Radiotap(WifiBytes.Data(Packets.PhoneMac, Packets.RouterMac, WifiBytes.ToSystem,
            WifiBytes.Snap(ipv6), qos: 0), 0x10, true, 1)];
        yield return [16, .. WifiBytes.Ppi(ethernet, 1)];
        yield return [24, .. WifiBytes.Prism(WifiBytes.Data(Packets.PhoneMac, Packets.RouterMac, WifiBytes.ToSystem,
            WifiBytes.Snap(ipv6), qos: 0))];
        yield return [25, .. WifiBytes.Avs(WifiBytes.Data(Packets.PhoneMac, Packets.RouterMac, WifiBytes.ToSystem,
            WifiBytes.Snap(ipv6), qos: 0))];
        yield return [20, .. CaptureHeaders.Tagged(ethernet, 0, 0, 0, 2)];
        yield return [23, .. CaptureHeaders.Tagged(ethernet, 0xda, 0xda, 0, 0, 0xc0, 8, 0, 0)];
    }
}

/// <summary>Wi-Fi frames of one capture, one after the other: each is two bytes of length and a frame behind radiotap.</summary>
internal sealed class WifiTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        WifiReceiver receiver = new();
        long nowNs = 0;
        while (data.Length >= 2)
        {
            int length = Math.Min(data[0] << 8 | data[1], data.Length - 2);
            ReadOnlySpan<byte> frame = data.Slice(2, length);
            data = data[(2 + length)..];
            WifiOutcome outcome = receiver.Receive(LinkType.Ieee80211Radiotap, frame, length, nowNs += 1_000_000, out WifiPackets packets);
            int found = 0;
            while (packets.TryTake(out LinkView packet))
            {
                found += packet.Payload.Length;
                Property.Holds(packet.Payload.Length <= Math.Max(length, WifiReceiver.MaxPacketBytes), "a packet longer than its frames");
                Frame.Parse(packet, out Frame read);
                FrameReject reject = FrameReject.Explain(packet, 0);
                Property.Holds((read.Status == ParseStatus.Ok) == (reject == default), "a reject without its reason");
            }
            Property.Holds(outcome != WifiOutcome.Packets || found <= Math.Max(length, WifiReceiver.MaxPacketBytes),
                "more than the frames hold");
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] body = WifiBytes.Snap(Packets.Ip(Packets.Phone, Packets.Server, 17, Packets.Udp(40_000, 53, [1, 2, 3])));
        byte[] Of(byte flags, ReadOnlySpan<byte> part, int fragment = 0, int qos = -1) => DnsBytes.Vector16(
            WifiBytes.Radiotap(WifiBytes.Data(Packets.PhoneMac, Packets.RouterMac, (byte)(flags | WifiBytes.ToSystem), part, 1, fragment,
                qos)));
        yield return [.. Of(0, body), .. Of(WifiBytes.Retry, body)];
        yield return [.. Of(WifiBytes.MoreFragments, body.AsSpan(..20)), .. Of(0, body.AsSpan(20..), 1)];
        yield return Of(0, [.. WifiBytes.Part(Packets.PhoneMac, Packets.RouterMac, body),
            .. WifiBytes.Part(Packets.RouterMac, Packets.PhoneMac, body, true)], qos: 0x80);
    }
}

/// <summary>Fragments of one capture: each is two bytes of length and an IP packet.</summary>
internal sealed class FragmentTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        FragmentReassembler reassembler = new();
        long nowNs = 0;
        while (data.Length >= 2)
        {
            int length = Math.Min(data[0] << 8 | data[1], data.Length - 2);
            Frame.Parse(LinkType.Raw, data.Slice(2, length), out Frame frame);
            data = data[(2 + length)..];
            nowNs += PacketTime.NanosecondsPerSecond;
            if (!frame.IsFragment)
                continue;
            reassembler.Add(frame, nowNs, out _, out ReadOnlySpan<byte> payload);
            Property.Holds(payload.Length <= FragmentReassembler.MaxDatagramBytes, "a datagram longer than IP allows");
            reassembler.TryExpire(nowNs, out _);
        }
        int left = 0;
        while (reassembler.TryTakeOldest(out _))
            left++;
        Property.Holds(left <= FragmentReassembler.MaxDatagrams, "more datagrams than the cap");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] datagram = Packets.Udp(40_000, 53, new byte[32]);
        byte[] first = Packets.Ipv4(Packets.Phone, Packets.Server, 17, datagram.AsSpan(0, 16), 1, 0, more: true);
        byte[] last = Packets.Ipv4(Packets.Phone, Packets.Server, 17, datagram.AsSpan(16), 1, 16);
        yield return [.. DnsBytes.Vector16(first), .. DnsBytes.Vector16(last)];
        byte[] first6 = Packets.Ipv6(Packets.Phone6, Packets.Server6, 44, Packets.Ipv6Fragment(17, 9, 0, true, datagram.AsSpan(0, 16)));
        byte[] last6 = Packets.Ipv6(Packets.Phone6, Packets.Server6, 44, Packets.Ipv6Fragment(17, 9, 16, false, datagram.AsSpan(16)));
        yield return [.. DnsBytes.Vector16(last6), .. DnsBytes.Vector16(first6), .. DnsBytes.Vector16(first)];
    }
}

/// <summary>Neighbour discovery: an ICMPv6 message.</summary>
internal sealed class NeighbourTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (NeighbourView.Parse(data, out NeighbourView view) != ParseStatus.Ok)
            return;
        Property.Holds(!view.Target.IsMulticast, "a group's address as a neighbour's");
        int place = 0, prefixes = 0;
        while (view.TryNextPrefix(ref place, out AnnouncedPrefix prefix))
        {
            Property.Holds(prefix.Length <= 128, "a prefix longer than an address");
            prefixes++;
        }
        Property.Holds(32 * prefixes <= data.Length, "more prefixes than there is room for");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        yield return NeighbourBytes.Router(options: [1, 1, 2, 0, 0, 0, 0, 1, .. NeighbourBytes.Prefix(Packets.Ip("2001:db8::"))]);
        yield return NeighbourBytes.Solicitation(Packets.Phone6, Packets.PhoneMac);
        yield return NeighbourBytes.Advertisement(Packets.Phone6, Packets.PhoneMac);
    }
}

/// <summary>Tunnels: every reader gets every input.</summary>
internal sealed class TunnelTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        Check(TunnelView.ParseGtpU(data, out TunnelView view), view, data);
        Check(TunnelView.ParseVxlan(data, out view), view, data);
        Check(TunnelView.ParseGeneve(data, out view), view, data);
        Check(TunnelView.ParseGre(data, out view), view, data);
        Check(TunnelView.ParseTeredo(data, out view), view, data);
        Check(TunnelView.ParseTzsp(data, out view), view, data);
    }

    private static void Check(ParseStatus status, TunnelView view, ReadOnlySpan<byte> data)
    {
        Property.Holds(status == ParseStatus.Ok != view.Inner.IsEmpty, "inner bytes exactly where a tunnel was seen");
        Property.IsInside(view.Inner, data);
        bool isKnown = view.InnerLink is LinkType.Ethernet or LinkType.Raw or LinkType.Ieee80211;
        Property.Holds(status != ParseStatus.Ok || isKnown, "another link type");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] ipv4 = Packets.Ip(Packets.Phone, Packets.Server, 17, Packets.Udp(40_000, 53, [1]));
        byte[] teredo = Packets.Ip(Packets.Ip("2001:0:4136:e378:8000:63bf:3fff:fdd2"), Packets.Server6, 17, Packets.Udp(40_000, 53, [1]));
        byte[] frame = Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, ipv4);
        yield return TunnelBytes.GtpU(ipv4, 0x85, 1, 0x10, 9, 0);
        yield return TunnelBytes.Vxlan(frame);
        yield return TunnelBytes.Vxlan(ipv4, 0x0c, 1);
        yield return TunnelBytes.Geneve(frame, EtherTypes.TransparentEthernet);
        yield return TunnelBytes.Gre(TunnelBytes.Erspan2(frame), 0x88be, 0x10);
        yield return TunnelBytes.Gre(TunnelBytes.Erspan3(frame, hasSubheader: true), 0x22eb, 0x10);
        yield return TunnelBytes.Gre(ipv4, EtherTypes.Ipv4, 0xb0);
        yield return TunnelBytes.TeredoAuthentication(TunnelBytes.TeredoOrigin(teredo));
        yield return TunnelBytes.Tzsp(frame, fields: [10, 1, 7, 0, 40, 2, 1, 2]);
    }
}
