using System.Collections.Concurrent;
using System.Diagnostics;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Opening;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;
using PiTap.TestKit;

namespace PiTap.Store.Tests.Files;

/// <summary>A store is in regular files of its owner's; whatever else stands there is neither opened nor moved nor waited for.</summary>
public sealed class SpecialFileTests
{
    private const int Somebody = 4_321;
    private const string NotAllowed = "this user may not make one";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Kinds => [.. SpecialFile.Kinds.Keys];

    public static TheoryData<string, string> InTheWay => new(
        from name in (string[])["store.db.lock", "store-log.db", "store.db.compact", "store.db-log.compact"]
        from kind in SpecialFile.Kinds.Keys
        select (name, kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_no_file_is_no_store_and_stays(string kind)
    {
        using TempFolder folder = new();
        string victim = Victim(folder);
        Assert.SkipUnless(SpecialFile.TryMake(kind, folder.Store, victim), NotAllowed);
        List<string> before = Names(folder);
        foreach (Action open in (Action[])[() => folder.Open().Dispose(), () => StoreFile.OpenForReading(folder.Store).Dispose()])
        {
            StoreException refused = await Assert.ThrowsAsync<StoreException>(() => InTime(open));
            Assert.StartsWith($"{folder.Store} {SpecialFile.Kinds[kind]}, not a store", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, Names(folder));
        Assert.Equal("untouched", File.ReadAllText(victim));
    }

    [Theory]
    [MemberData(nameof(InTheWay))]
    public async Task What_is_in_the_way_of_a_file_beside_the_store_stays(string name, string kind)
    {
        using TempFolder folder = new();
        string victim = Victim(folder);
        using (RecordStore store = folder.Open())
            store.BeginRun("live", "1");
        string path = Path.Combine(folder.Path, name);
        File.Delete(path);
        Assert.SkipUnless(SpecialFile.TryMake(kind, path, victim), NotAllowed);
        List<string> before = Names(folder);
        byte[] bytes = File.ReadAllBytes(folder.Store);
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => InTime(() => folder.Open().Dispose()));
        Assert.StartsWith($"{path} {SpecialFile.Kinds[kind]}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Names(folder));
        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.Equal(bytes, File.ReadAllBytes(folder.Store));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("pipe")]
    [InlineData("device")]
    public void What_takes_the_place_of_an_open_store_is_not_moved_and_records_wait_until_it_is_gone(string kind)
    {
        using TempFolder folder = new();
        string victim = Victim(folder);
        ConcurrentQueue<string> notices = new();
        using RecordStore store = folder.Open(notice: notices.Enqueue);
        store.BeginRun("live", "1");
        store.Write(Samples.Batch(1, 10));
        Assert.True(store.Flush(s_limit));
        File.Delete(folder.Store);
        Assert.SkipUnless(SpecialFile.TryMake(kind, folder.Store, victim), NotAllowed);
        store.Write(Samples.Batch(2, 10));
        Assert.False(store.Flush(TimeSpan.FromSeconds(1.5)));
        Assert.Contains(SpecialFile.Kinds[kind], Assert.Single(notices), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "*damaged*"));
        Assert.Equal("untouched", File.ReadAllText(victim));
        File.Delete(folder.Store);
        store.Write(Samples.Batch(3, 10));
        Assert.True(store.Flush(s_limit));
        RunEnd end = store.CompleteRun();
        Assert.True(end.WasReplaced);
        using IStoreReader reader = store.CreateReader();
        Assert.Contains(reader.Flows(StoreQuery.All), static flow => flow.Sequence == 30);
    }

    [Fact]
    public void A_folder_may_be_reached_by_a_link()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.Path, "real"));
        string link = Path.Combine(folder.Path, "link");
        File.CreateSymbolicLink(link, "real");
        using (RecordStore store = RecordStore.Open(new StoreOptions { Path = Path.Combine(link, "x.db") }, TimeProvider.System))
        {
            store.BeginRun("live", "1");
            store.Write(Samples.Batch(1, 10));
        }
        using IStoreReader reader = StoreFile.OpenForReading(Path.Combine(folder.Path, "real", "x.db"));
        Assert.Equal(10, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void The_number_of_the_writer_is_in_the_lock_while_it_writes_and_in_no_file_of_its_own()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            using var look = RegularFile.OpenToLook(StoreLock.PathOf(folder.Store));
            Assert.NotEqual(0, RandomAccess.GetLength(look));
            Assert.Equal(["store-log.db", "store.db", "store.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        }
        Assert.Equal(0, new FileInfo(StoreLock.PathOf(folder.Store)).Length);
    }

    [Fact]
    public void What_only_looks_as_if_it_were_set_aside_is_no_concern_of_the_stores()
    {
        using TempFolder folder = new();
        string stamp = folder.Store + ".damaged-20200101T000000Z";
        File.WriteAllText(stamp, "records");
        foreach (string kind in (string[])["link to nothing", "pipe", "socket"])
            Assert.True(SpecialFile.TryMake(kind, $"{stamp}-{kind[0]}", stamp));
        Assert.Equal(stamp, Assert.Single(SetAsideFiles.Of(folder.Store)).Path);
        SetAsideFiles.DeleteAll(folder.Store);
        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    /// <summary>As in /tmp, where the store could be read afterwards by who put the empty file there.</summary>
    [Theory]
    [InlineData("store.db")]
    [InlineData("store.db.lock")]
    [InlineData("store-log.db")]
    public void A_file_that_somebody_put_where_everybody_may_is_not_written_to_by_root(string name)
    {
        using TempFolder folder = new();
        string planted = Path.Combine(folder.Path, name);
        File.WriteAllText(planted, "");
        Give(planted);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ff);
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Contains($"{planted} may have been put there by somebody else (user {Somebody})", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(planted).Length);
        // In a folder that is root's alone, it is there on purpose.
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1c0);
        folder.Open().Dispose();
    }

    [Theory]
    [InlineData("store.db.lock")]
    [InlineData("store-log.db")]
    public void A_second_name_for_a_file_of_root_s_in_another_users_folder_is_not_written_to(string name)
    {
        using TempFolder folder = new();
        string mine = Directory.CreateDirectory(Path.Combine(folder.Path, "theirs")).FullName;
        string victim = Victim(folder);
        Give(mine);
        StoreOptions options = new() { Path = Path.Combine(mine, "store.db") };
        RecordStore.Open(options, TimeProvider.System).Dispose();
        File.Delete(Path.Combine(mine, name));
        Run("ln", victim, Path.Combine(mine, name));
        StoreException refused = Assert.Throws<StoreException>(() => RecordStore.Open(options, TimeProvider.System));
        Assert.Contains("a second name", refused.Message, StringComparison.Ordinal);
        Assert.Equal("untouched", File.ReadAllText(victim));
        File.Delete(Path.Combine(mine, name));
        RecordStore.Open(options, TimeProvider.System).Dispose();
    }

    [Fact]
    public void A_fresh_store_does_not_get_the_rights_of_what_somebody_put_in_the_place_of_the_first()
    {
        using TempFolder folder = new();
        ConcurrentQueue<string> notices = new();
        using RecordStore store = folder.Open(notice: notices.Enqueue);
        store.BeginRun("live", "1");
        store.Write(Samples.Batch(1, 10));
        Assert.True(store.Flush(s_limit));
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ff);
        string planted = Path.Combine(folder.Path, "planted");
        File.WriteAllText(planted, "mine");
        Give(planted);
        File.Move(planted, folder.Store, overwrite: true);
        store.Write(Samples.Batch(2, 10));
        Assert.True(store.Flush(s_limit));
        Assert.Contains("Another file took its place", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(0u, FileRights.Of(folder.Store)!.Value.User);
    }

    private static string Victim(TempFolder folder)
    {
        string victim = Path.Combine(folder.Path, "victim");
        File.WriteAllText(victim, "untouched");
        return victim;
    }

    /// <summary>What waits for a pipe's other end would wait for ever.</summary>
    private static Task InTime(Action open) => Task.Run(open).WaitAsync(s_limit, TestContext.Current.CancellationToken);

    private static List<string> Names(TempFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path).Order(StringComparer.Ordinal).Select(path => $"{path} {FileKinds.Of(path)}")];

    private static void Give(string path)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to give a file away");
        Run("chown", $"{Somebody}:{Somebody}", path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
