using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Reading;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

public sealed class ReaderTests
{
    [Fact]
    public void An_error_of_the_disk_is_a_sentence_of_the_store()
    {
        using StoreReader reader = new("pitap.db", static () => throw new IOException("Input/output error"), null, null);
        foreach (Action ask in (Action[])
            [() => _ = reader.Devices(StoreQuery.All).Any(), () => _ = reader.Contacts(StoreQuery.All).Any(), () => reader.Info()])
            Assert.Equal("The store pitap.db cannot be read: Input/output error", Assert.Throws<StoreException>(ask).Message);
    }

    [Fact]
    public void Each_block_that_is_searched_without_a_find_can_end_the_answer()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        for (int i = 0; i < 10; i++)
            store.Write(Household.Batch(1 + i * 10_000, 1_500));
        store.CompleteRun();
        int parts = 0;
        using IStoreReader reader = store.CreateReader(() => parts++);
        Assert.Empty(reader.Flows(new StoreQuery(HostSuffix: "nowhere.example")));
        Assert.InRange(parts, 5, 100);
        using IStoreReader refused = store.CreateReader(static () => throw new TimeoutException());
        Assert.Throws<TimeoutException>(() => refused.Flows(new StoreQuery(HostSuffix: "nowhere.example")).Any());
    }

    [Fact]
    public void Commits_are_no_trouble_of_the_disk()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using CancellationTokenSource end = new();
        long looks = 0, waits = 0;
        Thread looking = new(() =>
        {
            while (!end.IsCancellationRequested)
            {
                looks++;
                waits += store.IsWaiting ? 1 : 0;
            }
        });
        store.BeginRun("live", "1");
        looking.Start();
        for (int i = 0; i < 100; i++)
        {
            store.Write(Household.Batch(1 + i * 1_000, 100));
            store.Flush();
        }
        end.Cancel();
        looking.Join();
        store.CompleteRun();
        Assert.True(looks > 1_000);
        Assert.Equal(0, waits);
    }
}
