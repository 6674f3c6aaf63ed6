using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Columns;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Formats;

/// <summary>What was written before is read, and a column more or less is no reason not to.</summary>
public sealed class FormatTests
{
    private readonly record struct OldRow(long Time, string Name, IReadOnlyList<string> Tags);

    private readonly record struct NewRow(long Time, string Name, IReadOnlyList<string> Tags, long Count, IReadOnlyList<int> Sizes);

    private readonly struct OldSchema : IRowSchema<OldRow>
    {
        public static OldRow Blank => new(0, "", []);

        public static int FormatOneColumns => 3;

        public static OldRow Visit<TColumns>(TColumns columns, OldRow row)
            where TColumns : struct, IColumns =>
            new(columns.Delta("time", row.Time), columns.Text("name", row.Name)!, columns.List<string, TextItem>("tags", row.Tags));
    }

    private readonly struct NewSchema : IRowSchema<NewRow>
    {
        public static NewRow Blank => new(0, "", [], 7, [1]);

        public static int FormatOneColumns => 3;

        public static NewRow Visit<TColumns>(TColumns columns, NewRow row)
            where TColumns : struct, IColumns =>
            new(columns.Delta("time", row.Time), columns.Text("name", row.Name)!, columns.List<string, TextItem>("tags", row.Tags),
                columns.Int("count", row.Count), columns.List<int, NumberItem>("sizes", row.Sizes));
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Formats", name));

    private static byte[] Unzipped(string name)
    {
        using GZipStream zip = new(new MemoryStream(Bytes(name + ".gz")), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A row of each schema as it is where nothing was written.</summary>
    private static readonly JsonObject[] s_blanks =
    [
        Json(FlowSchema.Blank.Record), Json(LookupSchema.Blank.Record), Json(ContactSchema.Blank), Json(DeviceSchema.Blank),
        Json(MinuteSchema.Blank), Json(TlsHelloSchema.Blank), Json(HttpRequestSchema.Blank), Json(NameAnswerSchema.Blank),
    ];

    private static JsonObject Json<T>(T record) => JsonNode.Parse(Samples.Text(record))!.AsObject();

    /// <summary>A record as it was printed then, with the fields that its schema has got since, which are blank.</summary>
    private static string Today(string then) => Today(JsonNode.Parse(then)!).ToJsonString();

    private static JsonNode Today(JsonNode then)
    {
        if (then is JsonArray list)
            return new JsonArray([.. list.Select(static item => Today(item!))]);
        if (then is not JsonObject fields)
            return then.DeepClone();
        // What an address told of itself beside its words stood in the text.
        if (fields["High"] is { } high && fields["Low"] is { } low)
            return new JsonObject { ["High"] = high.DeepClone(), ["Low"] = low.DeepClone() };
        // The kind is told by its fields, of which none is ever taken away.
        if (s_blanks.FirstOrDefault(kind => fields.All(field => kind.ContainsKey(field.Key))) is not { } blank)
            return fields.DeepClone();
        JsonObject now = [];
        foreach ((string name, JsonNode? value) in blank)
            now[name] = !fields.TryGetPropertyValue(name, out JsonNode? old) ? value?.DeepClone() : old is null ? null : Today(old);
        return now;
    }

    private static string Text(long time, string name, IReadOnlyList<string> tags) => $"{time} {name} {string.Join(',', tags)}";

    [Fact]
    public void Blocks_of_flows_in_format_1_are_read() =>
        Samples.AssertSame(Enumerable.Range(1, 40).Select(static i => new StoredRow<FlowRecord>(i / 20 + 1, FormatSamples.Flow(i))),
            new FlowBlock().Decode(Bytes("flows-1.bin")));

    [Fact]
    public void Blocks_of_lookups_in_format_1_are_read() =>
        Samples.AssertSame(Enumerable.Range(1, 40).Select(static i => new StoredRow<NameLookup>(i / 20 + 1, FormatSamples.Lookup(i))),
            new LookupBlock().Decode(Bytes("lookups-1.bin")));

    [Fact]
    public void Every_shorter_block_of_format_1_is_noticed()
    {
        byte[] raw = BlockFrame.Unwrap(Bytes("flows-1.bin"), out int length, out byte format);
        Assert.Equal(1, format);
        for (int i = 0; i < length; i++)
        {
            byte[] shorter = BlockFrame.Wrap(raw.AsSpan(0, i), format);
            Assert.Throws<InvalidDataException>(() => new FlowBlock().Decode(shorter));
        }
    }

    /// <summary>The files of a live run that was killed, as a program of that layout left them, and what it read of them.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void A_killed_live_run_of_an_earlier_layout_is_read_with_its_blocks_journal_and_totals(int layout)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder.Store, Unzipped($"layout-{layout}.db"));
        File.WriteAllBytes(PageLog.PathOf(folder.Store), Unzipped($"layout-{layout}-log.db"));
        string[] expected = Encoding.UTF8.GetString(Unzipped($"layout-{layout}.txt")).TrimEnd('\n').Split('\n');
        expected = [.. expected.Select(Today)];
        Assert.True(expected.Length > 120);
        byte[] before = File.ReadAllBytes(folder.Store);
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
        {
            Assert.Equal(expected, Household.Records(reader));
            // One that is too old to be read as it is, is read by a copy that was brought up to date.
            int read = layout < Schema.OldestReadVersion ? Schema.Version : layout;
            Assert.Equal((read, 0), (reader.Info().SchemaVersion, reader.DamagedBlocks));
        }
        Assert.Equal(before, File.ReadAllBytes(folder.Store));
        using (RecordStore store = folder.Open())
        {
            Assert.Equal((layout, null), (store.OpenReport.MigratedFromVersion, store.OpenReport.SetAsidePath));
            Assert.Equal(expected, Household.Records(store.CreateReader()));
        }
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
        {
            Assert.Equal(expected, Household.Records(reader));
            Assert.Equal(0, reader.DamagedBlocks);
        }
        using RecordStore again = folder.Open();
        string device = layout == 3 ? "02:00:00:00:00:00" : Household.Cem;
        Assert.NotEqual(0, again.Forget(device).Flows);
        Assert.DoesNotContain(Household.Records(again.CreateReader()),
            record => record.Contains($"\"{device}\"", StringComparison.Ordinal));
    }

    /// <summary>As it came from a program of that layout, but for one document.</summary>
    [Theory]
    [InlineData(Schema.Contacts)]
    [InlineData(Schema.Hours)]
    public void A_document_of_layout_4_that_makes_no_sense_costs_no_other_when_it_is_brought_up_to_date(string collection)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder.Store, Unzipped("layout-4.db"));
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            BsonDocument document = engine.Page(collection, null, 1)[0];
            document["table"] = document["table"].AsBinary[..^1];
            engine.Transact(() => engine.Update(collection, [document]));
            engine.Checkpoint();
        }
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
        {
            Assert.NotEmpty(reader.Flows(StoreQuery.All));
            _ = (reader.Contacts(StoreQuery.All).Count(), reader.Minutes(StoreQuery.All).Count());
            Assert.Equal(1, reader.DamagedBlocks);
        }
        using (RecordStore store = folder.Open())
            Assert.Equal((4, null), (store.OpenReport.MigratedFromVersion, store.OpenReport.SetAsidePath));
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
        {
            _ = (reader.Contacts(StoreQuery.All).Count(), reader.Minutes(StoreQuery.All).Count());
            Assert.Equal(1, reader.DamagedBlocks);
        }
    }

    [Fact]
    public void A_column_that_was_not_written_is_read_as_the_default()
    {
        OldRow[] rows = [new(5, "a", ["x", "y"]), new(9, "b", []), new(7, "a", ["z"])];
        byte[] framed = new RowEncoder().Encode<OldRow, OldSchema>(rows)!;
        NewRow[] read = TableSource.Unwrap(framed).ReadFirst<NewRow, NewSchema>();
        Assert.Equal(
            rows.Select(static row => Text(row.Time, row.Name, row.Tags)),
            read.Select(static row => Text(row.Time, row.Name, row.Tags)));
        Assert.All(read, static row => Assert.Equal((7, 1), (row.Count, Assert.Single(row.Sizes))));
    }

    [Fact]
    public void A_column_that_is_not_known_yet_is_passed_over()
    {
        NewRow[] rows = [new(5, "a", ["x", "y"], 1_000_000, [1, 2, 3]), new(9, "b", [], 2, []), new(7, "a", ["z"], 3, [4])];
        byte[] framed = new RowEncoder().Encode<NewRow, NewSchema>(rows)!;
        OldRow[] read = TableSource.Unwrap(framed).ReadFirst<OldRow, OldSchema>();
        Assert.Equal(
            rows.Select(static row => Text(row.Time, row.Name, row.Tags)),
            read.Select(static row => Text(row.Time, row.Name, row.Tags)));
    }
}
