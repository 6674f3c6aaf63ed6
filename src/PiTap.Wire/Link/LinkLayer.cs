using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>What lies between the start of a captured frame and its network layer.</summary>
public ref struct LinkView
{
    /// <summary>Sender; none if the link has no addresses.</summary>
    public MacAddress Source { get; internal set; }

    /// <summary>Receiver; none if the link has no addresses, or, in cooked captures, does not tell.</summary>
    public MacAddress Destination { get; internal set; }

    /// <summary>
    /// True for what the capturing machine sent, false for what came to it or past it; null where the link layer does not tell.
    /// </summary>
    public bool? IsOutgoing { get; internal set; }

    /// <summary>EtherType of what follows; 0 if it is none of the known kinds.</summary>
    public ushort EtherType { get; internal set; }

    /// <summary>What follows the link layer and all its tags.</summary>
    public ReadOnlySpan<byte> Payload { get; internal set; }

    /// <summary>Of a rejected frame: who asked for more bytes than <see cref="Payload"/> has, or said what cannot be.</summary>
    internal RejectClaim Claim { get; private set; }

    /// <summary>Of a rejected frame: how many bytes were asked for, or the least value that could be right.</summary>
    internal ushort Required { get; private set; }

    /// <summary>Of a rejected frame that is not merely short: the value found.</summary>
    internal ushort Found { get; private set; }

    internal ParseStatus RejectShort(RejectClaim claim, int required, ReadOnlySpan<byte> rest)
    {
        Claim = claim;
        Required = (ushort)required;
        Payload = rest;
        return ParseStatus.Truncated;
    }

    internal ParseStatus Reject(RejectClaim claim, ParseStatus status, int required = 0, int found = 0)
    {
        Claim = claim;
        Required = (ushort)required;
        Found = (ushort)found;
        return status;
    }
}

/// <summary>
/// Takes off the link layer: Ethernet with 802.1Q and QinQ tags, Cisco's metadata, switch tags, MPLS labels and PPPoE, LLC/SNAP, Linux
/// cooked captures, BSD loopback, PPP and raw IP; Wi-Fi; and what some captures put before a packet.
/// <code>
/// Ethernet (IEEE 802.3)     cooked (LINKTYPE_LINUX_SLL)    cooked 2 (LINKTYPE_LINUX_SLL2)
///  0  destination, 6 bytes   0  packet type                 0  EtherType
///  6  source, 6 bytes        2  device type                 2  reserved
/// 12  EtherType, or length   4  length of the address       4  interface, 4 bytes
///                            6  address, 8 bytes            8  device type
/// VLAN tag (802.1Q)         14  EtherType                  10  packet type
///  0  priority, number                                     11  length of the address
///  2  EtherType behind      MPLS (RFC 3032 section 2.1)    12  address, 8 bytes
///                            0  label (20 bits), class (3), bottom (1), time to live (8)
/// </code>
/// </summary>
public static partial class LinkLayer
{
    /// <summary>Tags and labels on one frame; deeper stacks are refused.</summary>
    public const int MaxTags = 8;

    private const int EthernetTypeOffset = 12;
    private const int EthernetHeaderLength = 14;
    private const int SllAddressLengthOffset = 4;
    private const int SllAddressOffset = 6;
    private const int SllTypeOffset = 14;
    private const int SllHeaderLength = 16;
    private const int Sll2AddressLengthOffset = 11;
    private const int Sll2AddressOffset = 12;
    private const int Sll2HeaderLength = 20;
    private const int Sll2PacketTypeOffset = 10;

    /// <summary>Packet type of cooked captures: sent by the machine that captures (PACKET_OUTGOING of packet(7)).</summary>
    private const int Outgoing = 4;
    private const int LoopbackHeaderLength = 4;
    private const int VlanTagLength = 4;
    private const int MplsBottomOffset = 2;
    private const int MplsLabelLength = 4;
    private const int MacLength = 6;

    /// <summary>From 1536 on the field is an EtherType, below 1501 a length (IEEE 802.3 section 3.2.6).</summary>
    private const ushort FirstEtherType = 0x600;

    /// <summary>Reads the link layer of a frame. <see cref="ParseStatus.Unsupported"/> for an unknown link type.</summary>
    public static ParseStatus Parse(LinkType link, ReadOnlySpan<byte> frame, out LinkView view)
    {
        view = default;
        return link == LinkType.Ethernet ? ParseEthernet(frame, ref view) : ParseOther(link, frame, ref view);
    }

    private static ParseStatus ParseOther(LinkType link, ReadOnlySpan<byte> frame, ref LinkView view) => link switch
    {
        LinkType.NfLog => ParseNfLog(frame, ref view),
        LinkType.PktAp => ParsePktAp(frame, ref view),
        LinkType.Ppi => ParsePpi(frame, ref view),
        LinkType.Ieee80211 or LinkType.Ieee80211Radiotap or LinkType.Ieee80211Prism or LinkType.Ieee80211Avs =>
            ParseWifi(link, frame, ref view),
        _ => ParseNetworkLink(link, frame, ref view),
    };

    /// <summary>The link types that a header of a capture may announce: none of them announces another one.</summary>
    private static ParseStatus ParseNetworkLink(LinkType link, ReadOnlySpan<byte> frame, ref LinkView view)
    {
        switch (link)
        {
            case LinkType.Ethernet:
                return ParseEthernet(frame, ref view);
            case LinkType.LinuxSll:
                return ParseSll(frame, ref view);
            case LinkType.LinuxSll2:
                return ParseSll2(frame, ref view);
            case LinkType.Null:
            case LinkType.Loop:
                return ParseLoopback(frame, ref view);
            case LinkType.Ppp:
            case LinkType.PppHdlc:
                return ParsePpp(frame, ref view);
            case LinkType.PppEther:
                return ParsePppoe(frame, ref view);
            case LinkType.PppPppd:
            case LinkType.PppWithDirection:
                return ParseDirectedPpp(frame, ref view);
            case LinkType.DsaTagBrcm:
            case LinkType.DsaTagDsa:
                return ParseSwitched(frame, SwitchTagLength, ref view);
            case LinkType.DsaTagEdsa:
                return ParseSwitched(frame, EtherTypeTagLength, ref view);
            case LinkType.DsaTagBrcmPrepend:
                return ParsePrepended(frame, ref view);
            case LinkType.Raw:
            case LinkType.RawBsd:
            case LinkType.RawOpenBsd:
            case LinkType.RawIpV4:
            case LinkType.RawIpV6:
                return ParseRaw(frame, ref view);
            default:
                view.Payload = frame;
                return view.Reject(RejectClaim.LinkType, ParseStatus.Unsupported, found: (ushort)link);
        }
    }

    private static ParseStatus ParseEthernet(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < EthernetHeaderLength)
            return view.RejectShort(RejectClaim.EthernetHeader, EthernetHeaderLength, frame);
        if ((frame[0] is RawIp.FirstOfIpv4 || frame[0] >> 4 == 6) && RawIp.IsCertain(frame))
            return ParseRaw(frame, ref view);
        view.Destination = MacAddress.Read(frame);
        view.Source = MacAddress.Read(frame[MacLength..]);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[EthernetTypeOffset..]);
        view.Payload = frame[EthernetHeaderLength..];
        if (type is EtherTypes.Ipv4 or EtherTypes.Ipv6)
        {
            view.EtherType = type;
            return ParseStatus.Ok;
        }
        return WalkTags(type, ref view);
    }

    private static ParseStatus WalkTags(ushort type, ref LinkView view)
    {
        for (int tags = 0; tags < MaxTags; tags++)
        {
            switch (type)
            {
                case EtherTypes.Vlan:
                case EtherTypes.ServiceVlan:
                case EtherTypes.OldQinQ:
                    if (!TryTakeTag(VlanTagLength, RejectClaim.VlanTag, ref view, ref type))
                        return ParseStatus.Truncated;
                    continue;
                case EtherTypes.CiscoMetadata:
                    if (!TryTakeTag(EtherTypeTagLength, RejectClaim.CiscoMetadata, ref view, ref type))
                        return ParseStatus.Truncated;
                    continue;
                case EtherTypes.MarvellTag when IsMarvellTag(view.Payload):
                case EtherTypes.Realtek when RealtekTagLength(view.Payload) > 0:
                    int length = type == EtherTypes.Realtek ? RealtekTagLength(view.Payload) : EtherTypeTagLength;
                    if (!TryTakeTag(length, RejectClaim.SwitchTag, ref view, ref type))
                        return ParseStatus.Truncated;
                    continue;
                case EtherTypes.PppoeSession:
                    return ParsePppoe(view.Payload, ref view);
                case EtherTypes.Mpls:
                case EtherTypes.MplsMulticast:
                    return ParseMpls(ref view);
                case < FirstEtherType:
                    return ParseLlc(ref view);
                default:
                    view.EtherType = type;
                    return ParseStatus.Ok;
            }
        }
        return view.Reject(RejectClaim.TagCount, ParseStatus.Malformed);
    }

    /// <summary>Takes a tag off that ends with the EtherType of what is behind it.</summary>
    private static bool TryTakeTag(int length, RejectClaim claim, ref LinkView view, ref ushort type)
    {
        if (view.Payload.Length < length)
        {
            view.RejectShort(claim, length, view.Payload);
            return false;
        }
        type = BinaryPrimitives.ReadUInt16BigEndian(view.Payload[(length - sizeof(ushort))..]);
        view.Payload = view.Payload[length..];
        return true;
    }

    /// <summary>
    /// RFC 3032 section 2.1: 20 bits of label, 3 of class, the bottom bit, 8 of life. What follows is told by its first nibble only.
    /// </summary>
    private static ParseStatus ParseMpls(ref LinkView view)
    {
        for (int labels = 0; labels < MaxTags; labels++)
        {
            if (view.Payload.Length < MplsLabelLength + 1)
                return view.RejectShort(RejectClaim.MplsLabel, MplsLabelLength + 1, view.Payload);
            bool isBottom = (view.Payload[MplsBottomOffset] & 1) != 0;
            view.Payload = view.Payload[MplsLabelLength..];
            if (isBottom)
                return ParseRaw(view.Payload, ref view);
        }
        return view.Reject(RejectClaim.TagCount, ParseStatus.Malformed);
    }

    /// <summary>IEEE 802.2 with SNAP (RFC 1042): AA AA 03, a zero organisation, then an EtherType. Other LLC is left alone.</summary>
    private static ParseStatus ParseLlc(ref LinkView view)
    {
        ReadOnlySpan<byte> payload = view.Payload;
        if (IsSnap(payload))
        {
            view.EtherType = BinaryPrimitives.ReadUInt16BigEndian(payload[6..]);
            view.Payload = payload[8..];
        }
        return ParseStatus.Ok;
    }

    /// <summary>Packet type, device type, address length, address in 8 bytes, EtherType (LINKTYPE_LINUX_SLL).</summary>
    private static ParseStatus ParseSll(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < SllHeaderLength)
            return view.RejectShort(RejectClaim.LinuxSllHeader, SllHeaderLength, frame);
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[SllAddressLengthOffset..]) == MacLength)
            view.Source = MacAddress.Read(frame[SllAddressOffset..]);
        view.IsOutgoing = BinaryPrimitives.ReadUInt16BigEndian(frame) == Outgoing;
        view.Payload = frame[SllHeaderLength..];
        return WalkTags(BinaryPrimitives.ReadUInt16BigEndian(frame[SllTypeOffset..]), ref view);
    }

    /// <summary>
    /// EtherType, reserved, interface index, device type, packet type, address length, address in 8 bytes (LINKTYPE_LINUX_SLL2).
    /// </summary>
    private static ParseStatus ParseSll2(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < Sll2HeaderLength)
            return view.RejectShort(RejectClaim.LinuxSll2Header, Sll2HeaderLength, frame);
        if (frame[Sll2AddressLengthOffset] == MacLength)
            view.Source = MacAddress.Read(frame[Sll2AddressOffset..]);
        view.IsOutgoing = frame[Sll2PacketTypeOffset] == Outgoing;
        view.Payload = frame[Sll2HeaderLength..];
        return WalkTags(BinaryPrimitives.ReadUInt16BigEndian(frame), ref view);
    }

    /// <summary>
    /// Four bytes of address family in the byte order of whoever captured (LINKTYPE_NULL) or of the network (LINKTYPE_LOOP): 2 is IPv4
    /// everywhere, IPv6 has another number on each system. A family is below 256, so one order gives a small number.
    /// </summary>
    private static ParseStatus ParseLoopback(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < LoopbackHeaderLength)
            return view.RejectShort(RejectClaim.LoopbackHeader, LoopbackHeaderLength, frame);
        uint family = BinaryPrimitives.ReadUInt32BigEndian(frame);
        if (family > ushort.MaxValue)
            family = BinaryPrimitives.ReverseEndianness(family);
        view.Payload = frame[LoopbackHeaderLength..];
        view.EtherType = family switch { 2 => EtherTypes.Ipv4, 10 or 24 or 28 or 30 => EtherTypes.Ipv6, _ => 0 };
        return ParseStatus.Ok;
    }

    private static ParseStatus ParseRaw(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.IsEmpty)
            return view.RejectShort(RejectClaim.RawIp, 1, frame);
        view.Payload = frame;
        view.EtherType = (frame[0] >> 4) switch { 4 => EtherTypes.Ipv4, 6 => EtherTypes.Ipv6, _ => 0 };
        return ParseStatus.Ok;
    }
}
