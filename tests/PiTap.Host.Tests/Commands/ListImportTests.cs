using System.Text.Json;

namespace PiTap.Host.Tests.Commands;

/// <summary>Lists of trackers that a user brings: what they change, and how that is taken back.</summary>
public sealed class ListImportTests : IDisposable
{
    private const string Services = """
        { "license": "x", "categories": { "Advertising": [ { "Example Ads": { "https://example.org/": ["example.org", "co.uk"] } } ] } }
        """;

    private const string Exodus = """
        { "trackers": { "1": { "name": "Example SDK", "network_signature": "www\\.example\\.org|.*\\.a\\.example" } } }
        """;

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_tells_who_a_host_is_until_it_is_taken_out()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), host: "www.example.org");
        Assert.Equal(0, Run(out _, "replay", _folder.File("a.pcapng"), "--db", Db).Code);
        Assert.Equal(("example.org", null, "domain example.org, which no table has", "unknown"), Who());

        Assert.Equal((0, ""), Run(out string said, "data", "import", Write("trackers.json", Services), "--db", Db));
        Assert.Equal("'disconnect' has 1 domain, of 2026-05-06, and is used from now on, behind PiTap's own table. Left out: "
            + "public suffixes (1). 'pitap data undo disconnect' takes it out.", OneLine(said));
        const string Doubt = ", but 192.0.2.80 is reserved for documentation (RFC 5737)";
        Assert.Equal(("Example Ads", "Example Ads", "domain example.org, by Disconnect" + Doubt, "third-party"), Who());

        Assert.Equal((0, ""), Run(out _, "data", "import", Write("x", Exodus), "--db", Db));
        Assert.Equal("Example Ads", Who().Party);
        Assert.Equal((0, ""), Run(out said, "data", "show", "--db", Db));
        Assert.Contains("imported: trackers.json", said, StringComparison.Ordinal);
        Assert.Contains("imported: x", said, StringComparison.Ordinal);
        Assert.Equal((0, ""), Run(out _, "data", "undo", "disconnect", "--db", Db));
        Assert.Equal(("Example SDK", null, "domain www.example.org, by Exodus" + Doubt, "unknown"), Who());
        Assert.Equal((0, ""), Run(out _, "data", "undo", "exodus", "--db", Db));
        Assert.Equal("example.org", Who().Party);
        Assert.Equal((1, "pitap: Nothing was imported for 'exodus'; see 'pitap data show'.\n"),
            Run(out _, "data", "undo", "exodus", "--db", Db));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("data")));
    }

    [Fact]
    public void A_list_that_is_refused_changes_nothing()
    {
        Assert.Equal((1, "pitap: Nothing was imported: bad: categories.Social[0].A: entries in braces belong here; take that out, or get "
            + "the list anew.\n"), Run(out _, "data", "import", Write("bad", "{\"categories\":{\"Social\":[{\"A\":7}]}}"), "--db", Db));
        Assert.False(Directory.Exists(_folder.File("data")));

        Assert.Equal(0, Run(out _, "data", "import", Write("good", Services), "--db", Db).Code);
        byte[] before = File.ReadAllBytes(_folder.File("data/disconnect.tsv"));
        Assert.Equal(1, Run(out _, "data", "import", Write("cut", Services[..^9]), "--db", Db).Code);
        Assert.Equal(1, Run(out _, "data", "import", Write("two", Services), _folder.File("good"), "--db", Db).Code);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("data/disconnect.tsv")));
        Assert.Equal(["disconnect.tsv"], Directory.EnumerateFiles(_folder.File("data")).Select(static file => Path.GetFileName(file)));
    }

    [Fact]
    public void A_list_that_was_damaged_later_is_named_with_the_way_out()
    {
        Assert.Equal(0, Run(out _, "data", "import", Write("list", Services), "--db", Db).Code);
        string set = _folder.File("data/disconnect.tsv");
        File.WriteAllText(set, File.ReadAllText(set).Replace("Example Ads", "Another Ads", StringComparison.Ordinal));
        string sentence = $"pitap: The imported set {set} cannot be read: its checksum is another one. "
            + "'pitap data undo disconnect' takes it out.\n";
        Assert.Equal((1, sentence), Run(out _, "data", "show", "--db", Db));
        Assert.Equal(0, Run(out _, "data", "undo", "disconnect", "--db", Db).Code);
        Assert.Equal((0, ""), Run(out _, "data", "show", "--db", Db));
    }

    private (string? Party, string? Company, string? Reason, string? Role) Who()
    {
        Assert.Equal((0, ""), Run(out string said, "contacts", "--host", "www.example.org", "--format", "jsonl", "--db", Db));
        JsonElement line = JsonSerializer.Deserialize<JsonElement>(said);
        return (line.GetProperty("party").GetString(), line.GetProperty("company").GetString(), line.GetProperty("partyReason").GetString(),
            line.GetProperty("role").GetString());
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        File.SetLastWriteTimeUtc(_folder.File(name), new DateTime(2026, 5, 6, 12, 0, 0, DateTimeKind.Utc));
        return _folder.File(name);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static (int Code, string Error) Run(out string output, params string[] arguments)
    {
        using TestSurface test = new();
        int code = test.Run(arguments);
        output = test.Output;
        return (code, test.Error);
    }
}
