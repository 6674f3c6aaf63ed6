using PiTap.Host.Platform;
using PiTap.Host.Replay;
using PiTap.Store;

namespace PiTap.Host.Tests.Replay;

public sealed class DemoStoreTests : IDisposable
{
    private readonly TestFolder _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void A_demonstration_beside_one_that_runs_has_a_store_of_its_own()
    {
        string first = Place();
        using (RecordStore running = Open(first))
        {
            running.BeginRun("live", "1");
            string second = Place();
            Assert.Equal(["demo.db", "demo-2.db"], [Path.GetFileName(first), Path.GetFileName(second)]);
            using RecordStore also = Open(second);
            Assert.Equal("demo-3.db", Path.GetFileName(Place()));
            Assert.True(File.Exists(first));
        }
        Assert.Equal(first, Place());
        Assert.False(File.Exists(first));
    }

    [Fact]
    [Trait("cap", "Host.DemoStore.MaxStores")]
    public void Eight_may_run_at_one_time()
    {
        RecordStore[] running = [.. Enumerable.Range(0, 8).Select(_ => Open(Place()))];
        CliException refused = Assert.Throws<CliException>(() => { Place(); });
        Assert.Contains("8 demonstrations run already", refused.Message, StringComparison.Ordinal);
        foreach (RecordStore store in running)
            store.Dispose();
        Assert.Equal("demo.db", Path.GetFileName(Place()));
    }

    [Fact]
    public void A_link_in_the_place_of_the_folder_is_not_followed()
    {
        string victim = _cache.File("victim");
        Directory.CreateDirectory(victim);
        File.WriteAllText(Path.Combine(victim, "demo.db"), "mine");
        Directory.CreateSymbolicLink(_cache.File("pitap"), victim);
        CliException refused = Assert.Throws<CliException>(() => { Place(); });
        Assert.Contains("is a link", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(victim, "demo.db")));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_cache.File("file"), "");
        CliException refused = Assert.Throws<CliException>(() => { DemoStore.Place(null, _cache.File("file")); });
        Assert.Contains($"cannot be made in {_cache.File("file/pitap")}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--db", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, refused.Code);
    }

    private string Place() => DemoStore.Place(null, _cache.Path);

    private static RecordStore Open(string path) => RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System);
}
