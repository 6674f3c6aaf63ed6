namespace PiTap.Host.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string, string> WrongUsage => new()
    {
        { "", "Required command" },
        { "bogus", "There is no command 'bogus'." },
        { "--bogus", "'--bogus'" },
        { "live", "'--interface' is required" },
        { "live --interface", "missing" },
        { "live --interface a/b", "'a/b' is no interface name" },
        { "live --interface sixteen-letters-", "is no interface name" },
        { "live -i eth0 --filter=", "missing for option: '--filter'" },
        { "live -i eth0 --snaplen 95", "'95' is no whole number from 96 to 262144" },
        { "live -i eth0 --snaplen x", "'x' is no whole number" },
        { "live -i eth0 --buffer 1XB", "'1XB' is no size" },
        { "live -i eth0 --buffer 1KiB", "is outside 1.00 MiB to 1.00 GiB" },
        { "live -i eth0 --clients 10.0.0.300", "'10.0.0.300' is no address" },
        { "live -i eth0 --ignore a/b", "'a/b' is no host name suffix" },
        { "live -i eth0 --ignore .", "'.' is no host name suffix" },
        { "live -i eth0 --management-ports 22,0", "'0' is no port" },
        { "live -i eth0 --management-ports none,22", "'none' is no port" },
        { "live -i eth0 --duration 5", "'5' is no duration" },
        { "live -i eth0 --flow-timeout never", "'never' is no duration" },
        { "live -i eth0 --retain-days 0", "'0' is no whole number from 1" },
        { "live -i eth0 --max-size 1KiB", "is outside" },
        { "live -i eth0 --db=", "missing for option: '--db'" },
        { "live -i eth0 extra", "'extra'" },
        { "replay", "'FILE'" },
        { "replay x --clients 1/2/3", "is no address" },
        { "replay --bogus x", "There is no option '--bogus'" },
        { "replay x -v", "There is no option '-v'" },
        { "forget --bogus", "There is no option '--bogus'" },
        { "flows --verdict good", "'good' is none of readable, encrypted and opaque" },
        { "flows --protocol tls,nosuch", "'nosuch' is none of" },
        { "flows --sort colour", "'colour' is none of start" },
        { "contacts --limit 0", "'0' is no whole number from 1" },
        { "devices --host x", "'--host'" },
        { "names --verdict readable", "'--verdict'" },
        { "flows --host .", "'.' is no host" },
        { "replay x --flow-timeout 0s", "'0s' is no duration" },
        { "flows --format xml", "'xml' is none of table, jsonl and csv" },
        { "flows --since 25:00", "'25:00' is no time" },
        { "flows --since yesterday", "'yesterday' is no time" },
        { "flows --until 2021-13-01", "'2021-13-01' is no time" },
        { "flows --device=", "missing for option: '--device'" },
        { "contacts --host=", "missing for option: '--host'" },
        { "devices extra", "'extra'" },
        { "names --json", "'--json'" },
        { "stats --format table", "'--format'" },
        { "data", "Required command" },
        { "data show x", "'x'" },
        { "data import", "'FILE'" },
        { "data import --bogus", "There is no option '--bogus'" },
        { "data undo", "'SET'" },
        { "doctor --interface x", "'--interface'" },
    };

    [Theory]
    [MemberData(nameof(WrongUsage))]
    public void Wrong_usage_ends_with_2_and_a_sentence(string arguments, string sentence)
    {
        using TestSurface test = new();
        int code = test.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, code);
        Assert.Equal("", test.Output);
        Assert.Contains(sentence, test.Error, StringComparison.Ordinal);
        Assert.All(test.Error.TrimEnd().Split('\n'), static line => Assert.StartsWith("pitap: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--clients", "--clients: needs at least one")]
    [InlineData("--ignore", "--ignore needs at least one")]
    public void A_list_of_nothing_is_refused(string option, string sentence)
    {
        foreach (string nothing in (string[])["", " ", ","])
        {
            using TestSurface test = new();
            Assert.Equal(2, test.Run("replay", option, nothing, "x"));
            Assert.Contains(sentence, test.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("flows", "--db")]
    [InlineData("flows", "--host")]
    [InlineData("names", "--device")]
    public void A_blank_value_is_none(string verb, string option)
    {
        using TestSurface test = new();
        Assert.Equal(2, test.Run(verb, option, " "));
        Assert.Contains(option + " needs a value", test.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("live --help")]
    [InlineData("replay --help")]
    [InlineData("flows --help")]
    [InlineData("contacts --help")]
    [InlineData("devices --help")]
    [InlineData("names --help")]
    [InlineData("stats --help")]
    [InlineData("doctor --help")]
    public void Help_is_there(string arguments)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run(arguments.Split(' ')));
        Assert.Contains("Usage:", test.Output, StringComparison.Ordinal);
        Assert.Equal("", test.Error);
    }

    [Theory]
    [InlineData("live", "--retain-days", "default: 90")]
    [InlineData("live", "--max-size", "default: 2.00 GiB")]
    [InlineData("live", "--management-ports", "default: 22")]
    [InlineData("live", "--snaplen", "default: ")]
    [InlineData("live", "--buffer", "default: ")]
    [InlineData("live", "--duration", "default: at Ctrl-C")]
    [InlineData("replay", "--flow-timeout", "default: ")]
    [InlineData("replay", "--clients", "default: of all")]
    [InlineData("flows", "--limit", "default: all")]
    [InlineData("flows", "--run", "default: all runs")]
    [InlineData("contacts", "--sort", "default: bytes in a table")]
    [InlineData("flows", "--format", "default: table")]
    [InlineData("flows", "--db", "default: /")]
    [Trait("cap", "Store.StoreOptions.MaxSizeBytes")]
    public void Help_names_the_default_of_an_option(string verb, string option, string standard)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run(verb, "--help"));
        string text = string.Join(' ', test.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        int begin = text.IndexOf(option + " ", text.IndexOf("Options:", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(standard, text[begin..Math.Min(text.Length, begin + 420)], StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_names_the_exit_codes()
    {
        using TestSurface test = new();
        test.Run("--help");
        Assert.Contains("Exit codes: 0 done, 1 failed (standard error says why), 2 wrong usage.", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_one_line()
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run("--version"));
        Assert.Matches("^pitap [0-9]+\\.[0-9]+\\.[0-9]+\n$", test.Output);
    }

    [Theory]
    [InlineData("flows")]
    [InlineData("contacts")]
    [InlineData("devices")]
    [InlineData("names")]
    [InlineData("stats")]
    public void A_missing_store_gets_a_sentence(string verb)
    {
        using TestFolder folder = new();
        using TestSurface test = new();
        Assert.Equal(1, test.Run(verb, "--db", folder.File("none.db")));
        Assert.Contains("There is no store at", test.Error, StringComparison.Ordinal);
        Assert.Equal("", test.Output);
    }

    [Theory]
    [InlineData("flows")]
    [InlineData("devices")]
    [InlineData("stats")]
    [InlineData("forget x")]
    [InlineData("replay x")]
    [InlineData("live -i lo")]
    public void A_folder_is_no_store(string verb)
    {
        using TestFolder folder = new();
        using TestSurface test = new();
        Assert.Equal(2, test.Run([.. verb.Split(' '), "--db", folder.Path]));
        Assert.Equal($"pitap: {folder.Path} is a folder, not a store.\n", test.Error);
    }

    [Fact]
    public void Bad_files_each_get_a_sentence_before_anything_is_written()
    {
        using TestFolder folder = new();
        File.WriteAllBytes(folder.File("empty"), []);
        File.WriteAllText(folder.File("text"), "This is a text, and a text is no capture at all.");
        using TestSurface test = new();
        int code = test.Run(
            "replay", "--db", folder.File("x.db"), folder.File("missing"), folder.Path, folder.File("empty"), folder.File("text"),
            "@" + folder.File("text"));
        Assert.Equal(1, code);
        string[] lines = test.Error.TrimEnd().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Contains("There is no file", lines[0], StringComparison.Ordinal);
        Assert.Contains("is a directory", lines[1], StringComparison.Ordinal);
        Assert.Contains("is empty", lines[2], StringComparison.Ordinal);
        Assert.Contains("is no capture", lines[3], StringComparison.Ordinal);
        Assert.Contains("There is no file @", lines[4], StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("x.db")));
    }

    [Fact]
    public void A_hostile_file_name_does_not_reach_the_terminal()
    {
        using TestSurface test = new();
        Assert.Equal(1, test.Run("replay", "\u001b]0;title\u0007.pcap"));
        Assert.DoesNotContain(test.Error, static c => c is '\u001b' or '\u0007');
    }
}
