using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;

namespace PiTap.Analysis.Exposure;

/// <summary>Neither TCP nor UDP, nor anything else that is looked into.</summary>
internal sealed class ForeignProtocol() : Detector(FindingKind.ForeignProtocol, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        protocol is IpProtocols.Tcp or IpProtocols.Udp ? null : "a protocol that is not looked into";
}
