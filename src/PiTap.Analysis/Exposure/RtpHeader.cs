using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>RTP, whose header is the same with and without encryption.</summary>
internal sealed class RtpHeader() : Detector(FindingKind.RtpHeader, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.Has(AppProtocol.Rtp) ? "RTP header is readable; the media behind it may be encrypted (SRTP) or not" : null;
}
