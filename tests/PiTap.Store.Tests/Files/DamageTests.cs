using System.Collections.Concurrent;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Reading;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

public sealed class DamageTests
{
    private static void WriteStore(TempFolder folder)
    {
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        for (int i = 1; i <= 40; i++)
            store.Write(Samples.Batch(i, 500));
        store.CompleteRun();
    }

    private static void AssertFresh(TempFolder folder, byte[] damaged)
    {
        using RecordStore store = folder.Open();
        string aside = Assert.IsType<string>(store.OpenReport.SetAsidePath);
        Assert.StartsWith(folder.Store + ".damaged-", aside, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(aside));
        Assert.Contains(store.OpenReport.Sentences, s => s.Contains("was damaged and is now", StringComparison.Ordinal));
        Assert.Equal(1, store.BeginRun("live", "1"));
        store.Write(Samples.Batch(1, 10));
        Assert.True(store.Flush());
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(10, reader.Flows(StoreQuery.All).Count());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void A_truncated_store_is_set_aside(double part)
    {
        using TempFolder folder = new();
        WriteStore(folder);
        byte[] whole = File.ReadAllBytes(folder.Store);
        byte[] bytes = whole[..Math.Max(100, (int)(whole.Length * part))];
        File.WriteAllBytes(folder.Store, bytes);
        AssertFresh(folder, bytes);
    }

    [Fact]
    public void A_store_with_garbage_for_a_head_is_set_aside()
    {
        using TempFolder folder = new();
        WriteStore(folder);
        byte[] bytes = File.ReadAllBytes(folder.Store);
        new Random(1).NextBytes(bytes.AsSpan(0, 8_192));
        File.WriteAllBytes(folder.Store, bytes);
        AssertFresh(folder, bytes);
    }

    [Fact]
    public void A_log_without_its_store_is_set_aside()
    {
        using TempFolder folder = new();
        using (CrashWriter writer = CrashWriter.Start(folder.Store, "live"))
        {
            writer.ReadUntil(20);
            writer.Kill();
        }
        File.Delete(folder.Store);
        using RecordStore store = folder.Open();
        Assert.NotNull(store.OpenReport.SetAsidePath);
        Assert.True(File.Exists(PageLog.PathOf(store.OpenReport.SetAsidePath)));
        using IStoreReader reader = store.CreateReader();
        Assert.Empty(reader.Runs());
    }

    [Fact]
    public void Pages_overwritten_anywhere_end_in_an_open_store_and_never_in_an_exception()
    {
        using TempFolder template = new();
        WriteStore(template);
        byte[] whole = File.ReadAllBytes(template.Store);
        Random random = new(3);
        int aside = 0;
        for (int i = 0; i < 60; i++)
        {
            using TempFolder folder = new();
            byte[] bytes = whole.AsSpan().ToArray();
            int page = random.Next(bytes.Length / 8_192);
            Span<byte> part = bytes.AsSpan(page * 8_192, 8_192);
            if (i % 2 == 0)
                random.NextBytes(part);
            else
                part.Clear();
            File.WriteAllBytes(folder.Store, bytes);
            File.WriteAllBytes(StoreLock.PathOf(folder.Store), []);
            using RecordStore store = folder.Open();
            aside += store.OpenReport.SetAsidePath is null ? 0 : 1;
            store.BeginRun("replay", "1");
            store.Write(Samples.Batch(1, 100));
            Assert.True(store.Flush());
            using IStoreReader reader = store.CreateReader();
            int read = 0;
            try
            {
                read = reader.Flows(StoreQuery.All).Count();
            }
            catch (StoreException)
            {
                // What the opening did not look at can turn out to be damaged later: that has a sentence, too.
                continue;
            }
            Assert.InRange(read, 100, 20_100);
        }
        Assert.InRange(aside, 1, 59);
    }

    /// <summary>
    /// LiteDB leaves transactions behind that it could not end, whose finalizers throw: that would be the end of the process. Each of
    /// these places was one.
    /// </summary>
    [Theory]
    [InlineData(12)]
    [InlineData(213)]
    [InlineData(229)]
    [InlineData(316)]
    [InlineData(454)]
    public void Bytes_that_LiteDB_trips_over_end_no_process(int seed)
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            for (int i = 1; i <= 4; i++)
                store.Write(Samples.Batch(i, 200));
            store.CompleteRun();
        }
        byte[] bytes = File.ReadAllBytes(folder.Store);
        Random random = new(seed);
        Span<byte> page = bytes.AsSpan(random.Next(bytes.Length / 8_192) * 8_192, 8_192);
        if (seed % 3 == 0)
        {
            random.NextBytes(page);
        }
        else
        {
            page[random.Next(64)] = (byte)random.Next(256);
            page[8_191 - random.Next(200)] ^= (byte)random.Next(256);
        }
        File.WriteAllBytes(folder.Store, bytes);
        WriteOn(folder);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using RecordStore again = folder.Open();
        Assert.True(again.BeginRun("replay", "1") > 0);
    }

    /// <summary>In a method of its own, so that nothing of it is reachable afterwards.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void WriteOn(TempFolder folder)
    {
        using RecordStore store = folder.Open(retainDays: 1);
        store.BeginRun("replay", "1");
        store.Write(Samples.Batch(1, 100));
        Assert.True(store.Flush());
        using IStoreReader reader = store.CreateReader();
        try
        {
            _ = reader.Flows(StoreQuery.All).Count();
            _ = reader.Contacts(StoreQuery.All).Count();
        }
        catch (StoreException)
        {
            // What the opening did not look at may turn out to be damaged later.
        }
        store.CompleteRun();
    }

    [Fact]
    public void A_damaged_block_is_counted_and_the_others_are_read()
    {
        using TempFolder folder = new();
        WriteStore(folder);
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            LiteDB.BsonDocument document = engine.Page(Schema.Flows + BlockHead.DataSuffix, null, 1)[0];
            document["data"].AsBinary[1_000] ^= 1;
            engine.Transact(() => engine.Update(Schema.Flows + BlockHead.DataSuffix, [document]));
            engine.Checkpoint();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(20_000 - BlockTable<FlowRecord>.FullRows, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(1, ((StoreReader)reader).DamagedBlocks);
    }

    [Fact]
    public void A_store_that_is_damaged_while_it_is_open_is_set_aside_and_the_run_goes_on()
    {
        using TempFolder folder = new();
        WriteStore(folder);
        ConcurrentQueue<string> notices = new();
        using RecordStore store = folder.Open(notice: notices.Enqueue);
        int run = store.BeginRun("live", "1");
        store.Write(Samples.Batch(1, 10));
        Assert.True(store.Flush());
        // A lock of the runtime's is advisory: another program can write where it likes.
        using (Microsoft.Win32.SafeHandles.SafeFileHandle raw = OpenUnlocked(folder.Store))
        {
            byte[] garbage = new byte[RandomAccess.GetLength(raw)];
            new Random(1).NextBytes(garbage);
            RandomAccess.Write(raw, garbage, 0);
        }
        for (int i = 2; i <= 400 && notices.IsEmpty; i++)
        {
            store.Write(
                Samples.Batch(i, 10) with { Contacts = [.. Enumerable.Range(0, 50).Select(n => Samples.Contact($"host{i}-{n}", 1))] });
            Assert.True(store.Flush());
        }
        Assert.Contains("was damaged and is now", Assert.Single(notices), StringComparison.Ordinal);
        store.Write(Samples.Batch(1_000, 10));
        Assert.True(store.Flush());
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(run, Assert.Single(reader.Runs()).Run);
        Assert.Contains(reader.Flows(StoreQuery.All), static f => f.Sequence == 9_995);
    }

    /// <summary>Through the process's own handle of the file: opening it anew would be refused.</summary>
    private static Microsoft.Win32.SafeHandles.SafeFileHandle OpenUnlocked(string path)
    {
        foreach (string link in Directory.GetFiles("/proc/self/fd"))
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == path)
            {
                return new Microsoft.Win32.SafeHandles.SafeFileHandle(
                    nint.Parse(Path.GetFileName(link), System.Globalization.CultureInfo.InvariantCulture), ownsHandle: false);
            }
        }
        throw new InvalidOperationException("The store has no open handle.");
    }
}
