using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>Plain text in a flow of no known protocol.</summary>
internal sealed class PlainText() : Detector(FindingKind.PlainText, Verdict.Readable)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.ReadableReason.Length > 0 ? facts.ReadableReason : null;
}
