namespace PiTap.Model;

/// <summary>Link-layer header type of a capture (the LINKTYPE_ values of the pcap and pcapng file formats).</summary>
public enum LinkType : ushort
{
    /// <summary>BSD loopback: address family in the capturing host's byte order.</summary>
    Null = 0,
    /// <summary>Ethernet.</summary>
    Ethernet = 1,
    /// <summary>PPP, with or without HDLC-like framing (RFC 1662).</summary>
    Ppp = 9,
    /// <summary>Raw IP as some BSDs write it: DLT_RAW on Linux.</summary>
    RawBsd = 12,
    /// <summary>Raw IP as OpenBSD writes it.</summary>
    RawOpenBsd = 14,
    /// <summary>PPP in HDLC-like framing (RFC 1662).</summary>
    PppHdlc = 50,
    /// <summary>PPPoE (RFC 2516), without the Ethernet header.</summary>
    PppEther = 51,
    /// <summary>Raw IPv4 or IPv6: the first nibble tells.</summary>
    Raw = 101,
    /// <summary>Wi-Fi: IEEE 802.11 frames.</summary>
    Ieee80211 = 105,
    /// <summary>OpenBSD loopback: address family in network order.</summary>
    Loop = 108,
    /// <summary>Linux cooked capture, version 1.</summary>
    LinuxSll = 113,
    /// <summary>Wi-Fi in monitor mode: IEEE 802.11 frames behind a Prism header, or an AVS header in its place.</summary>
    Ieee80211Prism = 119,
    /// <summary>Wi-Fi in monitor mode: IEEE 802.11 frames behind a radiotap header.</summary>
    Ieee80211Radiotap = 127,
    /// <summary>Wi-Fi in monitor mode: IEEE 802.11 frames behind an AVS header.</summary>
    Ieee80211Avs = 163,
    /// <summary>PPP as pppd writes it: the first byte is the direction.</summary>
    PppPppd = 166,
    /// <summary>Per-packet information, which names the link type of what it stands before: Wi-Fi mostly.</summary>
    Ppi = 192,
    /// <summary>PPP behind a byte that is the direction.</summary>
    PppWithDirection = 204,
    /// <summary>Raw IPv4.</summary>
    RawIpV4 = 228,
    /// <summary>Raw IPv6.</summary>
    RawIpV6 = 229,
    /// <summary>Packets that Linux's firewall logged: what Android and OpenWrt capture with.</summary>
    NfLog = 239,
    /// <summary>Apple's PKTAP, which names the link type of what it stands before: iPhones and Macs.</summary>
    PktAp = 258,
    /// <summary>Linux cooked capture, version 2.</summary>
    LinuxSll2 = 276,
    /// <summary>Ethernet with the tag of a Broadcom switch behind the addresses.</summary>
    DsaTagBrcm = 281,
    /// <summary>Ethernet with the tag of a Broadcom switch before the addresses.</summary>
    DsaTagBrcmPrepend = 282,
    /// <summary>Ethernet with the tag of a Marvell switch behind the addresses.</summary>
    DsaTagDsa = 284,
    /// <summary>Ethernet with an EtherType of its own for the tag of a Marvell switch.</summary>
    DsaTagEdsa = 285,
}

/// <summary>What link types are, in words.</summary>
public static class LinkTypes
{
    // LINKTYPE_USER0 to LINKTYPE_USER15: whoever writes such a file knows what is in it.
    private const ushort FirstPrivate = 147;
    private const ushort LastPrivate = 162;

    private static readonly Dictionary<ushort, string> s_words = new()
    {
        [0] = "BSD loopback",
        [1] = "Ethernet",
        [3] = "AX.25 packet radio",
        [6] = "Token Ring",
        [7] = "ARCNET",
        [8] = "SLIP",
        [9] = "PPP",
        [10] = "FDDI",
        [12] = "raw IP",
        [14] = "raw IP",
        [50] = "PPP over a serial line",
        [51] = "PPPoE",
        [99] = "Symantec's firewall",
        [100] = "ATM",
        [101] = "raw IP",
        [104] = "Cisco HDLC",
        [105] = "Wi-Fi",
        [107] = "Frame Relay",
        [108] = "OpenBSD loopback",
        [113] = "Linux cooked",
        [114] = "LocalTalk",
        [117] = "OpenBSD's firewall log",
        [119] = "Wi-Fi in monitor mode with a Prism header",
        [122] = "IP over Fibre Channel",
        [123] = "ATM on SunOS",
        [127] = "Wi-Fi in monitor mode",
        [129] = "ARCNET on Linux",
        [138] = "IP over FireWire",
        [139] = "SS7 signalling",
        [140] = "SS7 signalling",
        [141] = "SS7 signalling",
        [142] = "SS7 signalling",
        [143] = "DOCSIS of a cable modem",
        [144] = "infrared on Linux",
        [163] = "Wi-Fi in monitor mode with an AVS header",
        [165] = "BACnet",
        [166] = "PPP of pppd",
        [177] = "ISDN on Linux",
        [186] = "USB on FreeBSD",
        [187] = "Bluetooth",
        [189] = "USB on Linux",
        [190] = "CAN bus",
        [191] = "IEEE 802.15.4, as ZigBee uses it",
        [192] = "Wi-Fi or other frames with per-packet information",
        [195] = "IEEE 802.15.4, as ZigBee uses it",
        [196] = "SITA's aviation network",
        [197] = "Endace's ERF",
        [201] = "Bluetooth",
        [203] = "LAPD of ISDN",
        [204] = "PPP with its direction",
        [209] = "IPMB of server boards",
        [212] = "LIN bus",
        [215] = "IEEE 802.15.4, as ZigBee uses it",
        [220] = "USB on Linux",
        [224] = "Fibre Channel",
        [227] = "CAN bus",
        [228] = "raw IPv4",
        [229] = "raw IPv6",
        [230] = "IEEE 802.15.4, as ZigBee uses it",
        [231] = "D-Bus messages",
        [235] = "digital television",
        [239] = "Linux's firewall log (NFLOG)",
        [240] = "Hilscher's netANALYZER",
        [243] = "an MPEG transport stream",
        [245] = "NFC",
        [247] = "InfiniBand",
        [248] = "SCTP without IP",
        [249] = "USB on Windows",
        [251] = "Bluetooth Low Energy",
        [252] = "Wireshark's exported protocols",
        [253] = "Linux's netlink messages",
        [254] = "Bluetooth",
        [255] = "Bluetooth",
        [256] = "Bluetooth Low Energy with radio details",
        [258] = "Apple's PKTAP",
        [259] = "Ethernet with a passive optical network's header",
        [266] = "USB on macOS",
        [270] = "ISO 14443 contactless cards",
        [272] = "Bluetooth Low Energy of Nordic's sniffer",
        [276] = "Linux cooked",
        [278] = "OpenVizsla's USB",
        [281] = "Ethernet with a Broadcom switch's tag",
        [282] = "Ethernet with a Broadcom switch's tag",
        [283] = "IEEE 802.15.4, as ZigBee uses it",
        [284] = "Ethernet with a Marvell switch's tag",
        [285] = "Ethernet with a Marvell switch's tag",
        [288] = "USB 2.0",
        [293] = "USB 2.0",
        [294] = "USB 2.0",
        [295] = "USB 2.0",
    };

    /// <summary>True if PiTap reads packets of this type.</summary>
    public static bool IsRead(LinkType link) => Enum.IsDefined(link);

    /// <summary>For example <c>USB on Linux</c>; null for a type without a common name.</summary>
    public static string? Words(LinkType link) =>
        (ushort)link is >= FirstPrivate and <= LastPrivate ? "a private format" : s_words.GetValueOrDefault((ushort)link);

    /// <summary>For example <c>220 (USB on Linux)</c>, or <c>5000</c> for a type without a common name.</summary>
    public static string Text(LinkType link) => Words(link) is string words
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(ushort)link} ({words})")
        : ((ushort)link).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
