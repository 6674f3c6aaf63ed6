using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>
/// Whether a flow can be read, and why. A handshake of an encrypting protocol makes it <c>encrypted</c>, content of a known readable kind
/// or plain text makes it <c>readable</c>, and everything else stays <c>opaque</c>: what merely looks random may be encrypted or
/// compressed. Never a word on end-to-end encryption: the network does not show it.
/// </summary>
internal static class VerdictRules
{
    private const string Contradiction = "; other bytes came under the same sequence numbers, so one of the two may be a decoy";

    /// <summary>In any order: the ranks decide.</summary>
    private static readonly Detector[] s_detectors =
    [
        new NullCipher(), new Handshake(), new TunnelledRequest(), new ReadableProtocol(), new Icmp(), new PlainText(), new EspPackets(),
        new RtpHeader(), new RtcpHeader(), new QuicWithoutHandshake(), new TlsWithoutHandshake(), new ForeignProtocol(),
        new NothingTelling(),
    ];

    private static readonly Detector[] s_strongestFirst = [.. s_detectors.OrderByDescending(static detector => detector.Rank)];

    /// <summary>The finding of the highest rank: the first one found is it, and the sentences of the others need not be made.</summary>
    public static (Verdict Verdict, string Reason) Judge(FlowFacts facts, byte protocol)
    {
        foreach (Detector detector in s_strongestFirst)
        {
            if (detector.Detect(facts, protocol) is Finding finding)
                return (finding.Verdict, facts.IsContradicted ? finding.Reason + Contradiction : finding.Reason);
        }
        return (Verdict.Opaque, "");
    }
}
