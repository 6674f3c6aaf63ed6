using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>QUIC of which the handshake was not seen.</summary>
internal sealed class QuicWithoutHandshake() : Detector(FindingKind.QuicWithoutHandshake, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.Has(AppProtocol.Quic) ? "QUIC packets without their handshake" + facts.CutNote : null;
}
