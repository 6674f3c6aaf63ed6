namespace PiTap.Model;

/// <summary>
/// The protocol that a flow was seen to speak. Values are stored: never renumber, only append. The highest is 63: sets of protocols are the
/// bits of a <see cref="ulong"/>, in memory and in the store (<see cref="ContactRecord.AppProtos"/>).
/// </summary>
public enum AppProtocol : byte
{
    /// <summary>None was recognised.</summary>
    Unknown = 0,
    /// <summary>TLS over TCP (RFC 8446, RFC 5246).</summary>
    Tls = 1,
    /// <summary>IETF QUIC (RFC 9000).</summary>
    Quic = 2,
    /// <summary>Google's QUIC before the IETF's, Q043 to Q050.</summary>
    Gquic = 3,
    /// <summary>DNS (RFC 1035).</summary>
    Dns = 4,
    /// <summary>Multicast DNS (RFC 6762).</summary>
    Mdns = 5,
    /// <summary>Link-local multicast name resolution (RFC 4795).</summary>
    Llmnr = 6,
    /// <summary>DHCP for IPv4 (RFC 2131).</summary>
    Dhcp = 7,
    /// <summary>DHCP for IPv6 (RFC 8415).</summary>
    Dhcp6 = 8,
    /// <summary>HTTP/1 in the clear (RFC 9112).</summary>
    Http = 9,
    /// <summary>HTTP/2 in the clear (RFC 9113).</summary>
    Http2 = 10,
    /// <summary>STUN and TURN (RFC 8489, RFC 8656).</summary>
    Stun = 11,
    /// <summary>DTLS (RFC 6347, RFC 9147).</summary>
    Dtls = 12,
    /// <summary>RTP (RFC 3550), SRTP included: the header is the same.</summary>
    Rtp = 13,
    /// <summary>RTCP (RFC 3550 section 6).</summary>
    Rtcp = 14,
    /// <summary>Agora's SD-RTN.</summary>
    SdRtn = 15,
    /// <summary>NTP (RFC 5905).</summary>
    Ntp = 16,
    /// <summary>ICMP (RFC 792).</summary>
    Icmp = 17,
    /// <summary>ICMPv6 (RFC 4443).</summary>
    Icmp6 = 18,
    /// <summary>SSH (RFC 4253).</summary>
    Ssh = 19,
    /// <summary>Simple service discovery of UPnP.</summary>
    Ssdp = 20,
    /// <summary>NetBIOS name service (RFC 1002).</summary>
    Nbns = 21,
    /// <summary>WireGuard.</summary>
    WireGuard = 22,
    /// <summary>A tunnel whose inner packets are looked into: GTP-U, VXLAN, GRE, IP in IP.</summary>
    Tunnel = 23,
    /// <summary>SOCKS 4 or 5 (RFC 1928).</summary>
    Socks = 24,
    /// <summary>SIP (RFC 3261), which sets up calls.</summary>
    Sip = 25,
    /// <summary>IKE, which sets up IPsec (RFC 7296; RFC 2408 before).</summary>
    Ike = 26,
    /// <summary>ESP, the encrypted packets of IPsec (RFC 4303), alone or in UDP (RFC 3948).</summary>
    Esp = 27,
}

/// <summary>
/// How a flow's host name is known; how far each source is trusted is in <see cref="NameTrust"/>. Values are stored: never renumber, only
/// append.
/// </summary>
public enum HostSource : byte
{
    /// <summary>The name is not known.</summary>
    None = 0,
    /// <summary>Server name indication in a TLS or DTLS ClientHello (RFC 6066 section 3).</summary>
    TlsSni = 1,
    /// <summary>Server name in a QUIC Initial, or the SNI tag of a gQUIC hello.</summary>
    QuicSni = 2,
    /// <summary>Host header or absolute target of an HTTP request.</summary>
    HttpHost = 3,
    /// <summary>SNI tag of an Agora SD-RTN hello.</summary>
    SdRtn = 4,
    /// <summary>A name in the server's certificate, seen below TLS 1.3.</summary>
    Certificate = 5,
    /// <summary>A DNS answer that this very client got before.</summary>
    Dns = 6,
    /// <summary>A name announced by multicast DNS.</summary>
    Mdns = 7,
    /// <summary>
    /// The outer name of a real Encrypted Client Hello (RFC 9849 section 6.1): the provider's, in place of the one that is hidden.
    /// </summary>
    EchCover = 8,
}

/// <summary>What can be said of a flow's secrecy. Values are stored: never renumber, only append.</summary>
public enum Verdict : byte
{
    /// <summary>Neither a handshake nor readable content was seen: it could be either.</summary>
    Opaque = 0,
    /// <summary>A handshake of an encrypting protocol was seen.</summary>
    Encrypted = 1,
    /// <summary>The content can be read by anyone on the path.</summary>
    Readable = 2,
}

/// <summary>What a ClientHello says of Encrypted Client Hello. Values are stored: never renumber, only append.</summary>
public enum EchState : byte
{
    /// <summary>No such extension.</summary>
    None = 0,
    /// <summary>The extension is there and nothing shows that it is more than GREASE: browsers send it to every server.</summary>
    Grease = 1,
    /// <summary>The extension is there and the outer name is a known public name: the true name is hidden.</summary>
    Real = 2,
}

/// <summary>Which end of a flow its device is. Values are stored: never renumber, only append.</summary>
public enum DeviceSide : byte
{
    /// <summary>Not kept.</summary>
    Unknown = 0,
    /// <summary>The device opened it.</summary>
    Client = 1,
    /// <summary>Somebody contacted the device.</summary>
    Server = 2,
}

/// <summary>Why a flow's record ended. Values are stored: never renumber, only append.</summary>
public enum FlowEnd : byte
{
    /// <summary>It has not: the flow is open.</summary>
    Open = 0,
    /// <summary>No packet for the idle time-out.</summary>
    Idle = 1,
    /// <summary>Longer than the active time-out: it goes on in a further record.</summary>
    Active = 2,
    /// <summary>TCP was closed or reset.</summary>
    Closed = 3,
    /// <summary>The flow table was full.</summary>
    Evicted = 4,
    /// <summary>The capture ended.</summary>
    EndOfCapture = 5,
}

/// <summary>The texts of the kinds above as programs see them: stable, part of the CLI's contract.</summary>
public static class KindNames
{
    private static readonly string[] s_apps =
    [
        "", "tls", "quic", "gquic", "dns", "mdns", "llmnr", "dhcp", "dhcp6", "http", "http2", "stun", "dtls", "rtp", "rtcp",
        "sd-rtn", "ntp", "icmp", "icmp6", "ssh", "ssdp", "nbns", "wireguard", "tunnel", "socks", "sip",
        "ike", "esp",
    ];

    private static readonly string[] s_hostSources =
        ["", "tls-sni", "quic-sni", "http-host", "sd-rtn", "certificate", "dns", "mdns", "ech-cover"];

    private static readonly string[] s_verdicts = ["opaque", "encrypted", "readable"];

    private static readonly string[] s_ends = ["open", "idle", "active", "closed", "evicted", "end-of-capture"];

    /// <summary>For example <c>sd-rtn</c>; null for an unknown protocol.</summary>
    public static string? Text(this AppProtocol app) => app == AppProtocol.Unknown ? null : s_apps[(int)app];

    /// <summary>The names of protocols given as bits (<see cref="ContactRecord.AppProtos"/>), in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names(ulong apps)
    {
        if (apps == 0)
            return [];
        List<string> names = [];
        for (int app = 1; app < s_apps.Length; app++)
        {
            if ((apps >> app & 1) != 0)
                names.Add(s_apps[app]);
        }
        return names;
    }

    /// <summary>For example <c>tls-sni</c>; null for none.</summary>
    public static string? Text(this HostSource source) => source == HostSource.None ? null : s_hostSources[(int)source];

    /// <summary>For example <c>encrypted</c>.</summary>
    public static string Text(this Verdict verdict) => s_verdicts[(int)verdict];

    /// <summary><c>grease</c> or <c>real</c>; null if the extension is absent.</summary>
    public static string? Text(this EchState state) => state switch { EchState.None => null, EchState.Grease => "grease", _ => "real" };

    /// <summary><c>client</c> or <c>server</c>; null if it was not kept.</summary>
    public static string? Text(this DeviceSide side) =>
        side switch { DeviceSide.Client => "client", DeviceSide.Server => "server", _ => null };

    /// <summary>For example <c>end-of-capture</c>.</summary>
    public static string Text(this FlowEnd end) => s_ends[(int)end];

    /// <summary>
    /// The name of an IP protocol number: <c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmp6</c>, or <c>ip</c> and the number.
    /// </summary>
    public static string ProtocolText(byte number) => number switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "icmp6",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ip{number}"),
    };
}
