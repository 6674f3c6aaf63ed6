using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>RTCP, whose first eight bytes are the same with and without encryption.</summary>
internal sealed class RtcpHeader() : Detector(FindingKind.RtcpHeader, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.Has(AppProtocol.Rtcp) ? "RTCP header is readable; what follows it may be encrypted (SRTCP) or not" : null;
}
