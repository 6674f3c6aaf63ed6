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

    private static RecordBatch Flows(int count, int number)
    {
        FlowRecord flow = Samples.Flow(1);
        return new RecordBatch { Flows = [.. Enumerable.Range(0, count).Select(i => flow with { Sequence = number * 100_000 + i })] };
    }
}
