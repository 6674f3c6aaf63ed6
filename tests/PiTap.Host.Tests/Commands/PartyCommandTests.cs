using System.Text.Json;
using PiTap.Host.Live;
using PiTap.Host.Remote;
using PiTap.Host.Tests.Remote;
using PiTap.Model;

namespace PiTap.Host.Tests.Commands;

/// <summary>The verbs that tell parties, on the demonstration.</summary>
public sealed class PartyCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Db => _folder.File("demo.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_demonstration_names_who_was_not_declared_and_where_they_are_in_eighty_cells()
    {
        using TestSurface test = new(isTerminal: true, width: 80, environment: "NO_COLOR=1");
        Assert.Equal(0, test.Run("demo", "--fast", "--db", Db));
        Assert.Equal("", test.Error);
        Assert.Contains("made-up capture", test.Output, StringComparison.Ordinal);
        Assert.Matches("Ada-iPhone +Agora +undeclared +CN +CN GB US +1 of 3", test.Output);
        Assert.Matches("Ben-iPhone +in the network of EnjoyVC +undeclared +HK +HK", test.Output);
        Assert.Matches("Ada-iPhone +Clubhouse +first party", test.Output);
        Assert.Contains("Undeclared: Agora, at home in China, with servers in China,", test.Output, StringComparison.Ordinal);
        Assert.All(test.Output.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_demonstration_does_not_touch_a_store_that_is_there()
    {
        File.WriteAllText(Db, "mine");
        using TestSurface test = new();
        Assert.Equal(2, test.Run("demo", "--fast", "--db", Db));
        Assert.Contains("is there already", test.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Db));
    }

    [Theory]
    [InlineData("Agora", "--party", "agora")]
    [InlineData("Agora", "--country", "GB")]
    [InlineData("in the network of EnjoyVC", "--country", "hk", "--party", "enjoy")]
    [InlineData("Clubhouse", "--role", "first-party")]
    [InlineData("Clubhouse", "--role", "first party")]
    [InlineData("Apple", "--role", "platform", "--host", "time.apple.com")]
    public void Parties_contacts_and_flows_are_asked_for_by_who_they_are(string party, params string[] filter)
    {
        Play();
        foreach (string verb in (string[])["parties", "contacts", "flows"])
        {
            string[] lines = Ask([verb, "--profile", "clubhouse-2021", .. filter]);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Equal(party, Field(line, "party").GetString()));
        }
    }

    [Fact]
    public void Without_a_profile_nothing_is_declared_and_nobody_is_a_first_party()
    {
        Play();
        foreach (string line in Ask("parties"))
        {
            Assert.Equal(JsonValueKind.Null, Field(line, "declared").ValueKind);
            Assert.NotEqual("first-party", Field(line, "role").GetString());
        }
    }

    [Fact]
    public void A_partys_sums_are_those_of_its_contacts_also_of_one_run()
    {
        Play();
        foreach (string[] run in (string[][])[[], ["--run", "1"]])
        {
            long contacts = Ask(["contacts", .. run]).Sum(static line => Field(line, "bytesUp").GetInt64());
            long parties = Ask(["parties", .. run]).Sum(static line => Field(line, "bytesUp").GetInt64());
            Assert.Equal(contacts, parties);
            Assert.NotEqual(0, parties);
        }
    }

    [Theory]
    [InlineData("--country: 'China' is no code of two letters", "parties", "--country", "China")]
    [InlineData("--role: 'friend' is none of", "parties", "--role", "friend")]
    [InlineData("there is no profile 'nope'; there are", "parties", "--profile", "nope")]
    [InlineData("there is no profile 'nope'; there are", "replay", "--profile", "nope", "x.pcap")]
    [InlineData("--party needs a value", "contacts", "--party", "")]
    public void What_is_asked_for_wrongly_is_refused_and_changes_nothing(string sentence, params string[] arguments)
    {
        File.WriteAllBytes(_folder.File("x.pcap"), File.ReadAllBytes(SampleCapture.Demo));
        if (arguments[0] != "replay")
            Play();
        using TestSurface test = new();
        string[] inFolder = [.. arguments.Select(argument => argument == "x.pcap" ? _folder.File(argument) : argument)];
        Assert.Equal(2, test.Run([.. inFolder, "--db", Db]));
        Assert.Contains(sentence, test.Error, StringComparison.Ordinal);
        Assert.Equal("", test.Output);
        Assert.Equal(arguments[0] != "replay", File.Exists(Db));
    }

    [Fact]
    public void Profiles_are_listed_with_those_of_the_users_folder()
    {
        Keep(Profile());
        using TestSurface test = new();
        Assert.Equal(0, test.Run("data", "profiles", "--db", Db));
        Assert.Matches("(?m)^mine +Clubhouse", test.Output);
        Assert.Matches("(?m)^clubhouse-2021 +Clubhouse", test.Output);
    }

    [Fact]
    public void Whom_a_profile_declares_and_no_table_has_is_named_wherever_the_profile_is_used()
    {
        Play();
        Keep(Profile().Replace("\"declared\": []",
            """
            "declared": [{"company": "Agora"}, {"company": "META"}, {"company": "Agorra Inc."},
                {"company": "Nobody", "domains": ["nobody.org"]}]
            """, StringComparison.Ordinal));
        const string sentence = "pitap: The profile 'mine' declares 'Agorra Inc.', which no table has: what goes there counts as "
            + "undeclared. Write the name as 'pitap parties' shows it, or give its domains in the profile.\n";
        foreach (string[] verb in (string[][])[["data", "profiles"], ["parties", "--profile", "mine"], ["flows", "--profile", "mine"]])
        {
            using TestSurface test = new();
            Assert.Equal(0, test.Run([.. verb, "--db", Db]));
            Assert.Equal(sentence, test.Error);
        }
        using TestSurface other = new();
        Assert.Equal(0, other.Run("parties", "--profile", "clubhouse-2021", "--db", Db));
        Assert.Equal("", other.Error);
    }

    [Fact]
    [Trait("cap", "Host.AppProfiles.MaxNamed")]
    public void Of_many_that_no_table_has_five_are_named_and_the_others_counted()
    {
        string[] declared = [.. Enumerable.Range(1, 8).Select(static i => $"{{\"company\": \"Nobody {i}\"}}")];
        Keep(Profile().Replace("\"declared\": []", $"\"declared\": [{string.Join(',', declared)}]", StringComparison.Ordinal));
        using TestSurface test = new();
        Assert.Equal(0, test.Run("data", "profiles", "--db", Db));
        Assert.Contains("'Nobody 5' and 3 more, which", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_of_the_users_that_is_not_whole_is_refused_by_file_and_place()
    {
        Play();
        Directory.CreateDirectory(_folder.File("profiles"));
        File.WriteAllText(_folder.File("profiles/mine.json"), "{\"id\": \"mine\"");
        using TestSurface test = new();
        Assert.Equal(1, test.Run("parties", "--profile", "mine", "--db", Db));
        Assert.Contains("mine.json", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Watching_tells_each_party_until_the_capture_ends()
    {
        LiveFeed feed = new();
        using DaemonServer server =
            DaemonServer.Open(Db, new DaemonServices(static _ => new FakeReader(), feed, new FakeControl()));
        feed.Publish(new LiveState { Version = 1, Parties = [new LiveParty { Record = SampleParty(), DeviceName = "phone" }] });
        feed.End();
        using TestSurface test = new();
        Assert.Equal(0, test.Run("watch", "--db", Db));
        Assert.Matches("phone  Agora  third party, home CN, hosted in US, a.example\n", test.Output);
        Assert.Contains("The capture ended.", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_capture_there_is_nothing_to_watch()
    {
        using TestSurface test = new();
        Assert.Equal(1, test.Run("watch", "--db", Db));
        Assert.Equal($"pitap: Nothing is captured into the store {Db} now: begin with 'pitap live --interface NAME', or name the store "
            + "of a capture that runs with --db.\n", test.Error);
    }

    [Theory]
    [InlineData("No party matches 'agorra'; there are Agora,", "--party", "agorra")]
    [InlineData("Nobody has the role 'first-party'; there are local, platform, third-party, unknown.", "--role", "first-party")]
    [InlineData("With --profile an app's own are first parties.", "--role", "first-party")]
    [InlineData("registered in XX; there are CN, GB, HK, JP, SG, US.", "--country", "XX")]
    [InlineData("No host matches 'enjoyvc'.", "--host", "enjoyvc")]
    [InlineData("No host matches 'agorra'; the nearest ", "--host", "agorra")]
    [InlineData("There is no run 7; the store has run 1 alone.", "--run", "7")]
    public void What_was_asked_for_without_success_is_named_with_what_there_is(string sentence, params string[] filter)
    {
        Play();
        using TestSurface test = new(width: 80, environment: "COLUMNS=80");
        Assert.Equal(0, test.Run(["parties", .. filter, "--db", Db]));
        Assert.Contains(sentence, test.Error, StringComparison.Ordinal);
        Assert.Equal("(none)\n", test.Output);
    }

    [Fact]
    public void What_the_tables_point_to_has_the_same_profile()
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run("demo", "--fast", "--db", Db));
        Assert.Contains($"'pitap parties --all --db {Db} --profile clubhouse-2021' shows them.", test.Output, StringComparison.Ordinal);
        Assert.Contains($"'pitap flows --db {Db} --profile clubhouse-2021'", test.Output, StringComparison.Ordinal);
        using TestSurface again = new();
        Assert.Equal(0, again.Run("parties", "--profile", "clubhouse-2021", "--db", Db));
        Assert.Contains($"'pitap flows --db {Db} --profile clubhouse-2021'", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_to_be_one_of_several_is_listed_in_a_line()
    {
        using TestSurface test = new();
        Assert.Equal(2, test.Run("data", "undo", "nothing", "--db", Db));
        Assert.DoesNotContain("\\u{", test.Error, StringComparison.Ordinal);
        Assert.Contains("Must be one of: 'hosted' 'hosted-second'", test.Error, StringComparison.Ordinal);
    }

    private static PartyRecord SampleParty() => new()
    {
        Device = "02:00:00:00:00:01",
        Attribution = new PartyAttribution
        {
            Party = "Agora",
            PartyReason = "domain agora.io",
            Role = PartyRole.ThirdParty,
            RoleReason = "category rtc",
            HomeCountry = "CN",
            HostedIn = ["US"],
        },
        Hosts = ["a.example"],
    };

    private static string Profile() => File.ReadAllText(Path.Combine(
        Path.GetDirectoryName(SampleCapture.Demo)!, "../../../../src/PiTap.Catalogue/data/profiles/clubhouse-2021.json"))
        .Replace("clubhouse-2021", "mine", StringComparison.Ordinal);

    private void Keep(string profile)
    {
        Directory.CreateDirectory(_folder.File("profiles"));
        File.WriteAllText(_folder.File("profiles/mine.json"), profile);
    }

    private void Play()
    {
        using TestSurface demo = new();
        Assert.Equal(0, demo.Run("demo", "--fast", "--db", Db));
    }

    private string[] Ask(params string[] arguments)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run([.. arguments, "--format", "jsonl", "--db", Db]));
        return test.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonElement Field(string line, string name) => JsonDocument.Parse(line).RootElement.GetProperty(name);
}
