using System.Collections.Concurrent;
using System.Diagnostics;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Files;

public sealed class FullDiskTests
{
    private const string Reason = "needs root, to mount a memory disk";

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void Writing_goes_on_after_a_full_disk_has_room_again_and_nothing_is_lost(string mode)
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=12m"), Reason);
        string filler = Path.Combine(folder.Path, "filler");
        ConcurrentQueue<string> notices = new();
        long written = 0;
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            store.BeginRun(mode, "1");
            for (int round = 0; round < 3; round++)
            {
                written = Write(store, written, 50);
                Assert.True(store.Flush(TimeSpan.FromSeconds(30)));
                Fill(filler);
                int before = notices.Count;
                Stopwatch time = Stopwatch.StartNew();
                while (notices.Count == before && time.Elapsed < TimeSpan.FromSeconds(30))
                {
                    written = Write(store, written, 10);
                    store.Flush(TimeSpan.FromMilliseconds(50));
                }
                written = Write(store, written, 20);
                Assert.False(store.Flush(TimeSpan.FromSeconds(1.5)));
                File.Delete(filler);
                Assert.True(store.Flush(TimeSpan.FromSeconds(30)));
                Assert.Equal(2 * (round + 1), notices.Count);
            }
            written = Write(store, written, 50);
            store.CompleteRun();
        }
        Assert.Contains("is full: records wait in memory", notices.First(), StringComparison.Ordinal);
        Assert.Contains("is written again", notices.Last(), StringComparison.Ordinal);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(Enumerable.Range(1, (int)written * 20).Select(static i => (long)i),
            reader.Flows(StoreQuery.All).Select(static f => f.Sequence));
        Assert.Equal(written * 20, Assert.Single(reader.Contacts(StoreQuery.All)).Flows);
        RunRecord run = Assert.Single(reader.Runs());
        Assert.True(run.IsComplete);
        Assert.Empty(run.Losses);
    }

    [Fact]
    public void Closing_on_a_full_disk_ends_and_what_was_safe_stays()
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=12m"), Reason);
        ConcurrentQueue<string> notices = new();
        long safe, written;
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            store.BeginRun("live", "1");
            safe = Write(store, 0, 100);
            Assert.True(store.Flush());
            Fill(Path.Combine(folder.Path, "filler"));
            written = safe;
            while (notices.IsEmpty)
            {
                written = Write(store, written, 10);
                store.Flush(TimeSpan.FromMilliseconds(100));
            }
        }
        Assert.Contains("was closed before everything could be written", notices.Last(), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "filler"));
        using RecordStore again = folder.Open();
        using IStoreReader reader = again.CreateReader();
        long batches = Assert.Single(Assert.Single(reader.Runs()).Sources).Received;
        Assert.InRange(batches, safe, written);
        Assert.Equal(batches * 20, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(batches * 20, Assert.Single(reader.Contacts(StoreQuery.All)).Flows);
    }

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void The_end_of_a_run_on_a_full_disk_says_what_is_not_written(string mode)
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=12m"), Reason);
        using (RecordStore store = folder.Open())
        {
            store.BeginRun(mode, "1");
            Write(store, 0, 20);
            Assert.True(store.Flush());
            Fill(Path.Combine(folder.Path, "filler"));
            Write(store, 20, 30);
            RunEnd end = store.CompleteRun();
            Assert.False(end.IsWhole);
            // 20 flows, a lookup, a contact and a minute each.
            Assert.InRange(end.RecordsNotWritten, 23, 30 * 23);
            Assert.Contains("are not on the disk", Assert.Single(end.Sentences("x")), StringComparison.Ordinal);
        }
        File.Delete(Path.Combine(folder.Path, "filler"));
        using RecordStore again = folder.Open();
        using IStoreReader reader = again.CreateReader();
        Assert.InRange(reader.Flows(StoreQuery.All).Count(), 400, 999);
        Assert.False(Assert.Single(reader.Runs()).IsComplete);
    }

    [Fact]
    public void On_a_full_disk_no_store_is_begun()
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=1m"), Reason);
        Fill(Path.Combine(folder.Path, "filler"));
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Equal($"The disk that holds the store {folder.Store} is full.", refused.Message);
        File.Delete(Path.Combine(folder.Path, "filler"));
        using RecordStore store = folder.Open();
        Assert.Null(store.OpenReport.SetAsidePath);
    }

    [Fact]
    public void A_folder_that_can_only_be_read_is_said_so_and_can_be_read()
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=12m"), Reason);
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            Write(store, 0, 5);
            store.CompleteRun();
        }
        Assert.True(folder.Remount("ro"));
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Equal($"The store {folder.Store} is on a disk that can only be read.", refused.Message);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(100, reader.Flows(StoreQuery.All).Count());
    }

    private static long Write(RecordStore store, long from, int batches)
    {
        for (int i = 0; i < batches; i++)
            store.Write(Samples.Batch(++from, 20));
        return from;
    }

    /// <summary>Takes the room that is left.</summary>
    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4_096];
        try
        {
            while (true)
                file.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
