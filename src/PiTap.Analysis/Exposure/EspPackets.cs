using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>ESP, of which the association was set up elsewhere or before: a packet of it is encrypted (RFC 4303 section 1).</summary>
internal sealed class EspPackets() : Detector(FindingKind.EspPackets, Verdict.Encrypted)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.Has(AppProtocol.Esp) ? "ESP packets of IPsec; how they were agreed on was not seen" + facts.CutNote : null;
}
