using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>Takes records for a summary alone: nothing is stored. Bounded as the live state is.</summary>
/// <param name="who">Says who a contact is.</param>
internal sealed class SummarySink(Func<ContactRecord, ContactRecord> who) : IRecordSink
{
    private readonly LiveFold _fold = new(who);

    public void Write(RecordBatch batch) => _fold.Fold(batch, 0);

    /// <summary>What was found so far.</summary>
    public LiveState State() => _fold.ToState(0);
}
