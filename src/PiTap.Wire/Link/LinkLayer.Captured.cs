using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <content>
/// What systems put before the packets that they hand over: Linux's firewall log, and Apple's PKTAP.
/// <code>
/// NFLOG (LINKTYPE_NFLOG)                                          PKTAP (LINKTYPE_PKTAP), all little endian
///  0  address family of Linux, version, number                     0  length of all of it
///  4  attributes, each at a multiple of four, in the byte order    4  1: a packet follows
///     of the machine that wrote the file: length (2 bytes, itself  8  link type of the packet
///     included), type (2 bytes), value                            12  interface, process and others
/// </code>
/// </content>
public static partial class LinkLayer
{
    private static ParseStatus ParseNfLog(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        const int HeaderLength = 4;
        const byte FamilyIpv4 = 2, FamilyIpv6 = 10;
        if (frame.Length < HeaderLength)
            return view.RejectShort(RejectClaim.NfLogHeader, HeaderLength, frame);
        ushort family = frame[0] switch { FamilyIpv4 => EtherTypes.Ipv4, FamilyIpv6 => EtherTypes.Ipv6, _ => 0 };
        ReadOnlySpan<byte> attributes = frame[HeaderLength..];
        // Whose byte order it is shows by the packet's attribute: in the wrong order it is not found.
        if (TakeAttributes(attributes, isBigEndian: false, ref view, ref family)
            || TakeAttributes(attributes, isBigEndian: true, ref view, ref family))
            return family == 0 ? ParseStatus.Ok : WalkTags(family, ref view);
        // A log may be told to leave the packet out.
        view.Payload = attributes;
        return ParseStatus.Ok;
    }

    /// <summary>True if the packet was found; its type is known by the header before it, or by an attribute in a bridge's log.</summary>
    private static bool TakeAttributes(ReadOnlySpan<byte> rest, bool isBigEndian, ref LinkView view, ref ushort etherType)
    {
        const int HeaderLength = 4, TypeMask = 0x3fff, AddressOffset = 4;
        const int PacketHeader = 1, HardwareAddress = 8, Packet = 9, HardwareType = 15, HardwareHeader = 16;
        const ushort Ethernet = 1;
        ushort type = etherType, hardware = Ethernet;
        LinkView found = default;
        bool hasPacket = false;
        // Each round takes an attribute's header at least.
        while (rest.Length >= HeaderLength)
        {
            int length = Read16(rest, isBigEndian);
            int kind = Read16(rest[sizeof(ushort)..], isBigEndian) & TypeMask;
            if (length < HeaderLength)
                break;
            ReadOnlySpan<byte> value = rest[HeaderLength..Math.Min(length, rest.Length)];
            switch (kind)
            {
                case PacketHeader when value.Length >= sizeof(ushort) && type == 0:
                    type = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
                case HardwareAddress when value.Length >= AddressOffset + MacLength && Read16(value, isBigEndian: true) == MacLength:
                    found.Source = MacAddress.Read(value[AddressOffset..]);
                    break;
                case HardwareType when value.Length >= sizeof(ushort):
                    hardware = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
                case HardwareHeader when value.Length >= EthernetHeaderLength && hardware == Ethernet:
                    found.Destination = MacAddress.Read(value);
                    found.Source = MacAddress.Read(value[MacLength..]);
                    break;
                case Packet:
                    found.Payload = value;
                    hasPacket = true;
                    break;
            }
            rest = rest[Math.Min(length + 3 & ~3, rest.Length)..];
        }
        if (!hasPacket)
            return false;
        view = found;
        etherType = type;
        return true;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static ParseStatus ParsePktAp(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        const int TypeOffset = 4, LinkOffset = 8, HeaderLength = 108;
        const uint PacketFollows = 1;
        if (frame.Length < HeaderLength)
            return view.RejectShort(RejectClaim.PktApHeader, HeaderLength, frame);
        view.Payload = frame;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        if (length is < HeaderLength or > ushort.MaxValue)
            return view.Reject(RejectClaim.PktApHeader, ParseStatus.Malformed, HeaderLength, (int)Math.Min(length, ushort.MaxValue));
        if (length > (uint)frame.Length)
            return view.RejectShort(RejectClaim.PktApHeader, (int)length, frame);
        view.Payload = frame[(int)length..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[TypeOffset..]) != PacketFollows)
            return ParseStatus.Ok;
        uint inner = BinaryPrimitives.ReadUInt32LittleEndian(frame[LinkOffset..]);
        LinkType link = inner > ushort.MaxValue ? (LinkType)ushort.MaxValue : (LinkType)inner;
        return link is LinkType.Ieee80211 or LinkType.Ieee80211Radiotap
            ? ParseWifi(link, view.Payload, ref view)
            : ParseNetworkLink(link, view.Payload, ref view);
    }
}
