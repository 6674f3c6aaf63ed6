using System.Diagnostics;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Opening;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

/// <summary>What takes the store's place, or is made beside it, is its owner's, whoever did it.</summary>
public sealed class FileRightsTests
{
    private const uint User = 4_321, Group = 4_322;
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private static readonly FileRights s_rights = new(User, Group, Mode);

    private static void Write(TempFolder folder, int batches = 3)
    {
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        for (int i = 0; i < batches; i++)
            store.Write(Household.Batch(1 + i * 1_000, 200));
        store.CompleteRun();
    }

    private static void GiveAway(string path)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "needs root, to give a file away");
        using (Process chown = Process.Start("chown", [$"{User}:{Group}", path]))
            chown.WaitForExit();
        File.SetUnixFileMode(path, Mode);
        Assert.Equal(s_rights, FileRights.Of(path));
    }

    [Fact]
    public void A_store_that_an_administrator_forgets_in_stays_its_owner_s()
    {
        using TempFolder folder = new();
        Write(folder);
        GiveAway(folder.Store);
        using (RecordStore store = folder.Open())
        {
            store.Forget(Household.Anna);
            store.BeginRun("live", "1");
            store.Write(Household.Batch(10_001, 1));
            Assert.True(store.Flush());
            Assert.Equal(s_rights, FileRights.Of(PageLog.PathOf(folder.Store)));
        }
        Assert.Equal(s_rights, FileRights.Of(folder.Store));
    }

    [Fact]
    public void The_lock_beside_a_store_that_came_without_one_is_its_owner_s()
    {
        using TempFolder folder = new();
        Write(folder);
        File.Delete(StoreLock.PathOf(folder.Store));
        GiveAway(folder.Store);
        using RecordStore store = folder.Open();
        Assert.Equal(s_rights, FileRights.Of(StoreLock.PathOf(folder.Store)));
    }

    [Fact]
    public void A_fresh_store_in_the_place_of_a_damaged_one_is_its_owner_s()
    {
        using TempFolder folder = new();
        Write(folder);
        File.WriteAllBytes(folder.Store, File.ReadAllBytes(folder.Store)[..20_000]);
        GiveAway(folder.Store);
        using RecordStore store = folder.Open();
        Assert.NotNull(store.OpenReport.SetAsidePath);
        Assert.Equal(s_rights, FileRights.Of(folder.Store));
    }

    [Fact]
    public void A_copy_is_nobody_else_s_from_its_first_byte_on()
    {
        using TempFolder folder = new();
        Write(folder);
        GiveAway(folder.Store);
        using StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false);
        string copy = StoreCompaction.PathOf(folder.Store);
        int looks = 0;
        StoreCompaction.Copy(engine, folder.Store, (_, document) =>
        {
            looks++;
            Assert.Equal((s_rights, s_rights), (FileRights.Of(copy), FileRights.Of(PageLog.PathOf(copy))));
            return document;
        });
        Assert.NotEqual(0, looks);
    }

    [Fact]
    public void Where_the_new_file_cannot_take_its_place_everything_is_as_it_was()
    {
        using TempFolder folder = new();
        Write(folder);
        string aside = folder.Store + ".damaged-20260101T000000Z";
        File.WriteAllText(aside, Household.Anna);
        Assert.SkipUnless(folder.TryPin(folder.Store), "needs root, to mount a file on itself");
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        List<string> before = Household.Records(reader);
        StoreException refused = Assert.Throws<StoreException>(() => store.Forget(Household.Anna));
        Assert.Contains("left as it is", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Household.Records(reader));
        Assert.True(File.Exists(aside));
        Assert.False(File.Exists(StoreCompaction.PathOf(folder.Store)));
        store.BeginRun("live", "1");
        store.Write(Household.Batch(10_001, 1));
        Assert.True(store.Flush(TimeSpan.FromSeconds(30)));
        folder.Unpin();
        Assert.NotEqual(0, store.Forget(Household.Anna).Flows);
        Assert.False(File.Exists(aside));
        Assert.Empty(Household.MarksIn(folder));
    }
}
