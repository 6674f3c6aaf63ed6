using System.Globalization;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

/// <summary>How much of what was found is shown, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class OutputCapTests
{
    [Fact]
    [Trait("cap", "Host.Table.MaxCellChars")]
    public void A_cell_has_at_most_256_characters_wherever_it_is_printed()
    {
        using TestSurface test = new();
        Table table = new(test.Surface, [new Column("Name", ColumnKind.Name), new Column("Text")]);
        table.Add(new string('n', 300) + "e", "t" + new string('x', 300));
        table.End();
        Assert.Equal($"\u2026{new string('n', 254)}e  t{new string('x', 254)}\u2026", test.Output.Split('\n')[1]);
    }

    [Fact]
    [Trait("cap", "Host.Table.MaxChunkRows")]
    public void A_table_on_a_terminal_is_laid_out_a_thousand_rows_at_a_time()
    {
        using TestSurface test = new(isTerminal: true, environment: "TERM=dumb");
        Table table = new(test.Surface, [new Column("Name")]);
        for (int i = 0; i < 1_001; i++)
            table.Add("row");
        table.End();
        string[] lines = test.Output.Split('\n');
        Assert.Equal([0, 1_001], lines.Index().Where(static line => line.Item.Trim() == "Name").Select(static line => line.Index));
    }

    [Fact]
    [Trait("cap", "Host.Roster.MaxDevices")]
    public void Of_a_store_that_was_flooded_with_devices_those_with_names_and_some_others_are_kept()
    {
        const int kept = 32_768;
        IEnumerable<DeviceRecord> devices = Enumerable.Range(0, 3 * kept).Select(static i => new DeviceRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"d{i}"),
            DhcpName = i % 30 == 0 ? "phone" : null,
            FirstSeenNs = i,
            LastSeenNs = i % 30 == 0 ? i : 5_000_000 - i % kept,
        });
        DeviceRecord[] roster = [.. Roster.Kept(devices)];
        Assert.Equal(kept, roster.Count(static device => device.DhcpName is null));
        Assert.Equal((3 * kept + 29) / 30, roster.Count(static device => device.DhcpName is not null));
        // The one that was seen last, wherever it comes.
        DeviceRecord last = new() { Id = "last", FirstSeenNs = 9, LastSeenNs = 9_000_000 };
        Assert.Equal("last", Roster.Kept(devices.Append(last)).Last().Id);
    }

    [Fact]
    [Trait("cap", "Host.FoundTables.MaxRows")]
    public void The_end_of_a_run_shows_twenty_rows_of_each_table()
    {
        using TestSurface test = new();
        PartyRecord[] parties = [.. Enumerable.Range(0, 30).Select(static i => new PartyRecord
        {
            Device = "02:00:00:00:01:00",
            Attribution = new PartyAttribution { Party = $"h{i}.example", PartyReason = "domain", RoleReason = "none" },
        })];
        DeviceRecord[] devices = [.. Enumerable.Range(0, 30).Select(static i => new DeviceRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"02:00:00:00:01:{i:x2}"),
            FirstSeenNs = 1,
            LastSeenNs = 2,
        })];
        new FoundTables(devices, 30, [], parties, new Who(null)).Write(test.Surface, null, [], []);
        Assert.Contains("Devices (the first 20 of 30)", test.Output, StringComparison.Ordinal);
        Assert.Contains("Who they talked to (the first 20 of 30)", test.Output, StringComparison.Ordinal);
        Assert.Equal(20, test.Output.Split(".example").Length - 1);
        Assert.Contains("02:00:00:00:01:13", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("02:00:00:00:01:14", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("cap", "Host.DisplayText.MaxMarks")]
    public void Three_marks_stand_on_a_letter_and_further_ones_are_written_out() => Assert.Equal(
        "e\u0301\u0301\u0301\\u{301}\\u{301}x\u0301", DisplayText.Clean("e\u0301\u0301\u0301\u0301\u0301x\u0301", isUnicode: true));

    [Fact]
    [Trait("cap", "Host.LivePicture.MaxRows")]
    public void The_picture_of_a_run_has_eight_rows_in_each_group_on_a_terminal_of_any_size() =>
        Assert.Equal(1 + 2 * (1 + 8), LivePicture.Lines(Many("a.example", "phone"), width: 200, height: 200).Count);

    [Fact]
    [Trait("cap", "Host.LivePicture.MaxPartyCells")]
    [Trait("cap", "Host.LivePicture.MaxHostCells")]
    [Trait("cap", "Host.LivePicture.MaxDeviceCells")]
    public void The_picture_of_a_run_cuts_long_names()
    {
        string row = LivePicture.Lines(Many(new string('h', 100), new string('d', 40)), width: 250, height: 24)[2];
        Assert.StartsWith($"  \u2026{new string('d', 19)}  {new string('p', 39)}\u2026  ", row, StringComparison.Ordinal);
        Assert.EndsWith($"  \u2026{new string('h', 59)}", row, StringComparison.Ordinal);
    }

    private static LiveState Many(string host, string device) => new()
    {
        Parties =
        [
            .. Enumerable.Range(0, 50).Select(i => new LiveParty
            {
                Record = new PartyRecord
                {
                    Device = $"02:00:00:00:01:{i % 2:x2}",
                    Attribution = new PartyAttribution { Party = new string('p', 50), PartyReason = "domain", RoleReason = "none" },
                    Hosts = [host],
                },
                DeviceName = device,
            }),
        ],
    };
}
