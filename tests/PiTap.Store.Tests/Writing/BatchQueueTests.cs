using PiTap.Model;

namespace PiTap.Store.Tests;

public sealed class BatchQueueTests
{
    private static RecordBatch Flows(long first, int count) => new() { Flows = [.. Enumerable.Range(0, count).Select(i => Samples.Flow(first + i))] };

    [Fact]
    public void A_live_run_never_waits_and_loses_nothing_while_there_is_room()
    {
        BatchQueue queue = new();
        for (int i = 0; i < 200; i++)
            queue.Add(Flows(i * 10, 10) with { Minutes = [new MinuteRecord(i, "", 1, 1, 1, 1)] }, mayWait: false);
        Assert.Equal(200 - BatchQueue.MaxBatches, queue.Joined);
        BatchQueue.Work work = queue.Take(TimeSpan.Zero);
        Assert.Equal(BatchQueue.MaxBatches, work.Batches.Count);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(static i => (long)i), work.Batches.SelectMany(static b => b.Flows).Select(static f => f.Sequence));
        Assert.Equal(200, work.Batches.Sum(static b => b.Minutes.Count));
        Assert.Equal(0, queue.LostRows);
    }

    [Fact]
    public void What_finds_no_room_is_counted()
    {
        BatchQueue queue = new();
        for (int i = 0; i < 4; i++)
            queue.Add(Flows(i * 50_000L, 50_000), mayWait: false);
        long kept = queue.Take(TimeSpan.Zero).Batches.Sum(static b => (long)b.Flows.Count);
        Assert.Equal(200_000, kept + queue.LostRows);
        Assert.InRange(kept, BatchQueue.MaxRows, 2 * BatchQueue.MaxRows);
    }

    [Fact]
    public async Task A_replay_waits_until_the_writer_has_taken_what_is_there()
    {
        BatchQueue queue = new();
        for (int i = 0; i < BatchQueue.MaxBatches; i++)
            queue.Add(Flows(i, 1), mayWait: true);
        Task adding = Task.Run(() => queue.Add(Flows(1_000, 1), mayWait: true), TestContext.Current.CancellationToken);
        await Task.WhenAny(adding, Task.Delay(100, TestContext.Current.CancellationToken));
        Assert.False(adding.IsCompleted);
        Assert.Equal(BatchQueue.MaxBatches, queue.Take(TimeSpan.Zero).Batches.Count);
        await adding;
        Assert.Equal(0, queue.Joined);
    }

    [Fact]
    public void A_flush_that_takes_too_long_says_so()
    {
        BatchQueue queue = new();
        queue.Add(Flows(1, 1), mayWait: false);
        Assert.False(queue.Flush(TimeSpan.FromMilliseconds(20)));
        queue.MarkSafe(queue.Take(TimeSpan.Zero).UpTo);
        Assert.True(queue.Flush(TimeSpan.Zero));
    }

    [Fact]
    public void Nothing_is_taken_after_the_end()
    {
        BatchQueue queue = new();
        queue.Close();
        Assert.Throws<ObjectDisposedException>(() => queue.Add(Flows(1, 1), mayWait: true));
        Assert.True(queue.Take(TimeSpan.Zero).IsLast);
    }

    [Fact]
    public void Records_beyond_the_bound_in_memory_are_counted_by_kind()
    {
        PendingRecords pending = new();
        pending.BeginRun(1, isLive: true);
        for (int i = 0; i < 2; i++)
            pending.Add(new RecordBatch { Flows = [.. Enumerable.Range(1, RowIntake<FlowRecord>.MaxWaiting + 5).Select(n => Samples.Flow(n))] });
        Assert.Equal([new LossCounter("store-flows-lost", 10)], pending.AllLosses(0));
        pending.Clear();
        pending.Add(Flows(1_000_000, 5));
        Assert.Equal([new LossCounter("store-flows-lost", 10), new LossCounter("store-rows-lost", 7)], pending.AllLosses(7));
    }
}
