using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Network.Tunnels;

/// <summary>
/// What a tunnel's packet carries: where the inner packet begins, and what it is. Each reader is strict enough to leave other traffic
/// alone.
/// <code>
///  VXLAN                           Geneve                            GRE
///  0  flags                        0  version (2 bits), length (6)   0  checksum, routing, key, sequence, 4 zeros
///  1  group policy: flags          1  control, critical, zeros       1  zeros (5 bits), version (3)
///  2  its number                   2  EtherType                      2  EtherType
///  3  next protocol                4  network, 3 bytes               4  checksum and zeros, key, sequence: 4 bytes
///  4  network, 3 bytes             7  zero                              each, if its flag is set
///  7  zero                         8  options
///
///  Teredo: in front of the IPv6 packet, each if it is there
///  0  00 01, length of client ID, length of its authentication, both, nonce (8 bytes), confirmation
///  0  00 00, port, address: the origin
/// </code>
/// </summary>
public readonly ref partial struct TunnelView
{
    private const int EthernetSourceOffset = 6;
    private const int EthernetHeaderLength = 14;
    private const int Ipv4HeaderLength = 20;
    private const int Ipv6PayloadLengthOffset = 4;
    private const int Ipv6SourceOffset = 8;
    private const int Ipv6DestinationOffset = 24;
    private const int Ipv6HeaderLength = 40;

    private TunnelView(LinkType link, ReadOnlySpan<byte> inner)
    {
        InnerLink = link;
        Inner = inner;
    }

    /// <summary>
    /// What the inner packet begins with: Ethernet, or IP of the version that its first nibble tells (<see cref="LinkType.Raw"/>).
    /// </summary>
    public LinkType InnerLink { get; }

    /// <summary>The inner packet, as far as it was captured.</summary>
    public ReadOnlySpan<byte> Inner { get; }

    /// <summary>True for a copy of a frame that passed elsewhere, sent here to be looked at.</summary>
    public bool IsMirror { get; private init; }

    /// <summary>
    /// GTP-U (3GPP TS 29.281 section 5.1), the payload of UDP port 2152. Signalling is <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseGtpU(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        ParseStatus status = GtpUHeader.Skip(payload, out ReadOnlySpan<byte> inner);
        return status == ParseStatus.Ok ? OfIp(inner, out view) : status;
    }

    /// <summary>
    /// VXLAN (RFC 7348 section 5), the payload of UDP port 4789; Linux's default for long was 8472. Its two extensions are read too: group
    /// policy, and the generic form, which names what it carries (draft-ietf-nvo3-vxlan-gpe section 3).
    /// </summary>
    public static ParseStatus ParseVxlan(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int FlagsOffset = 0, GroupFlagsOffset = 1, GroupOffset = 2, NextProtocolOffset = 3, ReservedOffset = 7, HeaderLength = 8;
        const byte HasIdentifier = 0x08;
        const byte HasNextProtocol = 0x04;
        const byte HasGroupPolicy = 0x80;
        const byte NextEthernet = 3;
        view = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        if ((payload[FlagsOffset] & HasIdentifier) == 0)
            return ParseStatus.Malformed;
        bool hasPolicy = (payload[FlagsOffset] & HasGroupPolicy) != 0;
        bool hasNext = (payload[FlagsOffset] & HasNextProtocol) != 0;
        ReadOnlySpan<byte> inner = payload[HeaderLength..];
        // Section 5: what is reserved is zero when it is sent and ignored when it is received. Group policy and next protocol exclude one
        // another, and without them their bytes are reserved.
        bool isUsual = (payload[FlagsOffset] & ~(HasGroupPolicy | HasNextProtocol)) == HasIdentifier
            && payload[ReservedOffset] == 0
            && !(hasPolicy && hasNext)
            && (hasPolicy || (payload[GroupFlagsOffset] | payload[GroupOffset]) == 0)
            && (hasPolicy || hasNext || payload[NextProtocolOffset] == 0);
        if (!isUsual)
            return OfLikelyEthernet(inner, out view);
        if (!hasNext || payload[NextProtocolOffset] == NextEthernet)
            return OfEthernet(inner, out view);
        return payload[NextProtocolOffset] is 1 or 2 ? OfIp(inner, out view) : ParseStatus.Unsupported;
    }

    /// <summary>
    /// Geneve (RFC 8926 section 3.4), the payload of UDP port 6081. Control messages are <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseGeneve(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int LengthOffset = 0, ControlOffset = 1, ProtocolOffset = 2, ReservedOffset = 7, HeaderLength = 8;
        const byte IsControl = 0x80;
        view = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (payload[LengthOffset] >> 6 != 0)
            return ParseStatus.Malformed;
        if ((payload[ControlOffset] & IsControl) != 0)
            return ParseStatus.Unsupported;
        int headerLength = HeaderLength + 4 * (payload[LengthOffset] & 0x3f);
        if (payload.Length < headerLength)
            return ParseStatus.Truncated;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(payload[ProtocolOffset..]);
        // Six bits and a byte are reserved: zero when they are sent, ignored when they are received.
        bool isUsual = (payload[ControlOffset] & 0x3f) == 0 && payload[ReservedOffset] == 0;
        return isUsual || type != EtherTypes.TransparentEthernet
            ? OfEtherType(type, payload[headerLength..], out view)
            : OfLikelyEthernet(payload[headerLength..], out view);
    }

    /// <summary>
    /// Teredo (RFC 4380 section 5.1.1), the payload of UDP port 3544: IPv6 behind indications of authentication and origin. Trailers (RFC
    /// 6081 section 4) are left out.
    /// </summary>
    public static ParseStatus ParseTeredo(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int KindOffset = 1, ClientIdLengthOffset = 2, ValueLengthOffset = 3, AuthenticationLength = 13;
        const int OriginLength = 8;
        view = default;
        if (payload.Length >= 4 && payload[0] == 0 && payload[KindOffset] == 1)
        {
            int length = AuthenticationLength + payload[ClientIdLengthOffset] + payload[ValueLengthOffset];
            if (payload.Length < length)
                return ParseStatus.Truncated;
            payload = payload[length..];
        }
        if (!payload.IsEmpty && payload[0] == 0)
        {
            if (payload.Length < OriginLength)
                return ParseStatus.Truncated;
            if (payload[KindOffset] == 0)
                payload = payload[OriginLength..];
        }
        if (!payload.IsEmpty && payload[0] >> 4 != 6)
            return ParseStatus.Malformed;
        if (payload.Length < Ipv6HeaderLength)
            return ParseStatus.Truncated;
        // One end is a Teredo client, but for the solicitation of its first address (sections 2.6 and 5.2.1).
        if (!IsTeredo(payload[Ipv6SourceOffset..]) && !IsTeredo(payload[Ipv6DestinationOffset..]))
            return ParseStatus.Malformed;
        int packetLength = Ipv6HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(payload[Ipv6PayloadLengthOffset..]);
        return OfIp(payload[..Math.Min(payload.Length, packetLength)], out view);
    }

    /// <summary>2001::/32 (section 2.6), the prefix before it had a number, 3ffe:831f::/32, and link-local addresses.</summary>
    private static bool IsTeredo(ReadOnlySpan<byte> address) =>
        BinaryPrimitives.ReadUInt32BigEndian(address) is 0x2001_0000 or 0x3ffe_831f or 0xfe80_0000;

    private static ParseStatus OfEtherType(ushort type, ReadOnlySpan<byte> inner, out TunnelView view)
    {
        view = default;
        return type switch
        {
            EtherTypes.Ipv4 or EtherTypes.Ipv6 => OfIp(inner, out view),
            EtherTypes.TransparentEthernet => OfEthernet(inner, out view),
            _ => ParseStatus.Unsupported,
        };
    }

    private static ParseStatus OfEthernet(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        view = default;
        if (inner.Length < EthernetHeaderLength)
            return ParseStatus.Truncated;
        // No sender has a group address (IEEE 802-2014 section 8.2.2).
        if ((inner[EthernetSourceOffset] & 1) != 0)
            return ParseStatus.Malformed;
        view = new TunnelView(LinkType.Ethernet, inner);
        return ParseStatus.Ok;
    }

    /// <summary>Where nothing else shows what it is: an Ethernet frame that holds IP, ARP or a tag.</summary>
    private static ParseStatus OfLikelyEthernet(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        const int TypeOffset = 12;
        ParseStatus status = OfEthernet(inner, out view);
        if (status != ParseStatus.Ok)
            return status;
        ReadOnlySpan<byte> rest = inner[EthernetHeaderLength..];
        if (rest.IsEmpty)
        {
            view = default;
            return ParseStatus.Truncated;
        }
        bool isLikely = BinaryPrimitives.ReadUInt16BigEndian(inner[TypeOffset..]) switch
        {
            EtherTypes.Ipv4 => rest[0] >> 4 == 4,
            EtherTypes.Ipv6 => rest[0] >> 4 == 6,
            EtherTypes.Arp or EtherTypes.Vlan or EtherTypes.ServiceVlan => true,
            _ => false,
        };
        if (isLikely)
            return ParseStatus.Ok;
        view = default;
        return ParseStatus.Malformed;
    }

    private static ParseStatus OfIp(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        view = default;
        if (inner.IsEmpty)
            return ParseStatus.Truncated;
        int headerLength;
        switch (inner[0] >> 4)
        {
            case 4 when (inner[0] & 0x0f) >= 5:
                headerLength = Ipv4HeaderLength;
                break;
            case 6:
                headerLength = Ipv6HeaderLength;
                break;
            default:
                return ParseStatus.Malformed;
        }
        if (inner.Length < headerLength)
            return ParseStatus.Truncated;
        view = new TunnelView(LinkType.Raw, inner);
        return ParseStatus.Ok;
    }
}
