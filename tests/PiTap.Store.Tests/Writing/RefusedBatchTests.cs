using System.Collections.Concurrent;
using PiTap.Model;
using PiTap.Store.Opening;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

/// <summary>A record that LiteDB cannot take says nothing of the store.</summary>
public sealed class RefusedBatchTests
{
    public static TheoryData<string, string> Refused => new()
    {
        // As a key, as a document of its own, and as the document of the run.
        { "live", "key" }, { "live", "document" }, { "live", "run" }, { "replay", "key" }, { "replay", "document" }, { "replay", "run" },
    };

    private static RecordBatch Poison(string kind) => new()
    {
        Devices =
        [
            Samples.DeviceState(
                kind == "key" ? new string('d', 2_000) : "d", 1, 2, kind == "document" ? new string('n', 5_000_000) : null),
        ],
        Sources = kind == "run" ? [new SourceCounters { Source = new string('s', 20_000_000) }] : [],
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_batch_that_a_fresh_store_would_refuse_too_is_counted_and_the_store_stays(string mode, string kind)
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            store.Write(Samples.Batch(1, 500));
            Assert.True(store.CompleteRun().IsWhole);
        }
        ConcurrentQueue<string> notices = new();
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            store.BeginRun(mode, "1");
            store.Write(Samples.Batch(2, 10));
            Assert.True(store.Flush());
            store.Write(Poison(kind));
            Assert.True(store.Flush());
            store.Write(Poison(kind));
            Assert.True(store.Flush());
            store.Write(Samples.Batch(3, 10));
            RunEnd end = store.CompleteRun();
            Assert.Equal((0, 2, false, false), (end.RecordsNotWritten, end.RecordsLost, end.WasReplaced, end.IsWhole));
            Assert.Contains("lacks 2 records", Assert.Single(end.Sentences("x")), StringComparison.Ordinal);
        }
        if (kind == "run")
            Assert.Contains("left out and counted", Assert.Single(notices), StringComparison.Ordinal);
        else
            Assert.Empty(notices);
        Assert.Empty(SetAsideFiles.Of(folder.Store));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(520, reader.Flows(StoreQuery.All).Count());
        RunRecord run = reader.Runs().Last();
        Assert.True(run.IsComplete);
        Assert.Equal([new LossCounter("store-records-discarded", 2)], run.Losses);
    }

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void A_flow_that_says_more_than_a_document_holds_is_stored_with_a_part_of_it(string mode)
    {
        using TempFolder folder = new();
        Random random = new(1);
        string Noise() => string.Create(2_048, random, static (text, random) =>
        {
            foreach (ref char letter in text)
                letter = (char)random.Next(0xa0, 0x17f);
        });
        using (RecordStore store = folder.Open())
        {
            store.BeginRun(mode, "1");
            HttpRequest[] requests =
                [.. Enumerable.Range(0, 1_000).Select(_ => new HttpRequest(Noise(), "GET", Noise(), Noise(), Noise()))];
            store.Write(new RecordBatch
            {
                Flows = [Samples.Flow(1) with { Http = requests }, Samples.Flow(2)],
                Lookups = [Samples.Lookup(1)],
                Contacts = [Samples.Contact("a.example", 2)],
            });
            Assert.True(store.Flush());
            Assert.True(store.CompleteRun().IsWhole);
        }
        Assert.Empty(SetAsideFiles.Of(folder.Store));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        List<FlowRecord> flows = [.. reader.Flows(StoreQuery.All)];
        Assert.Equal([1L, 2], flows.Select(static flow => flow.Sequence));
        Assert.InRange(flows[0].Http.Count, 100, 999);
        LossCounter loss = Assert.Single(Assert.Single(reader.Runs()).Losses);
        Assert.Equal("store-records-shortened", loss.Name);
    }

    [Fact]
    public void A_replay_loses_no_totals_however_many_come_at_once()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            for (int batch = 0; batch < 4; batch++)
            {
                store.Write(new RecordBatch
                {
                    Contacts = [.. Enumerable.Range(0, 40_000).Select(n => Samples.Contact("a.example", 1, device: $"{batch}-{n}"))],
                });
            }
            store.Write(new RecordBatch
            {
                Contacts = [.. Enumerable.Range(0, 100_000).Select(static n => Samples.Contact("b.example", 1, device: $"x-{n}"))],
            });
            Assert.True(store.CompleteRun().IsWhole);
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        // More devices than a store keeps: of some it is not known any more whose flows they were.
        Assert.Equal("store-devices-folded", Assert.Single(Assert.Single(reader.Runs()).Losses).Name);
        Assert.Equal(260_000, reader.Contacts(StoreQuery.All).Sum(static contact => contact.Flows));
    }
}
