using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

public sealed class CrashTests
{
    private static readonly int s_kills = CrashWriter.Kills(usual: 8);

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void A_killed_process_leaves_a_whole_store_with_every_batch_that_was_safe(string mode)
    {
        Random random = new(mode.Length);
        for (int kill = 0; kill < s_kills; kill++)
        {
            using TempFolder folder = new();
            using CrashWriter writer = CrashWriter.Start(folder.Store, mode);
            // Some die while the run is young, some after the journal was folded a few times.
            writer.ReadUntil(random.Next(1, mode == "live" && kill % 3 == 0 ? 1_500 : 60));
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(random.Next(0, 20));
            writer.Kill();

            using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
                CheckPrefix(reader, writer.Acknowledged);
            using RecordStore store = folder.Open();
            Assert.Null(store.OpenReport.SetAsidePath);
            using IStoreReader after = store.CreateReader();
            CheckPrefix(after, writer.Acknowledged);
        }
    }

    [Fact]
    public void A_store_that_is_killed_again_and_again_keeps_all_its_runs()
    {
        using TempFolder folder = new();
        Random random = new(5);
        long safe = 0;
        for (int kill = 0; kill < s_kills; kill++)
        {
            using CrashWriter writer = CrashWriter.Start(folder.Store, kill % 2 == 0 ? "live" : "replay");
            writer.ReadUntil(random.Next(1, 60));
            writer.Kill();
            safe += writer.Acknowledged;
            using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
            RunRecord[] runs = [.. reader.Runs()];
            Assert.Equal(kill + 1, runs.Length);
            long batches = runs.Sum(static r => r.Sources.Sum(static s => s.Received));
            Assert.True(batches >= safe, $"{batches} of {safe} batches");
            Assert.Equal(batches * CrashWriter.FlowsABatch, reader.Contacts(StoreQuery.All).Sum(static c => c.Flows));
            Assert.Equal(batches * CrashWriter.FlowsABatch, reader.Flows(StoreQuery.All).Count(static f => f.End != FlowEnd.Open));
        }
    }

    [Fact]
    public void A_second_process_is_refused_with_the_number_of_the_first()
    {
        using TempFolder folder = new();
        using CrashWriter writer = CrashWriter.Start(folder.Store, "live");
        writer.ReadUntil(1);
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Equal($"The store {folder.Store} is already being written by process {writer.Id}.", refused.Message);
        refused = Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Store));
        Assert.Equal($"The store {folder.Store} is being written by process {writer.Id}.", refused.Message);
        writer.Kill();
        using RecordStore store = folder.Open();
    }

    [Fact]
    public void A_log_whose_end_is_missing_or_wrong_gives_what_was_whole_before()
    {
        using TempFolder folder = new();
        using (CrashWriter writer = CrashWriter.Start(folder.Store, "live"))
        {
            writer.ReadUntil(20);
            writer.Kill();
        }
        string log = PageLog.PathOf(folder.Store);
        byte[] whole = File.ReadAllBytes(log), data = File.ReadAllBytes(folder.Store);
        Random random = new(1);
        for (int i = 0; i < 40; i++)
        {
            byte[] bytes = whole[..random.Next(whole.Length)];
            if (i % 2 == 1)
                bytes = whole.AsSpan().ToArray();
            if (i % 2 == 1)
                bytes[random.Next(bytes.Length)] ^= 1;
            File.WriteAllBytes(log, bytes);
            File.WriteAllBytes(folder.Store, data);
            using RecordStore store = folder.Open();
            Assert.Null(store.OpenReport.SetAsidePath);
            using IStoreReader reader = store.CreateReader();
            CheckPrefix(reader, 0);
        }
    }

    private static void CheckPrefix(IStoreReader reader, long acknowledged)
    {
        RunRecord? run = reader.Runs().SingleOrDefault();
        long batches = run?.Sources.SingleOrDefault()?.Received ?? 0;
        Assert.True(batches >= acknowledged, $"{batches} batches are there, {acknowledged} were safe");
        FlowRecord[] flows = [.. reader.Flows(StoreQuery.All)];
        if (batches == 0)
        {
            Assert.Empty(flows);
            return;
        }
        Samples.AssertSame(Enumerable.Range(1, (int)batches * CrashWriter.FlowsABatch).Select(static i => Samples.Flow(i)), flows[..^1]);
        Assert.Equal(batches, flows[^1].PacketsUp);
        Samples.AssertSame(Enumerable.Range(1, (int)batches).Select(static i => Samples.Lookup(i)), reader.Lookups(StoreQuery.All));
        Assert.Equal(batches * CrashWriter.FlowsABatch, Assert.Single(reader.Contacts(StoreQuery.All)).Flows);
        Assert.Equal(batches * CrashWriter.FlowsABatch, Assert.Single(reader.Minutes(StoreQuery.All)).PacketsUp);
        Assert.Single(reader.Devices(StoreQuery.All));
        Assert.False(run!.IsComplete);
    }
}
