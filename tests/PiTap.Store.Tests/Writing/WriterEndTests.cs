using System.Collections.Concurrent;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

/// <summary>A mistake of the program's on the writer's thread, which nothing was made for.</summary>
public sealed class WriterEndTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("live", false)]
    [InlineData("live", true)]
    [InlineData("replay", false)]
    [InlineData("replay", true)]
    public async Task The_writer_s_end_is_told_nobody_waits_for_it_and_what_was_handed_in_is_saved(string mode, bool isNoticeBroken)
    {
        using TempFolder folder = new();
        BreakingClock clock = new();
        ConcurrentQueue<string> notices = new();
        await Task.Run(() =>
        {
            using RecordStore store = folder.Open(clock, notice: sentence =>
            {
                notices.Enqueue(sentence);
                if (isNoticeBroken)
                    throw new InvalidOperationException("nobody listens");
            });
            store.BeginRun(mode, "1");
            store.Write(Samples.Batch(1, 10));
            Assert.True(store.Flush());
            clock.Break();
            store.Write(Samples.Batch(2, 10));
            Assert.False(store.Flush());
            StoreException refused = Assert.Throws<StoreException>(() => store.Write(Samples.Batch(3, 10)));
            Assert.Equal("The store's writer has stopped: the clock broke", refused.Message);
            Assert.Throws<StoreException>(() => store.CompleteRun());
            Assert.Throws<StoreException>(() => store.TopContacts(1));
            store.Dispose();
            Assert.False(store.IsWhole);
        }, TestContext.Current.CancellationToken).WaitAsync(s_limit, TestContext.Current.CancellationToken);
        Assert.Equal($"The store {folder.Store} is no longer written: the clock broke", Assert.Single(notices));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(20, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(20, Assert.Single(reader.Contacts(StoreQuery.All)).Flows);
        Assert.False(Assert.Single(reader.Runs()).IsComplete);
    }

    /// <summary>Once, on the writer's thread, when it has been broken.</summary>
    private sealed class BreakingClock : TimeProvider
    {
        private int _isBroken;

        public void Break() => Volatile.Write(ref _isBroken, 1);

        public override DateTimeOffset GetUtcNow() =>
            Thread.CurrentThread.Name == "store-writer" && Interlocked.Exchange(ref _isBroken, 0) == 1
                ? throw new InvalidOperationException("the clock broke")
                : base.GetUtcNow();
    }
}
