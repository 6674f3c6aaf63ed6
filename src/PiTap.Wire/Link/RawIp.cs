using System.Buffers.Binary;

namespace PiTap.Wire.Link;

/// <summary>
/// Tells IP without a link layer from Ethernet where a file says Ethernet and is wrong (captures by Apple's rvictl). Each packet is judged
/// by itself, so that a forged one speaks for no other; lengths must be exact, and Ethernet must make no sense.
/// </summary>
internal static class RawIp
{
    /// <summary>Version 4 and a header without options. As the first byte of an Ethernet receiver it would be a group.</summary>
    public const byte FirstOfIpv4 = 0x45;

    private const int EthernetTypeOffset = 12;
    private const int EthernetHeaderLength = 14;
    private const int Ipv4HeaderLength = 20;
    private const int Ipv4ProtocolOffset = 9;
    private const int Ipv4ChecksumOffset = 10;
    private const int Ipv6HeaderLength = 40;
    private const int Ipv6PayloadLengthOffset = 4;
    private const int Ipv6NextHeaderOffset = 6;
    private const int Ipv6HopLimitOffset = 7;
    private const int Ipv6SourceOffset = 8;
    private const int UdpLengthOffset = 4;
    private const int TcpDataOffset = 12;

    /// <summary>True if the frame is an IP packet beyond doubt.</summary>
    public static bool IsCertain(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Ipv4HeaderLength)
            return false;
        return frame[0] == FirstOfIpv4 ? IsIpv4(frame) : IsIpv6(frame) && !IsEthernet(frame);
    }

    /// <summary>
    /// The checksum decides, also where the packet was cut. Without one, which senders leave to the card, the length must be exact and
    /// Ethernet make no sense.
    /// </summary>
    private static bool IsIpv4(ReadOnlySpan<byte> frame)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(frame[2..]);
        if (length < frame.Length || HoldsPacket(frame))
            return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[Ipv4ChecksumOffset..]) == 0)
            return length == frame.Length && IsTransport(frame[Ipv4ProtocolOffset], frame[Ipv4HeaderLength..]) && !IsEthernet(frame);
        uint sum = 0;
        for (int i = 0; i < Ipv4HeaderLength; i += sizeof(ushort))
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame[i..]);
        return (sum & ushort.MaxValue) + (sum >> 16) == ushort.MaxValue;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> frame)
    {
        const byte Multicast = 0xff;
        if (frame.Length < Ipv6HeaderLength
            || BinaryPrimitives.ReadUInt16BigEndian(frame[Ipv6PayloadLengthOffset..]) != frame.Length - Ipv6HeaderLength
            || frame[Ipv6HopLimitOffset] == 0
            || frame[Ipv6SourceOffset] == Multicast)
            return false;
        ReadOnlySpan<byte> rest = frame[Ipv6HeaderLength..];
        byte next = frame[Ipv6NextHeaderOffset];
        // Hop-by-hop options, of eight bytes in all, come with multicast listeners (RFC 2710 section 3); a first fragment has its ports.
        if (next is IpProtocols.HopByHop or IpProtocols.Fragment && rest.Length > 8 && rest[1] == 0)
            return IsTransportNumber(rest[0]);
        return IsTransport(next, rest);
    }

    private static bool IsTransportNumber(byte protocol) => protocol is IpProtocols.Tcp or IpProtocols.Udp or IpProtocols.Icmp6;

    private static bool IsTransport(byte protocol, ReadOnlySpan<byte> rest) => protocol switch
    {
        IpProtocols.Tcp => rest.Length >= 20 && (rest[TcpDataOffset] >> 4) * 4 is int length && length >= 20 && length <= rest.Length,
        IpProtocols.Udp => rest.Length >= 8 && BinaryPrimitives.ReadUInt16BigEndian(rest[UdpLengthOffset..]) == rest.Length,
        IpProtocols.Icmp or IpProtocols.Icmp6 => rest.Length >= 4,
        _ => false,
    };

    /// <summary>True if the bytes make sense as Ethernet: an EtherType that is in use, or the length of IEEE 802.3.</summary>
    private static bool IsEthernet(ReadOnlySpan<byte> frame)
    {
        const ushort Loopback = 0x9000, MacSecurity = 0x88e5, PrecisionTime = 0x88f7, HomePlug = 0x88e1, IeeeLocal = 0x88b5;
        const int LlcLength = 3, PaddedLength = 46;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(frame[EthernetTypeOffset..]);
        int rest = frame.Length - EthernetHeaderLength;
        return type switch
        {
            EtherTypes.Ipv4 or EtherTypes.Ipv6 or EtherTypes.Arp => HoldsPacket(frame),
            EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldQinQ or EtherTypes.Mpls or EtherTypes.MplsMulticast => true,
            EtherTypes.PppoeSession or EtherTypes.PppoeDiscovery or EtherTypes.Eapol or EtherTypes.Lldp => true,
            EtherTypes.CiscoMetadata or EtherTypes.Realtek or EtherTypes.MarvellTag => true,
            Loopback or MacSecurity or PrecisionTime or HomePlug or IeeeLocal => true,
            _ => type == rest || (type >= LlcLength && type < rest && rest == PaddedLength),
        };
    }

    /// <summary>True if the EtherType says IP or ARP and what is there is no other.</summary>
    private static bool HoldsPacket(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[EthernetTypeOffset..]) switch
    {
        EtherTypes.Ipv4 => frame[EthernetHeaderLength] >> 4 == 4,
        EtherTypes.Ipv6 => frame[EthernetHeaderLength] >> 4 == 6,
        EtherTypes.Arp => BinaryPrimitives.ReadUInt16BigEndian(frame[EthernetHeaderLength..]) == 1,
        _ => false,
    };
}
