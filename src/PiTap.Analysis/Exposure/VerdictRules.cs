using System.Globalization;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Other;

namespace PiTap.Analysis.Exposure;

/// <summary>
/// Whether a flow can be read, and why. A handshake of an encrypting protocol makes it <c>encrypted</c>, content of a known readable kind or plain text
/// makes it <c>readable</c>, and everything else stays <c>opaque</c>: what merely looks random may be encrypted or compressed. Never a word on end-to-end encryption:
/// the network does not show it.
/// </summary>
internal static class VerdictRules
{
    public static (Verdict Verdict, string Reason) Judge(FlowFacts facts, byte protocol)
    {
        if (facts.HasNullCipher)
            return (Verdict.Readable, "handshake that chose a cipher suite without encryption");
        // A handshake inside a tunnel speaks for one of the flows in it only.
        if (facts.HasHandshake && facts.Has(AppProtocol.Tunnel) && facts.Requests is not null)
            return (Verdict.Readable, HttpReason(facts) + " inside a readable tunnel");
        if (facts.HasHandshake)
            return (Verdict.Encrypted, HandshakeReason(facts));
        string? known = ReadableProtocol(facts);
        if (known is not null)
            return (Verdict.Readable, known);
        if (protocol is IpProtocols.Icmp or IpProtocols.Icmp6)
            return (Verdict.Readable, "ICMP is never encrypted");
        if (facts.ReadableReason.Length > 0)
            return (Verdict.Readable, facts.ReadableReason);
        if (facts.Has(AppProtocol.Rtp))
            return (Verdict.Opaque, "RTP header is readable; the media behind it may be encrypted (SRTP) or not");
        if (facts.Has(AppProtocol.Rtcp))
            return (Verdict.Opaque, "RTCP header is readable; what follows it may be encrypted (SRTCP) or not");
        if (facts.Has(AppProtocol.Quic))
            return (Verdict.Opaque, "QUIC packets without their handshake");
        if (facts.Has(AppProtocol.Tls))
            return (Verdict.Opaque, "TLS records without their handshake");
        if (protocol is not (IpProtocols.Tcp or IpProtocols.Udp))
            return (Verdict.Opaque, "a protocol that is not looked into");
        return (Verdict.Opaque, facts.HasPayload ? "no handshake and no plain text seen" + Evenness(facts) : "no payload seen");
    }

    /// <summary>What the spread of the bytes adds, set against what random bytes of that length reach. It never makes a verdict: compressed bytes are as even as encrypted ones.</summary>
    private static string Evenness(FlowFacts facts) => facts.Evenness switch
    {
        < ByteEntropy.UnevenBelow => "; the bytes are not even enough to be encrypted throughout",
        >= ByteEntropy.EvenFrom => "; the bytes are spread as evenly as encrypted or compressed ones",
        _ => "",
    };

    private static string HandshakeReason(FlowFacts facts)
    {
        string protocol = facts.AppProto switch
        {
            AppProtocol.Quic => "QUIC",
            AppProtocol.Gquic => "gQUIC",
            AppProtocol.Dtls => "DTLS",
            AppProtocol.Ssh => "SSH",
            AppProtocol.SdRtn => "SD-RTN",
            AppProtocol.WireGuard => "WireGuard",
            _ => facts.Has(AppProtocol.Tls) ? "TLS" : facts.Has(AppProtocol.Dtls) ? "DTLS" : "TLS",
        };
        string inside = facts.ReasonFor(AppProtocol.Socks) is string socks ? $"; {socks}"
            : facts.Has(AppProtocol.Socks) ? " behind a readable SOCKS request"
            : facts.Has(AppProtocol.Tunnel) ? " inside a readable tunnel"
            : facts.Has(AppProtocol.Http) && protocol == "TLS" ? " behind readable HTTP" : "";
        // What nearly all flows have is not put together anew for each.
        string? usual = inside.Length > 0 || !facts.HasHandshakeAnswer ? null : (protocol, facts.ChosenVersion) switch
        {
            ("TLS", "TLS 1.3") => "TLS handshake seen, TLS 1.3",
            ("TLS", "TLS 1.2") => "TLS handshake seen, TLS 1.2",
            ("QUIC", "TLS 1.3") => "QUIC handshake seen, TLS 1.3",
            _ => null,
        };
        if (usual is not null)
            return usual;
        if (!facts.HasHandshakeAnswer)
            return $"{protocol} handshake begun, no answer seen{inside}";
        return facts.ChosenVersion is null ? $"{protocol} handshake seen{inside}" : $"{protocol} handshake seen, {facts.ChosenVersion}{inside}";
    }

    private static string? ReadableProtocol(FlowFacts facts)
    {
        foreach (AppProtocol app in facts.AppProtos)
        {
            string? reason = app switch
            {
                AppProtocol.Http or AppProtocol.Http2 => HttpReason(facts),
                AppProtocol.Dns => "DNS in the clear",
                AppProtocol.Mdns => "multicast DNS in the clear",
                AppProtocol.Llmnr => "LLMNR in the clear",
                AppProtocol.Nbns => "NetBIOS names in the clear",
                AppProtocol.Dhcp or AppProtocol.Dhcp6 => "DHCP in the clear",
                AppProtocol.Ntp => "NTP in the clear",
                AppProtocol.Ssdp => "SSDP in the clear",
                AppProtocol.Stun when !facts.Has(AppProtocol.Rtp) && !IsSecuredRtcp(facts) => facts.ReasonFor(AppProtocol.Stun) ?? "STUN in the clear",
                AppProtocol.Rtcp => facts.ReasonFor(AppProtocol.Rtcp),
                AppProtocol.Tunnel => "tunnel without encryption of its own",
                AppProtocol.Socks => facts.ReasonFor(AppProtocol.Socks) ?? "SOCKS request in the clear",
                AppProtocol.Sip => "SIP in the clear: who calls whom",
                _ => null,
            };
            if (reason is not null)
                return reason;
        }
        return null;
    }

    /// <summary>SRTCP shows the first eight bytes of RTCP (RFC 3711 section 3.4): seen alone they say nothing of what else can be read.</summary>
    private static bool IsSecuredRtcp(FlowFacts facts) => facts.Has(AppProtocol.Rtcp) && facts.ReasonFor(AppProtocol.Rtcp) is null;

    private static string HttpReason(FlowFacts facts)
    {
        int requests = facts.Requests?.Count ?? 0;
        return requests switch
        {
            0 => "HTTP in the clear",
            1 => "HTTP request in the clear",
            _ => string.Create(CultureInfo.InvariantCulture, $"{requests} HTTP requests in the clear"),
        };
    }
}
