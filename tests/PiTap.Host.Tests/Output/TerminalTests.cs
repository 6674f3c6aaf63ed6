using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(true, "TERM=xterm", true)]
    [InlineData(true, "NO_COLOR=1", false)]
    [InlineData(true, "NO_COLOR=", true)]
    [InlineData(true, "TERM=dumb", false)]
    [InlineData(true, "TERM=", false)]
    [InlineData(false, "TERM=xterm", false)]
    public void Escape_sequences_go_to_a_terminal_that_takes_them(bool isTerminal, string variable, bool hasEscapes)
    {
        using TestSurface test = new(isTerminal, isErrorTerminal: isTerminal, environment: variable);
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Roster.Empty))
            writer.Write(SampleRecords.Contact);
        using (LiveStatus status = new(test.Surface))
        {
            status.Show(new LiveState());
            status.Line("a message");
        }
        Assert.Equal(hasEscapes, test.Output.Contains('\u001b', StringComparison.Ordinal));
        Assert.Equal(hasEscapes, test.Error.Contains('\u001b', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("LANG=de_DE.UTF-8", true)]
    [InlineData("LANG=C.utf8", true)]
    [InlineData("LC_CTYPE=en_US.UTF-8", true)]
    [InlineData("LC_ALL=C", false)]
    [InlineData("LC_ALL=en_US.ISO-8859-1", false)]
    [InlineData("LANG=", false)]
    public void A_terminal_of_another_character_set_gets_ASCII(string variable, bool isUnicode)
    {
        using TestSurface test = new(isTerminal: true, width: 80, environment: variable);
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Roster.Empty))
            writer.Write(SampleRecords.Contact with { Host = "m\u00fcnchen." + new string('x', 90) + ".example" });
        test.Surface.Say("m\u00fcnchen");
        Assert.Equal(isUnicode, test.Output.Any(static c => c > '~'));
        Assert.Equal(isUnicode, test.Error.Any(static c => c > '~'));
        Assert.Equal(isUnicode ? "pitap: m\u00fcnchen\n" : "pitap: m\\u{FC}nchen\n", test.Error);
    }

    [Theory]
    [InlineData("COLUMNS=60", 60)]
    [InlineData("COLUMNS=0", null)]
    [InlineData("COLUMNS=x", null)]
    [InlineData("COLUMNS=4096", 4096)]
    [InlineData("COLUMNS=4097", null)]
    [InlineData("COLUMNS=99999999", null)]
    [InlineData("OTHER=1", null)]
    [Trait("cap", "Host.TerminalTraits.MaxColumns")]
    public void The_width_may_be_asked_for(string variable, int? columns) =>
        Assert.Equal(columns, TerminalTraits.Of(name => variable.Split('=')[0] == name ? variable.Split('=')[1] : null).Columns);

    [Theory]
    [InlineData("src/run.sh", "pitap", "src/run.sh")]
    [InlineData(null, "./bin/pitap", "./bin/pitap")]
    [InlineData(null, "pitap", "pitap")]
    [InlineData("", "dotnet", "pitap")]
    public void Hints_name_the_command_as_it_was_called(string? told, string started, string text)
    {
        CommandName command = CommandName.Of(name => name == "PITAP_COMMAND" ? told : null, started);
        Assert.Equal(text, command.Text);
        Assert.Equal($"See '{text} stats'.", command.In("See 'pitap stats'."));
    }

    [Fact]
    public void Messages_of_all_rooms_name_the_command_as_it_was_called()
    {
        using TestFolder folder = new();
        using TestSurface test = new(environment: "PITAP_COMMAND=src/run.sh");
        Assert.Equal(1, test.Run("flows", "--db", folder.File("none.db")));
        Assert.Contains("'src/run.sh replay FILE'", test.Error, StringComparison.Ordinal);
        Assert.Equal(2, test.Run("flows", "--bogus"));
        Assert.Contains("See 'src/run.sh flows --help'", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_in_the_zone_that_the_header_names()
    {
        TimeZoneInfo berlin = TimeZoneInfo.CreateCustomTimeZone("Test", TimeSpan.FromHours(1), "Test", "Test", "Test summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 4, 1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 1)),
        ]);
        ShownTime times = new(new ZoneClock(berlin, new DateTimeOffset(2021, 2, 12, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(("Start (+01:00)", "Times are +01:00."), (times.Column("Start", 1).Header, times.Column("Start", 1).ListNote));
        Assert.Equal("2021-02-12 18:00:00", times.Cell(1_613_149_200_000_000_000).Full);
        Assert.Equal("2021-07-12 19:00:00 +02:00", times.Cell(1_613_149_200_000_000_000 + 150 * 86_400_000_000_000).Full);
        Assert.Equal("1677-09-21 00:12:43 UTC", new ShownTime(new ZoneClock(TimeZoneInfo.Utc)).Sentence(long.MinValue));
    }
}
