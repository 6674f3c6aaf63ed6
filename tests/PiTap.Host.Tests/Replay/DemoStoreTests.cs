using PiTap.Host.Platform;
using PiTap.Host.Replay;
using PiTap.Store;

namespace PiTap.Host.Tests.Replay;

/// <summary>What the demonstration deletes to begin anew, and what it leaves alone.</summary>
public sealed class DemoStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Folder => _folder.File("pitap");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_store_of_the_demonstration_before_goes_and_everything_else_stays()
    {
        Directory.CreateDirectory(Folder);
        string[] kept = ["demo-mine.db", "demo.db.bak", "demo.db.lock", "demography.db.txt", "demos.db"];
        string[] gone = ["demo-log.db", "demo.db", "demo.db.compact", "demo.db.damaged-20210207T120000Z"];
        foreach (string name in (string[])[.. kept, .. gone])
            File.WriteAllText(Path.Combine(Folder, name), "");
        Assert.Equal(Path.Combine(Folder, "demo.db"), DemoStore.Clear(Folder));
        Assert.Equal(kept, Directory.GetFiles(Folder).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_in_the_place_of_the_folder_is_not_followed()
    {
        string victim = _folder.File("victim");
        Directory.CreateDirectory(victim);
        File.WriteAllText(Path.Combine(victim, "demo.db"), "mine");
        Directory.CreateSymbolicLink(Folder, victim);
        CliException refusal = Assert.Throws<CliException>(() => DemoStore.Clear(Folder));
        Assert.Contains("is a link", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(victim, "demo.db")));
    }

    [Fact]
    public void The_store_of_a_demonstration_that_is_being_played_is_left_to_it()
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, "demo.db");
        using (RecordStore store = RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System))
        {
            CliException refusal = Assert.Throws<CliException>(() => DemoStore.Clear(Folder));
            Assert.Contains("Another demonstration", refusal.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(path));
        }
        Assert.Equal(path, DemoStore.Clear(Folder));
        Assert.False(File.Exists(path));
    }
}
