using System.Collections;
using System.Reflection;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

public sealed class BatchQueueTests
{
    private static RecordBatch Flows(long first, int count) =>
        new() { Flows = [.. Enumerable.Range(0, count).Select(i => Samples.Flow(first + i))] };

    [Fact]
    [Trait("cap", "Store.BatchQueue.MaxBatches")]
    public void A_live_run_never_waits_and_loses_nothing_while_there_is_room()
    {
        BatchQueue queue = new();
        for (int i = 0; i < 200; i++)
            queue.Add(Flows(i * 10, 10) with { Minutes = [new MinuteRecord(i, "", 1, 1, 1, 1)] }, mayWait: false);
        Assert.Equal(200 - BatchQueue.MaxBatches, queue.Joined);
        BatchQueue.Work work = queue.Take(TimeSpan.Zero);
        Assert.Equal(BatchQueue.MaxBatches, work.Batches.Count);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(static i => (long)i),
            work.Batches.SelectMany(static b => b.Records.Flows).Select(static f => f.Sequence));
        Assert.Equal(200, work.Batches.Sum(static b => b.Records.Minutes.Sum(static minute => minute.BytesUp)));
        Assert.Equal(0, queue.LostRows);
    }

    [Fact]
    public void A_batch_that_is_joined_keeps_each_of_its_lists()
    {
        BatchQueue queue = new();
        for (int i = 0; i < BatchQueue.MaxBatches; i++)
            queue.Add(Flows(i, 1), mayWait: false);
        RecordBatch whole = Flows(1_000, 1) with
        {
            Lookups = [Samples.Lookup(1_000)],
            Devices = [Samples.DeviceState(Samples.Device, 1, 2)],
            Contacts = [Samples.Contact("host.example", 1)],
            Minutes = [new MinuteRecord(1, "", 1, 1, 1, 1)],
            Sources = [new SourceCounters { Source = "wlan0" }],
            Losses = [new LossCounter("flows-evicted", 1)],
            Rejects =
            [
                new RejectRecord
                {
                    Layer = "link", Status = "truncated", Claim = "raw-ip", Offset = 0, Required = 1, Available = 0, Bound = "capture",
                    Source = "wlan0", Packet = 1, TimeNs = 1, Packets = 1,
                },
            ],
        };
        queue.Add(whole, mayWait: false);
        queue.Add(Flows(1_001, 1), mayWait: false);
        RecordBatch joined = queue.Take(TimeSpan.Zero).Batches[^1].Records;
        foreach (PropertyInfo list in typeof(RecordBatch).GetProperties().Where(static property => property.PropertyType != typeof(bool)))
            Assert.True(((IEnumerable)list.GetValue(joined)!).Cast<object>().Any(), list.Name);
    }

    [Fact]
    public void A_command_comes_before_what_is_handed_in_after_it_however_full_the_queue_is()
    {
        BatchQueue queue = new();
        for (int i = 0; i < BatchQueue.MaxBatches + 5; i++)
            queue.Add(Flows(i, 1), mayWait: false);
        Task<int> first = queue.InvokeAsync(static () => 1), second = queue.InvokeAsync(static () => 2);
        for (int i = 100; i < 110; i++)
            queue.Add(Flows(i, 1), mayWait: false);
        Task<int> third = queue.InvokeAsync(static () => 3);
        queue.Add(Flows(200, 1), mayWait: false);
        queue.Close();
        long[] sequences = [.. Enumerable.Range(0, BatchQueue.MaxBatches + 5).Select(static i => (long)i)];
        AssertTaken(queue, sequences, sequences.Length, isLast: false, first, second);
        AssertTaken(queue, [.. Enumerable.Range(100, 10).Select(static i => (long)i)], sequences.Length + 10, isLast: false, third);
        AssertTaken(queue, [200], sequences.Length + 11, isLast: true);
        Assert.Equal(0, queue.LostRows);
    }

    private static void AssertTaken(BatchQueue queue, long[] sequences, long upTo, bool isLast, params Task<int>[] commands)
    {
        BatchQueue.Work work = queue.Take(TimeSpan.Zero);
        Assert.Equal(sequences, work.Batches.SelectMany(static batch => batch.Records.Flows).Select(static flow => flow.Sequence));
        Assert.Equal((upTo, isLast, commands.Length), (work.UpTo, work.IsLast, work.Commands.Count));
        work.Commands.ForEach(static command => command.Run());
        Assert.All(commands, static command => Assert.True(command.IsCompletedSuccessfully));
    }

    [Fact]
    public void What_finds_no_room_is_counted()
    {
        BatchQueue queue = new();
        for (int i = 0; i < 20; i++)
            queue.Add(Flows(i * 10_000L, 10_000), mayWait: false);
        Assert.InRange(queue.PendingBytes, MemoryBudget.RecordBytes / 2, MemoryBudget.RecordBytes);
        long kept = queue.Take(TimeSpan.Zero).Batches.Sum(static b => (long)b.Records.Flows.Count);
        Assert.Equal(200_000, kept + queue.LostRows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void A_live_run_holds_no_more_bytes_than_the_budget_however_large_its_records_are(int length)
    {
        const long most = 1 << 20;
        BatchQueue queue = new(most);
        string path = new('x', length);
        for (int i = 0; i < 300; i++)
        {
            HttpRequest request = new(null, "GET", path, null, null);
            FlowRecord flow = Samples.Flow(i) with { Host = null, Http = [.. Enumerable.Repeat(request, 10)] };
            queue.Add(new RecordBatch { Flows = [flow], Contacts = [Samples.Contact("a.example", 1)] }, mayWait: false);
            Assert.InRange(queue.PendingBytes, 1, most);
        }
        RecordBatch[] taken = [.. queue.Take(TimeSpan.Zero).Batches.Select(static batch => batch.Records)];
        Assert.Equal(length > 1, queue.LostRows > 0);
        Assert.Equal(300, taken.Sum(static batch => batch.Flows.Count) + queue.LostRows);
        // The sums are whole.
        Assert.Equal(300, taken.Sum(static batch => batch.Contacts.Sum(static contact => contact.Flows)));
    }

    [Fact]
    public void What_the_writer_has_taken_counts_until_it_is_committed()
    {
        BatchQueue queue = new();
        queue.Add(Flows(0, 1_000), mayWait: false);
        long bytes = queue.PendingBytes;
        queue.Take(TimeSpan.Zero);
        Assert.Equal(bytes, queue.PendingBytes);
        queue.NoteUncommitted(bytes, uncommittedBytes: 10);
        Assert.Equal(10, queue.PendingBytes);
        queue.NoteUncommitted(0, uncommittedBytes: 0);
        Assert.Equal(0, queue.PendingBytes);
    }

    [Fact]
    public async Task A_replay_waits_for_bytes_too_and_loses_nothing()
    {
        BatchQueue queue = new();
        int batches = 0;
        while (queue.PendingBytes < MemoryBudget.ReplayQueueBytes)
            queue.Add(Flows(++batches * 1_000, 1_000), mayWait: true);
        Assert.InRange(batches, 2, BatchQueue.MaxBatches - 1);
        Task adding = Task.Run(() => queue.Add(Flows(0, 1), mayWait: true), TestContext.Current.CancellationToken);
        await Task.WhenAny(adding, Task.Delay(100, TestContext.Current.CancellationToken));
        Assert.False(adding.IsCompleted);
        Assert.Equal(batches, queue.Take(TimeSpan.Zero).Batches.Count);
        await adding;
        Assert.Equal(0, queue.LostRows);
    }

    [Fact]
    public void A_single_batch_of_a_replay_finds_its_place_however_large_it_is()
    {
        BatchQueue queue = new(maxBytes: 1 << 20);
        queue.Add(Flows(0, 10_000), mayWait: true);
        Assert.Equal(10_000, Assert.Single(queue.Take(TimeSpan.Zero).Batches).Records.Flows.Count);
    }

    [Fact]
    [Trait("cap", "Store.MemoryBudget.MaxBytes")]
    public void The_shares_of_the_budget_are_no_more_than_the_whole()
    {
        const long caches = MemoryBudget.ContactBytes + MemoryBudget.HourBytes + MemoryBudget.DeviceBytes
            + MemoryBudget.KeptDeviceBytes;
        const long live = MemoryBudget.GatheredBytes + MemoryBudget.RecordBytes + MemoryBudget.JournalBytes + caches
            + MemoryBudget.LiveLogBytes;
        const long replay = MemoryBudget.ReplayQueueBytes + MemoryBudget.CommitBytes + 2 * MemoryBudget.ChunkBytes + MemoryBudget.ReadyBytes
            + caches + MemoryBudget.ReplayLogBytes;
        Assert.InRange(live, 1, MemoryBudget.MaxBytes);
        Assert.InRange(replay, 1, MemoryBudget.MaxBytes);
        Assert.Equal(64 << 20, MemoryBudget.MaxBytes);
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
    public async Task Commands_of_many_threads_are_all_answered_each_with_its_own_answer()
    {
        const int callers = 16, calls = 200;
        BatchQueue queue = new();
        using CancellationTokenSource end = new();
        Task writer = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
                queue.Take(TimeSpan.FromMilliseconds(10)).Commands.ForEach(static command => command.Run());
        }, TestContext.Current.CancellationToken);
        int run = 0;
        int[][] answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            () => Enumerable.Range(0, calls).Select(call => queue.Invoke(() => { run++; return caller * calls + call; })).ToArray())))
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await end.CancelAsync();
        await writer;
        Assert.Equal(callers * calls, run);
        Assert.Equal(Enumerable.Range(0, callers * calls), answers.SelectMany(static a => a));
    }

    [Fact]
    public async Task A_command_that_waits_at_the_end_is_run_and_one_that_comes_later_is_refused()
    {
        BatchQueue queue = new();
        Task<int> early = Task.Run(() => queue.Invoke(() => 7), TestContext.Current.CancellationToken);
        BatchQueue.Work work = TakeCommands(queue, 1);
        queue.Close();
        Assert.Throws<ObjectDisposedException>(() => queue.Invoke(() => 8));
        work.Commands[0].Run();
        Assert.Equal(7, await early.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_writer_that_fails_answers_those_who_wait_and_those_who_come()
    {
        BatchQueue queue = new();
        Task<int> waiting = Task.Run(() => queue.Invoke(() => 7), TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => queue.WaitingCommands == 1);
        queue.Add(Flows(1, 1), mayWait: false);
        Task<bool> flush = Task.Run(() => queue.Flush(Timeout.InfiniteTimeSpan), TestContext.Current.CancellationToken);
        queue.Fail(new InvalidOperationException("a bug"));
        Assert.Equal("a bug", (await Assert.ThrowsAsync<StoreException>(
            () => waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken))).Message);
        Assert.Contains("a bug", Assert.Throws<StoreException>(() => queue.Invoke(() => 8)).Message, StringComparison.Ordinal);
        StoreException refused = Assert.Throws<StoreException>(() => queue.Add(Flows(1, 1), mayWait: true));
        Assert.Contains("a bug", refused.Message, StringComparison.Ordinal);
        // What was handed in is not on disk and never will be.
        Assert.False(await flush.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commands_beyond_the_bound_are_refused()
    {
        BatchQueue queue = new();
        Task<int>[] waiting = [.. Enumerable.Range(0, BatchQueue.MaxCommands).Select(n => Task.Factory.StartNew(() => queue.Invoke(() => n),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        SpinWait.SpinUntil(() => queue.WaitingCommands == BatchQueue.MaxCommands);
        Assert.Throws<StoreException>(() => queue.Invoke(() => 0));
        queue.Take(TimeSpan.Zero).Commands.ForEach(static command => command.Run());
        Assert.Equal(Enumerable.Range(0, BatchQueue.MaxCommands), await Task.WhenAll(waiting));
    }

    private static BatchQueue.Work TakeCommands(BatchQueue queue, int count)
    {
        SpinWait.SpinUntil(() => queue.WaitingCommands == count);
        return queue.Take(TimeSpan.Zero);
    }

    [Fact]
    public void The_bytes_that_are_pending_with_the_writer_are_those_of_its_records()
    {
        PendingRecords pending = new();
        pending.BeginRun(1, isLive: true);
        RecordBatch batch = Samples.Batch(1, 100);
        pending.Add(batch);
        long once = pending.Bytes;
        Assert.InRange(RecordWeight.Of(batch) - once, 0, RecordWeight.Of(new RecordBatch()));
        // The same states and sums again: nothing more to hold.
        pending.Add(batch);
        Assert.Equal(once, pending.Bytes);
        pending.Clear();
        Assert.Equal(0, pending.Bytes);
        pending.BeginRun(2, isLive: false);
        for (int i = 1; i <= 50; i++)
            pending.Add(Samples.Batch(i, 1_000));
        // Fifty thousand flows, most of them as blocks.
        Assert.InRange(pending.Bytes, 1, MemoryBudget.ChunkBytes + MemoryBudget.ReadyBytes + MemoryBudget.CommitBytes);
        // What goes into blocks makes no commit before there are enough of these.
        Assert.InRange(pending.StateBytes, 1, once);
        Assert.Equal([new LossCounter("store-rows-lost", 7)], pending.AllLosses(7));
    }
}
