using System.Globalization;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>A protocol that does not encrypt; the first one that was recognised and shows something.</summary>
internal sealed class ReadableProtocol() : Detector(FindingKind.ReadableProtocol, Verdict.Readable)
{
    /// <summary>How many requests can be read.</summary>
    public static string HttpReason(FlowFacts facts)
    {
        int requests = facts.Requests?.Count ?? 0;
        return requests switch
        {
            0 => "HTTP in the clear",
            1 => "HTTP request in the clear",
            _ => string.Create(CultureInfo.InvariantCulture, $"{requests} HTTP requests in the clear"),
        };
    }

    protected override string? Explain(FlowFacts facts, byte protocol)
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
                AppProtocol.Stun => MayBeMedia(facts) ? null : facts.ReasonFor(AppProtocol.Stun) ?? "STUN in the clear",
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

    /// <summary>
    /// STUN prepares media, and says nothing of whether they are encrypted. SRTCP shows the first eight bytes of RTCP (RFC 3711 section
    /// 3.4): seen alone they say nothing of what else can be read.
    /// </summary>
    private static bool MayBeMedia(FlowFacts facts) =>
        facts.Has(AppProtocol.Rtp) || (facts.Has(AppProtocol.Rtcp) && facts.ReasonFor(AppProtocol.Rtcp) is null);
}
