using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>The two sides agreed on a cipher suite that does not encrypt.</summary>
internal sealed class NullCipher() : Detector(FindingKind.NullCipher, Verdict.Readable)
{
    protected override string? Explain(FlowFacts facts, byte protocol) =>
        facts.HasNullCipher ? "handshake that chose a cipher suite without encryption" : null;
}
