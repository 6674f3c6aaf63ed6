namespace PiTap.Wire;

/// <summary>What asks for more bytes than there are, or says something that cannot be. The names are part of what a store keeps.</summary>
public enum RejectClaim : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A link type that is not known.</summary>
    LinkType,
    /// <summary>Addresses and EtherType of Ethernet: 14 bytes.</summary>
    EthernetHeader,
    /// <summary>The header of a Linux cooked capture: 16 bytes.</summary>
    LinuxSllHeader,
    /// <summary>The header of a Linux cooked capture of version 2: 20 bytes.</summary>
    LinuxSll2Header,
    /// <summary>The address family of BSD loopback: 4 bytes.</summary>
    LoopbackHeader,
    /// <summary>The protocol of PPP: 2 bytes.</summary>
    PppHeader,
    /// <summary>The first byte of an IP packet without a link layer.</summary>
    RawIp,
    /// <summary>An 802.1Q or QinQ tag: 4 bytes.</summary>
    VlanTag,
    /// <summary>PPPoE and the protocol of PPP: 8 bytes.</summary>
    PppoeHeader,
    /// <summary>An MPLS label and the first byte behind it: 5 bytes.</summary>
    MplsLabel,
    /// <summary>Cisco's metadata and the EtherType behind it: 8 bytes.</summary>
    CiscoMetadata,
    /// <summary>A switch's tag, and what must be there with it.</summary>
    SwitchTag,
    /// <summary>The header of a packet that Linux's firewall logged: 4 bytes.</summary>
    NfLogHeader,
    /// <summary>Apple's PKTAP header: 108 bytes or what it says.</summary>
    PktApHeader,
    /// <summary>The header of per-packet information: 8 bytes or what it says.</summary>
    PpiHeader,
    /// <summary>A Prism header: 144 bytes.</summary>
    PrismHeader,
    /// <summary>An AVS header: 8 bytes or what it says.</summary>
    AvsHeader,
    /// <summary>A radiotap header: 8 bytes or what it says.</summary>
    RadiotapHeader,
    /// <summary>Radiotap's version.</summary>
    RadiotapVersion,
    /// <summary>An IEEE 802.11 header: 2 to 36 bytes.</summary>
    WifiHeader,
    /// <summary>The version of an IEEE 802.11 frame.</summary>
    WifiVersion,
    /// <summary>More tags or labels than are looked at.</summary>
    TagCount,
    /// <summary>The fixed part of an IPv4 header: 20 bytes.</summary>
    Ipv4Header,
    /// <summary>IPv4's version.</summary>
    Ipv4Version,
    /// <summary>IPv4's header length.</summary>
    Ipv4HeaderLength,
    /// <summary>IPv4's total length.</summary>
    Ipv4TotalLength,
    /// <summary>An IPv6 header: 40 bytes.</summary>
    Ipv6Header,
    /// <summary>IPv6's version.</summary>
    Ipv6Version,
    /// <summary>IPv6's payload length.</summary>
    Ipv6PayloadLength,
    /// <summary>The first two bytes of an extension header.</summary>
    ExtensionHeader,
    /// <summary>An extension header's length.</summary>
    ExtensionLength,
    /// <summary>IPv6's fragment header: 8 bytes.</summary>
    FragmentHeader,
    /// <summary>More extension headers than are looked at.</summary>
    ExtensionCount,
    /// <summary>The fixed part of a TCP header: 20 bytes.</summary>
    TcpHeader,
    /// <summary>TCP's data offset.</summary>
    TcpDataOffset,
    /// <summary>A UDP header: 8 bytes.</summary>
    UdpHeader,
}

/// <summary>Why bytes were rejected. It is worked out only for what was rejected, after the parse: a good packet pays nothing.</summary>
/// <param name="Claim">Who asks for, or says, too much or too little.</param>
/// <param name="Offset">Where the claim stands, from the first byte captured.</param>
/// <param name="Required">For <see cref="ParseStatus.Truncated"/> the bytes that the claim asks for; for
/// <see cref="ParseStatus.Malformed"/> the least value that could be right.</param>
/// <param name="Available">For <see cref="ParseStatus.Truncated"/> the bytes that there are; for <see cref="ParseStatus.Malformed"/> the
/// value found.</param>
/// <param name="Bound">The length that ends what is available; <see cref="RejectClaim.None"/> for the end of the capture.</param>
public readonly record struct RejectReason(RejectClaim Claim, int Offset, int Required, int Available, RejectClaim Bound = RejectClaim.None)
{
    /// <summary>The same, told from further outside.</summary>
    internal RejectReason At(int offset, RejectClaim bound) => this with { Offset = Offset + offset, Bound = bound };
}
