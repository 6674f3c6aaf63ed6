using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Streams;

namespace PiTap.Analysis.Search;

/// <summary>Lets a searcher see what flows carry, within budgets of its own: bytes a flow, and memory in all.</summary>
internal sealed class PayloadSearch(IPayloadSearcher searcher, Losses losses)
{
    /// <summary>Memory for segments that are put in order for the searcher alone, and for what is kept of each flow.</summary>
    public MemoryAccount Budget { get; } = new(Limits.SearchHeldBytes);

    /// <summary>Lets the searcher see a flow; null if it has seen enough of it, or, counted, if the memory for that is used up.</summary>
    public SearchTap? Open(Flow flow)
    {
        if (flow.SearchedBytes >= Limits.SearchBytesPerFlow)
            return null;
        var tap = new SearchTap(searcher, Budget, losses);
        if (tap.TryOpen())
            return tap;
        losses.Count(Losses.SearchFlowsSkipped);
        return null;
    }
}
