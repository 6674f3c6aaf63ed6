using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>TLS of which the handshake was not seen.</summary>
internal sealed class TlsWithoutHandshake() : Detector(FindingKind.TlsWithoutHandshake, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.Has(AppProtocol.Tls) ? "TLS records without their handshake" + facts.CutNote : null;
}
