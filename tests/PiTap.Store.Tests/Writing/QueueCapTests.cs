using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

/// <summary>What waits for a writer that is behind, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class QueueCapTests
{
    private readonly BatchQueue _queue = new();

    [Fact]
    [Trait("cap", "Store.BatchQueue.MaxBatches")]
    public void Thirty_two_batches_wait_and_further_ones_are_joined_with_the_last()
    {
        for (int i = 0; i < 40; i++)
            _queue.Add(Flows(1, i), mayWait: false);
        Assert.Equal((8, 0), (_queue.Joined, _queue.LostRows));
        Assert.Equal(32, _queue.Take(TimeSpan.Zero).Batches.Count);
    }

    [Fact]
    [Trait("cap", "Store.BatchQueue.MaxRows")]
    public void A_hundred_and_thirty_thousand_rows_wait_and_further_ones_are_counted_as_lost()
    {
        for (int i = 0; i < 8; i++)
            _queue.Add(Flows(20_000, i), mayWait: false);
        // Full from the fourth on; the seventh would make it more than twice as many.
        Assert.Equal((4, 40_000), (_queue.Joined, _queue.LostRows));
    }

    [Fact]
    [Trait("cap", "Store.BatchQueue.MaxCommands")]
    public async Task Sixty_four_commands_wait_and_a_further_one_is_refused()
    {
        Task<int>[] waiting = [.. Enumerable.Range(0, 64).Select(i => _queue.InvokeAsync(() => i))];
        // Without an answer to wait for: it is refused at once or not at all.
        StoreException failure = Assert.Throws<StoreException>(() => { _ = _queue.InvokeAsync(static () => 64); });
        Assert.Contains("too many commands", failure.Message, StringComparison.Ordinal);
        _queue.Take(TimeSpan.Zero).Commands.ForEach(static command => command.Run());
        Assert.Equal(Enumerable.Range(0, 64), await Task.WhenAll(waiting));
    }

    [Fact]
    [Trait("cap", "Store.StoreWriter.MaxPendingStates")]
    public void A_replay_with_more_open_lookups_than_fit_into_memory_loses_none()
    {
        using TempFolder folder = new();
        NameLookup lookup = Samples.Lookup(1, isAnswered: false);
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        for (int i = 0; i < 3; i++)
            store.Write(new RecordBatch { Lookups = [.. Enumerable.Range(60_000 * i, 60_000).Select(n => lookup with { Sequence = n })] });
        store.CompleteRun();
        using IStoreReader reader = store.CreateReader();
        Assert.Empty(Assert.Single(reader.Runs()).Losses);
        Assert.Equal(180_000, reader.Info().Lookups);
    }

    private static RecordBatch Flows(int count, int number)
    {
        FlowRecord flow = Samples.Flow(1);
        return new RecordBatch { Flows = [.. Enumerable.Range(0, count).Select(i => flow with { Sequence = number * 100_000 + i })] };
    }
}
