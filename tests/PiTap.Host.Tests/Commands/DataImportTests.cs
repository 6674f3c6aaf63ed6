using System.Text;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Commands;

public sealed class DataImportTests
{
    [Fact]
    public void A_newer_set_is_used_until_it_is_taken_out()
    {
        using TestFolder folder = new();
        string db = folder.File("pitap.db");
        (string v4, string v6) = (Write(folder, "v4.csv", V4), Write(folder, "v6.csv", V6));
        Assert.Equal((0, ""), Run(out string said, "data", "import", v4, v6, "--db", db));
        Assert.Contains("2,402 rows of ", said, StringComparison.Ordinal);
        Assert.Contains("for 'hosted' are used from now on", said.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal((0, ""), Run(out said, "data", "show", "--db", db));
        Assert.Contains("imported: v4.csv and v6.csv", said, StringComparison.Ordinal);
        Assert.Equal((0, ""), Run(out _, "data", "undo", "hosted", "--db", db));
        Assert.Equal((0, ""), Run(out said, "data", "show", "--db", db));
        Assert.DoesNotContain("imported", said, StringComparison.Ordinal);
        Assert.Equal((1, "pitap: Nothing was imported for 'hosted'; see 'pitap data show'.\n"),
            Run(out _, "data", "undo", "hosted", "--db", db));
    }

    [Fact]
    public void A_second_source_has_a_place_of_its_own()
    {
        using TestFolder folder = new();
        string db = folder.File("pitap.db");
        (string v4, string v6) = (Write(folder, "v4.csv", V4), Write(folder, "v6.csv", V6));
        Assert.Equal((0, ""), Run(out _, "data", "import", v4, v6, "--as", "hosted-second", "--db", db));
        Assert.True(File.Exists(folder.File("data/hosted-second.set")));
        Assert.Equal(2, Run(out _, "data", "import", folder.File("v4.csv"), "--as", "vendors", "--db", db).Code);
        Assert.Equal(2, Run(out _, "data", "undo", "vendors", "--db", db).Code);
    }

    [Fact]
    public void What_cannot_be_taken_leaves_everything_as_it_was()
    {
        using TestFolder folder = new();
        string db = folder.File("pitap.db");
        Assert.Equal((1, "pitap: Nothing was imported: x.json: it is no database in MaxMind's format (mmdb), no list of ranges (csv: "
            + "first, last address, country or number), and no list of trackers (json) by AdGuard, DuckDuckGo, Disconnect or Exodus.\n"),
            Run(out _, "data", "import", Write(folder, "x.json", "{\"domains\":[]}"), "--db", db));
        string none = folder.File("none");
        Assert.Equal((1, $"pitap: There is no file {none}.\n"), Run(out _, "data", "import", none, "--db", db));
        Assert.Equal((1, $"pitap: {folder.Path} is a folder, not a file.\n"), Run(out _, "data", "import", folder.Path, "--db", db));
        Assert.False(Directory.Exists(folder.File("data")));
    }

    [Fact]
    [Trait("cap", "Catalogue.SetImport.MaxFileBytes")]
    public void A_file_beyond_64_mebibytes_is_not_read()
    {
        using TestFolder folder = new();
        string file = folder.File("v4.csv");
        using (FileStream large = new(file, FileMode.CreateNew))
            large.SetLength(65 << 20);
        Assert.Equal((1, $"pitap: {file} has more than 64.0 MiB.\n"),
            Run(out _, "data", "import", file, "--db", folder.File("pitap.db")));
    }

    [Fact]
    public void A_set_beyond_64_mebibytes_is_not_read()
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        string set = Write(folder, "data/networks.set", "");
        using (FileStream large = new(set, FileMode.Open))
            large.SetLength((64 << 20) + 1);
        Assert.Equal(
            (1, $"pitap: The imported set {set} cannot be read: it has more than 64 MiB. 'pitap data undo networks' takes it out.\n"),
            Run(out _, "data", "show", "--db", folder.File("pitap.db")));
    }

    [Fact]
    public void A_pipe_in_the_place_of_a_set_is_not_waited_for()
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        string set = folder.File("data/networks.set");
        Assert.SkipUnless(SpecialFile.TryMake("pipe", set, ""), "this user may not make one");
        Assert.Equal(
            (1, $"pitap: The imported set {set} cannot be read: it is a named pipe. 'pitap data undo networks' takes it out.\n"),
            Run(out _, "data", "show", "--db", folder.File("pitap.db")));
        Assert.Equal(0, Run(out _, "data", "undo", "networks", "--db", folder.File("pitap.db")).Code);
    }

    [Fact]
    public void A_damaged_set_is_named_with_the_way_out()
    {
        using TestFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        string set = Write(folder, "data/networks.set", "damaged");
        Assert.Equal(
            (1, $"pitap: The imported set {set} cannot be read: it is no packed set of PiTap. "
                + "'pitap data undo networks' takes it out.\n"),
            Run(out _, "data", "show", "--db", folder.File("pitap.db")));
        Assert.Equal(0, Run(out _, "data", "undo", "networks", "--db", folder.File("pitap.db")).Code);
    }

    private static string V4 => Lines(static i => $"1.{i / 256}.{i % 256}.0,1.{i / 256}.{i % 256}.255,{(i % 2 == 0 ? "SG" : "JP")}");

    private static string V6 => Lines(static i => $"2001:{i:x}::,2001:{i:x}:ffff:ffff:ffff:ffff:ffff:ffff,{(i % 2 == 0 ? "SG" : "JP")}");

    private static string Lines(Func<int, string> line) => string.Concat(Enumerable.Range(0, 1_200).Select(i => line(i) + "\n"));

    private static string Write(TestFolder folder, string name, string text)
    {
        File.WriteAllText(folder.File(name), text, Encoding.ASCII);
        return folder.File(name);
    }

    private static (int Code, string Error) Run(out string output, params string[] arguments)
    {
        using TestSurface test = new();
        int code = test.Run(arguments);
        output = test.Output;
        return (code, test.Error);
    }
}
