using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;
using PiTap.TestKit;

namespace PiTap.Store.Tests.Formats;

/// <summary>Every field of every record comes back: one that has no column, or no place in a document, does not.</summary>
public sealed class EveryFieldTests
{
    private readonly RecordFiller _filler = new() { IsAttributed = false };

    [Fact]
    public void A_block_of_flows_keeps_every_field() => KeepsEveryField(new FlowBlock());

    [Fact]
    public void A_block_of_lookups_keeps_every_field() => KeepsEveryField(new LookupBlock());

    [Fact]
    public void A_part_of_the_totals_keeps_every_field()
    {
        TotalsPart part = _filler.Fill<TotalsPart>();
        TotalsPart read = TotalsPart.Decode(Assert.Single(part.Encode(new TotalsEncoder())));
        Samples.AssertSame(part.Contacts, read.Contacts);
        Samples.AssertSame(part.Minutes, read.Minutes);
        Samples.AssertSame(part.Devices, read.Devices);
    }

    [Fact]
    public void The_document_of_a_run_keeps_every_field()
    {
        RunRecord run = _filler.Fill<RunRecord>();
        Samples.AssertSame([run], [Documents.ToRun(Stored(Documents.From(run)))]);
    }

    [Fact]
    public void The_document_of_a_device_keeps_every_field()
    {
        StoredDevice device = new(_filler.Fill<DeviceRecord>(), writtenNs: 1);
        Samples.AssertSame([device], [Documents.ToDevice(Stored(Documents.From(device)))]);
    }

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void A_store_keeps_every_field_of_a_batch(string mode)
    {
        RecordBatch batch = _filler.Fill<RecordBatch>();
        // A flow that is reduced is to be forgotten, and a minute begins with a minute.
        batch = batch with
        {
            Flows = [.. batch.Flows.Select(static flow => flow with { IsReduced = false })],
            Minutes =
                [.. batch.Minutes.Select(static minute => minute with { MinuteNs = minute.MinuteNs * PacketTime.NanosecondsPerMinute })],
        };
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun(mode, "1");
            store.Write(batch);
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        AssertSameSet(batch.Flows, reader.Flows(StoreQuery.All));
        AssertSameSet(batch.Lookups, reader.Lookups(StoreQuery.All));
        AssertSameSet(batch.Contacts, reader.Contacts(StoreQuery.All));
        AssertSameSet(batch.Devices, reader.Devices(StoreQuery.All));
        AssertSameSet(batch.Minutes, reader.Minutes(StoreQuery.All));
        RunRecord run = Assert.Single(reader.Runs());
        AssertSameSet(batch.Sources, run.Sources);
        AssertSameSet(batch.Losses, run.Losses);
        AssertSameSet(batch.Rejects, run.Rejects);
    }

    private void KeepsEveryField<T>(IBlockCodec<T> block)
    {
        StoredRow<T>[] rows = [new(1, _filler.Fill<T>()), new(2, _filler.Fill<T>())];
        Samples.AssertSame(rows, block.Decode(block.Encode(rows)!));
    }

    /// <summary>As LiteDB gives it back.</summary>
    private static BsonDocument Stored(BsonDocument document) => BsonSerializer.Deserialize(BsonSerializer.Serialize(document));

    private static void AssertSameSet<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
        Assert.Equal(expected.Select(Samples.Text).Order(StringComparer.Ordinal),
            actual.Select(Samples.Text).Order(StringComparer.Ordinal));
}
