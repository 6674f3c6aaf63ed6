using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>Takes records for a summary alone: nothing is stored. Bounded as the live state is.</summary>
internal sealed class SummarySink : IRecordSink
{
    private readonly LiveFold _fold = new();

    public void Write(RecordBatch batch) => _fold.Fold(batch, 0);

    /// <summary>What was found so far.</summary>
    public LiveState State() => _fold.ToState(0);
}
