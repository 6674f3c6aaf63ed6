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

    /// <summary>EtherType of what follows; 0 if it is none of the known kinds.</summary>
    public ushort EtherType { get; internal set; }

    /// <summary>What follows the link layer and all its tags.</summary>
    public ReadOnlySpan<byte> Payload { get; internal set; }

    /// <summary>Of a rejected frame: who asked for more bytes than <see cref="Payload"/> has, or said what cannot be.</summary>
    internal RejectClaim Claim { get; private set; }

    /// <summary>Of a rejected frame: how many bytes were asked for.</summary>
    internal byte Required { get; private set; }

    internal ParseStatus RejectShort(RejectClaim claim, int required, ReadOnlySpan<byte> rest)
    {
        Claim = claim;
        Required = (byte)required;
        Payload = rest;
        return ParseStatus.Truncated;
    }

    internal ParseStatus Reject(RejectClaim claim, ParseStatus status)
    {
        Claim = claim;
        return status;
    }
}

/// <summary>
/// Takes off the link layer: Ethernet with 802.1Q and QinQ tags, MPLS labels and PPPoE, LLC/SNAP, Linux cooked captures, BSD loopback, PPP
/// and raw IP.
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
/// PPPoE (RFC 2516 section 4)
///  0  version (4 bits), type (4), code, session, length: 6 bytes; then PPP (RFC 1661): protocol, 1 or 2 bytes
/// </code>
/// </summary>
public static class LinkLayer
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
    private const int LoopbackHeaderLength = 4;
    private const int VlanTypeOffset = 2;
    private const int VlanTagLength = 4;
    private const int MplsBottomOffset = 2;
    private const int MplsLabelLength = 4;
    private const int PppoeHeaderLength = 6;
    private const int PppProtocolLength = 2;
    private const int MacLength = 6;

    /// <summary>From 1536 on the field is an EtherType, below 1501 a length (IEEE 802.3 section 3.2.6).</summary>
    private const ushort FirstEtherType = 0x600;

    private const ushort PppIpv4 = 0x0021;
    private const ushort PppIpv6 = 0x0057;

    /// <summary>Reads the link layer of a frame. <see cref="ParseStatus.Unsupported"/> for an unknown link type.</summary>
    public static ParseStatus Parse(LinkType link, ReadOnlySpan<byte> frame, out LinkView view)
    {
        view = default;
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
            case LinkType.Raw:
            case LinkType.RawBsd:
            case LinkType.RawOpenBsd:
            case LinkType.RawIpV4:
            case LinkType.RawIpV6:
                return ParseRaw(frame, ref view);
            default:
                view.Payload = frame;
                return view.Reject(RejectClaim.LinkType, ParseStatus.Unsupported);
        }
    }

    private static ParseStatus ParseEthernet(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < EthernetHeaderLength)
            return view.RejectShort(RejectClaim.EthernetHeader, EthernetHeaderLength, frame);
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
                    if (view.Payload.Length < VlanTagLength)
                        return view.RejectShort(RejectClaim.VlanTag, VlanTagLength, view.Payload);
                    type = BinaryPrimitives.ReadUInt16BigEndian(view.Payload[VlanTypeOffset..]);
                    view.Payload = view.Payload[VlanTagLength..];
                    continue;
                case EtherTypes.PppoeSession:
                    // RFC 2516 section 4: version and type 1, code 0, session, length; then PPP without address and control.
                    if (view.Payload.Length < PppoeHeaderLength + PppProtocolLength)
                        return view.RejectShort(RejectClaim.PppoeHeader, PppoeHeaderLength + PppProtocolLength, view.Payload);
                    view.Payload = view.Payload[PppoeHeaderLength..];
                    return ParsePpp(view.Payload, ref view);
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
        if (payload.Length >= 8 && payload[..6].SequenceEqual((ReadOnlySpan<byte>)[0xaa, 0xaa, 0x03, 0, 0, 0]))
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

    /// <summary>
    /// RFC 1662 section 3.1 with RFC 1661 section 6.5: address and control may be left out, and the protocol may be one byte.
    /// </summary>
    private static ParseStatus ParsePpp(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length >= 2 && frame[0] == 0xff && frame[1] == 0x03)
            frame = frame[2..];
        if (frame.Length < PppProtocolLength)
            return view.RejectShort(RejectClaim.PppHeader, PppProtocolLength, frame);
        ushort protocol;
        if ((frame[0] & 1) != 0)
        {
            protocol = frame[0];
            frame = frame[1..];
        }
        else
        {
            protocol = BinaryPrimitives.ReadUInt16BigEndian(frame);
            frame = frame[PppProtocolLength..];
        }
        view.Payload = frame;
        view.EtherType = protocol switch { PppIpv4 => EtherTypes.Ipv4, PppIpv6 => EtherTypes.Ipv6, _ => 0 };
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
