using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>HTTP requests in the clear inside a tunnel, beside handshakes of other flows in it.</summary>
internal sealed class TunnelledRequest() : Detector(FindingKind.TunnelledRequest, Verdict.Readable)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.HasHandshake && facts.Has(AppProtocol.Tunnel) && facts.Requests is not null
            ? ReadableProtocol.HttpReason(facts) + " inside a readable tunnel"
            : null;
}
