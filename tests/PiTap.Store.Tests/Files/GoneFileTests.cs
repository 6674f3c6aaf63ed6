using System.Collections.Concurrent;
using System.Diagnostics;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Files;

/// <summary>Somebody deletes, cuts off or replaces the store's files while they are written.</summary>
public sealed class GoneFileTests
{
    [Theory]
    [InlineData("delete", "is gone")]
    [InlineData("cut", "It was cut off")]
    [InlineData("replace", "Another file took its place")]
    public void A_store_that_is_taken_away_is_begun_anew_and_the_end_of_the_run_says_so(string what, string said)
    {
        using TempFolder folder = new();
        ConcurrentQueue<string> notices = new();
        RunEnd end;
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            store.BeginRun("replay", "1");
            store.Write(Samples.Batch(1, 100));
            Assert.True(store.CompleteRun().IsWhole);
        }
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            store.BeginRun("live", "1");
            store.Write(Samples.Batch(1, 10));
            Assert.True(store.Flush());
            if (what == "cut")
                Truncate(folder.Store);
            else
                File.Delete(folder.Store);
            if (what == "delete")
                File.Delete(PageLog.PathOf(folder.Store));
            if (what == "replace")
                File.WriteAllText(folder.Store, "somebody else's");
            store.Write(Samples.Batch(2, 10));
            Assert.True(store.Flush());
            // Whatever was under way when it was found out.
            store.Write(Samples.Batch(3, 10));
            end = store.CompleteRun();
        }
        Assert.Contains(said, Assert.Single(notices), StringComparison.Ordinal);
        Assert.True(end.WasReplaced);
        Assert.False(end.IsWhole);
        Assert.Contains("begun anew in the middle of this run", Assert.Single(end.Sentences("x")), StringComparison.Ordinal);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Contains(reader.Flows(StoreQuery.All), static flow => flow.Sequence == 30);
        Assert.True(Assert.Single(reader.Runs()).IsComplete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_that_is_taken_away_is_written_again_and_nothing_is_lost(bool isDeleted)
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            for (int i = 1; i <= 20; i++)
            {
                store.Write(Samples.Batch(i, 10));
                Assert.True(store.Flush());
                if (i % 7 != 0)
                    continue;
                if (isDeleted)
                    File.Delete(PageLog.PathOf(folder.Store));
                else
                    Truncate(PageLog.PathOf(folder.Store));
            }
            Copy(folder.Store, folder.Store + ".killed");
            Copy(PageLog.PathOf(folder.Store), PageLog.PathOf(folder.Store + ".killed"));
            Assert.True(store.CompleteRun().IsWhole);
        }
        foreach (string path in new[] { folder.Store, folder.Store + ".killed" })
        {
            using IStoreReader reader = StoreFile.OpenForReading(path);
            Assert.Equal(200, reader.Flows(StoreQuery.All).Count());
        }
    }

    private static void Truncate(string path) => Run("truncate", "-s", "0", path);

    private static void Copy(string from, string to) => Run("cp", from, to);

    /// <summary>The store's own handle keeps .NET's out, but not another program.</summary>
    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
