using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Other;

namespace PiTap.Analysis.Exposure;

/// <summary>What is left to say if nothing was found: it holds for every flow.</summary>
internal sealed class NothingTelling() : Detector(FindingKind.NothingTelling, Verdict.Opaque)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.HasPayload ? "no handshake and no plain text seen" + facts.CutNote + Evenness(facts) : "no payload seen";

    /// <summary>
    /// What the spread of the bytes adds, set against what random bytes of that length reach. It never makes a verdict: compressed bytes
    /// are as even as encrypted ones.
    /// </summary>
    private static string Evenness(FlowFacts facts) => facts.Evenness switch
    {
        < ByteEntropy.UnevenBelow => "; the bytes are not even enough to be encrypted throughout",
        >= ByteEntropy.EvenFrom => "; the bytes are spread as evenly as encrypted or compressed ones",
        _ => "",
    };
}
