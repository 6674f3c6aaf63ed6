using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class TableWidthTests
{
    private const string Tracker = "collect.metrics.example.net";

    /// <summary>Names that a network may send: as long as they get, wide, stacked, turned around, and with controls.</summary>
    private static readonly string[] s_hostile =
    [
        string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".xyz",
        string.Concat(Enumerable.Repeat("\u4e2d\u6587", 60)) + ".example",
        "e" + new string('\u0301', 200) + "vil.example",
        "\u202egro.elpmaxe\u202c.example",
        "\u001b[2J\u001b]0;x\u0007.example\n\tnext",
        string.Concat(Enumerable.Repeat("\U0001f4a9", 13)) + ".example",
        "\ud800broken\udc00.example",
        "",
    ];

    public static TheoryData<int, bool> Widths
    {
        get
        {
            TheoryData<int, bool> widths = [];
            foreach (int width in (int[])[20, 40, 60, 69, 70, 80, 100, 140, 300])
            {
                widths.Add(width, true);
                widths.Add(width, false);
            }
            return widths;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_line_is_wider_than_the_terminal(int width, bool isUnicode)
    {
        string locale = isUnicode ? "LC_ALL=de_DE.UTF-8" : "LC_ALL=C";
        using TestSurface test = new(isTerminal: true, width: width, environment: [locale, "NO_COLOR=1"]);
        WriteAll(test.Surface);
        string text = test.Output;
        Assert.DoesNotContain('\u202e', text);
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n'), line => Assert.InRange(DisplayText.Width(line), 0, width));
        if (!isUnicode)
            Assert.All(text, static c => Assert.InRange(c, '\n', '~'));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    public void Names_are_whole_before_anything_else_is_shown(int width)
    {
        using TestSurface test = new(isTerminal: true, width: width, environment: "NO_COLOR=1");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
            writer.Write(Contact(Tracker));
        string[] lines = test.Output.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 2, 5);
        string host = Assert.Single(lines, static line => line.Contains(Tracker, StringComparison.Ordinal));
        Assert.Contains("demo-phone", test.Output, StringComparison.Ordinal);
        Assert.Contains("2", test.Output, StringComparison.Ordinal);
        if (width >= Table.MinTableWidth)
            Assert.Contains("Readable", lines[0], StringComparison.Ordinal);
        else
            Assert.Equal(Tracker, host);
    }

    [Fact]
    public void At_160_cells_all_columns_are_there()
    {
        using TestSurface test = new(isTerminal: true, width: 160, environment: "NO_COLOR=1");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
            writer.Write(Contact(Tracker));
        Assert.Matches(
            "^Device +Host +Party +Known by +Protocol +Flows +Encrypted +Readable +Opaque +Up +Down +Last seen \\(UTC\\)\n", test.Output);
        Assert.Contains("1.84 KiB", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_must_be_cut_keeps_its_end()
    {
        using TestSurface test = new(isTerminal: true, width: 80, environment: "NO_COLOR=1");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
            writer.Write(Contact(new string('x', 100) + ".tracker.example"));
        Assert.Contains("\u2026x", test.Output, StringComparison.Ordinal);
        Assert.Matches("xxx\\.tracker\\.example ", test.Output);
    }

    [Fact]
    public void One_long_name_costs_the_others_no_column()
    {
        using TestSurface test = new(isTerminal: true, width: 100, environment: "NO_COLOR=1");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
        {
            writer.Write(Contact(Tracker));
            writer.Write(Contact(new string('x', 240) + ".example"));
        }
        Assert.Matches("^Device +Host +Party +Protocol .*Readable", test.Output);
        Assert.Contains(Tracker, test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_seventy_cells_a_record_is_a_few_lines()
    {
        using TestSurface test = new(isTerminal: true, width: 60, environment: "NO_COLOR=1");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
            writer.Write(Contact(Tracker));
        Assert.Equal(
            $"Times are UTC.\n{Tracker}\n  demo-phone  known by http-host  http  2 flows:  2 readable\n"
                + "  1.84 KiB up  1.18 KiB down  last seen 2021-02-12 17:00:00\n",
            test.Output);
    }

    [Fact]
    public void The_width_that_the_environment_asks_for_counts_without_a_terminal_too()
    {
        using TestSurface test = new(environment: "COLUMNS=60");
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Phone()))
            writer.Write(Contact(Tracker));
        Assert.StartsWith($"Times are UTC.\n{Tracker}\n  demo-phone", test.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("\u4e2d\u6587", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("\U0001f4a9", 2)]
    [InlineData("\uff21", 2)]
    [InlineData("\u00e4\u03b1\u0416", 3)]
    public void Cells_are_counted_as_a_terminal_does(string text, int cells) => Assert.Equal(cells, DisplayText.Width(text));

    [Fact]
    public void A_cut_leaves_no_half_of_a_wide_letter_and_no_lone_mark()
    {
        Assert.Equal("\u2026\u6587x", DisplayText.CutLeft("\u4e2d\u4e2d\u6587x", 4, isUnicode: true));
        Assert.Equal("\u2026x", DisplayText.CutLeft("aae\u0301x", 2, isUnicode: true));
        Assert.Equal("..x", DisplayText.CutLeft("aaaax", 3, isUnicode: false));
        Assert.Equal("\u4e2d\u2026", DisplayText.CutRight("\u4e2d\u4e2d\u6587x", 4, isUnicode: true));
    }

    private static void WriteAll(Surface surface)
    {
        using (IRecordWriter<ContactRecord> contacts = RecordTables.Contacts(surface, Phone()))
        {
            foreach (string name in s_hostile)
                contacts.Write(Contact(name) with { BytesDown = long.MaxValue, Flows = long.MaxValue, FlowsReadable = 12_345 });
        }
        using (IRecordWriter<FlowRecord> flows = RecordTables.Flows(surface, Phone()))
        {
            foreach (string name in s_hostile)
                flows.Write(SampleRecords.Flow with { Host = name, VerdictReason = name });
        }
        using (IRecordWriter<NameLookup> names = RecordTables.Names(surface, Phone()))
        {
            foreach (string name in s_hostile)
                names.Write(SampleRecords.Lookup with { Name = name, Answers = [new NameAnswer(name, 5, name, 1)] });
        }
        DeviceRecord[] devices =
            [.. s_hostile.Select(static (name, i) => SampleRecords.Device with { Id = $"02:00:00:00:01:0{i}", DhcpName = name })];
        using (IRecordWriter<DeviceRecord> writer = RecordTables.Devices(surface, new Roster(devices)))
        {
            foreach (DeviceRecord device in devices)
                writer.Write(device);
        }
        foreach (string name in s_hostile)
            surface.Paragraph($"Lost on {name}: 1 packet by the kernel.");
    }

    private static Roster Phone() => new([SampleRecords.Device with { Id = "02:00:00:00:42:07", DhcpName = "demo-phone" }]);

    private static ContactRecord Contact(string host) => new()
    {
        Device = "02:00:00:00:42:07",
        Host = host,
        HostSource = HostSource.HttpHost,
        AppProtos = 1UL << (int)AppProtocol.Http,
        Flows = 2,
        FlowsReadable = 2,
        BytesUp = 1_884,
        BytesDown = 1_208,
        LastSeenNs = 1_613_149_200_000_000_000,
    };
}
