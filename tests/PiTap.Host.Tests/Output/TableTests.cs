using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class TableTests
{
    private static readonly ContactRecord s_contact = new()
    {
        Device = "02:00:00:00:00:01",
        Host = "[red]x[/] \u001b[2J \u202e",
        HostSource = HostSource.TlsSni,
        Flows = 1234,
        BytesUp = 2048,
    };

    [Fact]
    public void Without_a_terminal_rows_are_plain_lines()
    {
        using TestSurface test = new();
        Table table = new(test.Surface, [new Column("Name"), new Column("Count", ColumnKind.Number), new Column("Rest")]);
        table.Add("a", "1", "x");
        table.Add("longer", "1,000", null);
        table.End();
        Assert.Equal("Name    Count  Rest\na           1  x\nlonger  1,000  -\n", test.Output);
    }

    [Fact]
    public void An_empty_table_has_its_header()
    {
        using TestSurface test = new();
        new Table(test.Surface, [new Column("Name")]).End();
        Assert.Equal("Name\n", test.Output);
    }

    [Fact]
    public void A_long_table_has_one_header()
    {
        using TestSurface test = new();
        Table table = new(test.Surface, [new Column("Name")]);
        for (int i = 0; i < 2500; i++)
            table.Add("row");
        table.End();
        Assert.Equal(2501, test.Output.Count(static c => c == '\n'));
        Assert.Single(test.Output.Split('\n'), "Name");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_hostile_name_is_neither_markup_nor_an_escape_sequence(bool isTerminal)
    {
        using TestSurface test = new(isTerminal);
        using (IRecordWriter<ContactRecord> writer = RecordTables.Contacts(test.Surface, Roster.Empty))
            writer.Write(s_contact);
        string text = test.Output.Replace("\n", "", StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains("[red]x[/]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_record_has_a_row()
    {
        using TestSurface test = new();
        using (IRecordWriter<FlowRecord> flows = RecordTables.Flows(test.Surface, Roster.Empty))
            flows.Write(SampleRecords.Flow);
        using (IRecordWriter<NameLookup> names = RecordTables.Names(test.Surface, Roster.Empty))
            names.Write(SampleRecords.Lookup);
        using (IRecordWriter<DeviceRecord> devices = RecordTables.Devices(test.Surface, Roster.Empty))
            devices.Write(SampleRecords.Device);
        Assert.Contains("[2001:db8::1]:443", test.Output, StringComparison.Ordinal);
        Assert.Contains($"  {SampleRecords.Flow.HostSource.Text()}  ", test.Output, StringComparison.Ordinal);
        Assert.Contains("AAAA", test.Output, StringComparison.Ordinal);
        Assert.Contains("randomised", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_who_contacted_the_device_is_not_known_by_the_name_that_was_asked_for()
    {
        using TestSurface test = new();
        FlowRecord flow = SampleRecords.Flow with { DeviceSide = DeviceSide.Server, HostSource = HostSource.TlsSni };
        using (IRecordWriter<FlowRecord> flows = RecordTables.Flows(test.Surface, Roster.Empty))
            flows.Write(flow);
        Assert.Contains(flow.Client.ToString(), test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tls-sni", test.Output, StringComparison.Ordinal);
    }
}
