using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;

namespace PiTap.Analysis.Exposure;

/// <summary>ICMP: its messages are in the clear.</summary>
internal sealed class Icmp() : Detector(FindingKind.Icmp, Verdict.Readable)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        protocol is IpProtocols.Icmp or IpProtocols.Icmp6 ? "ICMP is never encrypted" : null;
}
