using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>
/// Looks for one kind of finding in what is known of a flow. It knows no other detector: <see cref="FindingRanks"/> decides between them.
/// </summary>
internal abstract class Detector(FindingKind kind, Verdict verdict)
{
    /// <summary>How much its finding counts.</summary>
    public int Rank { get; } = FindingRanks.Of(kind);

    /// <summary>The finding; null if there is none.</summary>
    /// <param name="facts">What is known of the flow.</param>
    /// <param name="protocol">IP protocol number.</param>
    public Finding? Detect(FlowFacts facts, byte protocol) =>
        Explain(facts, protocol) is string reason ? new Finding(kind, Rank, verdict, reason) : null;

    /// <summary>Says why in a sentence; null if there is nothing to find.</summary>
    protected abstract string? Explain(FlowFacts facts, byte protocol);
}
