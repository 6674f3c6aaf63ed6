namespace PiTap.Wire;

/// <summary>EtherType values (IANA "IEEE 802 Numbers") that PiTap looks into.</summary>
public static class EtherTypes
{
    /// <summary>IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;
    /// <summary>ARP (RFC 826).</summary>
    public const ushort Arp = 0x0806;
    /// <summary>Transparent Ethernet bridging (RFC 1701 appendix A): a whole Ethernet frame inside GRE or Geneve.</summary>
    public const ushort TransparentEthernet = 0x6558;
    /// <summary>VLAN customer tag (IEEE 802.1Q section 9.6).</summary>
    public const ushort Vlan = 0x8100;
    /// <summary>IPv6 (RFC 2464).</summary>
    public const ushort Ipv6 = 0x86dd;
    /// <summary>MPLS unicast (RFC 3032 section 5).</summary>
    public const ushort Mpls = 0x8847;
    /// <summary>MPLS multicast (RFC 5332).</summary>
    public const ushort MplsMulticast = 0x8848;
    /// <summary>PPPoE discovery stage (RFC 2516 section 4).</summary>
    public const ushort PppoeDiscovery = 0x8863;
    /// <summary>PPPoE session stage (RFC 2516 section 4).</summary>
    public const ushort PppoeSession = 0x8864;
    /// <summary>Tags of Realtek's switches, and protocols of theirs (Linux: net/dsa/tag_rtl8_4.c, tag_rtl4_a.c).</summary>
    public const ushort Realtek = 0x8899;
    /// <summary>Authentication on a port (IEEE 802.1X).</summary>
    public const ushort Eapol = 0x888e;
    /// <summary>VLAN service tag of QinQ (IEEE 802.1ad).</summary>
    public const ushort ServiceVlan = 0x88a8;
    /// <summary>Link layer discovery (IEEE 802.1AB).</summary>
    public const ushort Lldp = 0x88cc;
    /// <summary>Cisco's metadata with a security group tag (draft-smith-kandula-sxp section 5).</summary>
    public const ushort CiscoMetadata = 0x8909;
    /// <summary>QinQ tag of equipment older than 802.1ad.</summary>
    public const ushort OldQinQ = 0x9100;
    /// <summary>The tag of a Marvell switch, as Linux sets it up (net/dsa/tag_dsa.c).</summary>
    public const ushort MarvellTag = 0xdada;
}

/// <summary>IP protocol numbers (IANA "Protocol Numbers") that PiTap looks into.</summary>
public static class IpProtocols
{
    /// <summary>IPv6 hop-by-hop options (RFC 8200 section 4.3).</summary>
    public const byte HopByHop = 0;
    /// <summary>ICMP (RFC 792).</summary>
    public const byte Icmp = 1;
    /// <summary>IPv4 inside IP (RFC 2003).</summary>
    public const byte Ipv4 = 4;
    /// <summary>TCP (RFC 9293).</summary>
    public const byte Tcp = 6;
    /// <summary>UDP (RFC 768).</summary>
    public const byte Udp = 17;
    /// <summary>IPv6 inside IP (RFC 4213 section 3).</summary>
    public const byte Ipv6 = 41;
    /// <summary>IPv6 routing header (RFC 8200 section 4.4).</summary>
    public const byte Routing = 43;
    /// <summary>IPv6 fragment header (RFC 8200 section 4.5).</summary>
    public const byte Fragment = 44;
    /// <summary>GRE (RFC 2784).</summary>
    public const byte Gre = 47;
    /// <summary>ESP of IPsec (RFC 4303).</summary>
    public const byte Esp = 50;
    /// <summary>IP authentication header (RFC 4302).</summary>
    public const byte Authentication = 51;
    /// <summary>ICMPv6 (RFC 4443).</summary>
    public const byte Icmp6 = 58;
    /// <summary>IPv6: nothing follows (RFC 8200 section 4.7).</summary>
    public const byte NoNextHeader = 59;
    /// <summary>IPv6 destination options (RFC 8200 section 4.6).</summary>
    public const byte DestinationOptions = 60;
    /// <summary>IPv6 mobility header (RFC 6275).</summary>
    public const byte Mobility = 135;
    /// <summary>IPv6 shim6 (RFC 5533).</summary>
    public const byte Shim6 = 140;
}
