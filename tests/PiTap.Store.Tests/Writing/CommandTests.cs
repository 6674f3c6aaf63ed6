using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

public sealed class CommandTests
{
    [Fact]
    public async Task Two_threads_that_ask_at_once_are_both_answered_while_batches_come()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        store.BeginRun("live", "1");
        Task<int>[] asking = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int most = 0;
            for (int i = 0; i < 100; i++)
                most = Math.Max(most, store.TopContacts(5).Count);
            return most;
        }))];
        for (int i = 1; i <= 100; i++)
            store.Write(Samples.Batch(i, 5));
        await Task.WhenAll(asking).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(500, Assert.Single(store.TopContacts(5)).Flows);
    }

    [Fact]
    public void A_command_after_the_end_is_answered_with_an_exception()
    {
        using TempFolder folder = new();
        RecordStore store = folder.Open();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.TopContacts(1));
        Assert.Throws<ObjectDisposedException>(() => store.BeginRun("live", "1"));
    }
}
