using PiTap.Model;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Kit;

internal static class Queues
{
    /// <summary>As a replay adds a batch, which may wait, or as a live run does.</summary>
    public static void Add(this BatchQueue queue, RecordBatch batch, bool mayWait) =>
        queue.Add(batch, mayWait ? Timeout.InfiniteTimeSpan : TimeSpan.Zero);
}
