using System.Globalization;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Reading;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Reading;

/// <summary>Contacts and devices are read a part at a time: a store may have a million of them.</summary>
public sealed class PartsTests
{
    private const int Devices = 2_500;

    [Fact]
    public void Those_of_more_devices_than_one_part_holds_come_in_order_with_what_the_journal_has_on_top()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Fill(store);
        // In the journal: of some that are in the documents, and of some that are not.
        store.Write(Batch(Enumerable.Range(Devices - 10, 20)));
        Assert.True(store.Flush());
        using IStoreReader reader = store.CreateReader();
        string[] ids = [.. Enumerable.Range(0, Devices + 10).Select(Id)];
        List<ContactRecord> contacts = [.. reader.Contacts(StoreQuery.All)];
        Assert.Equal(ids.Order(StringComparer.Ordinal).SelectMany(static id => new[] { (id, "a.example"), (id, "b.example") }),
            contacts.Select(static contact => (contact.Device, contact.Host)));
        Assert.Equal(2 * (Devices + 20), contacts.Sum(static contact => contact.Flows));
        // Those that were seen first come first, which here is the other way round.
        Assert.Equal(ids.Reverse(), reader.Devices(StoreQuery.All).Select(static device => device.Id));
    }

    [Fact]
    public void A_fold_between_two_parts_counts_nothing_twice()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Fill(store);
        store.Write(Batch(Enumerable.Range(0, Devices)));
        Assert.True(store.Flush());
        using IStoreReader reader = store.CreateReader();
        long flows = 0;
        bool isFolded = false;
        foreach (ContactRecord contact in reader.Contacts(StoreQuery.All))
        {
            flows += contact.Flows;
            if (!isFolded)
                store.CompleteRun();
            isFolded = true;
        }
        Assert.Equal(4 * Devices, flows);
    }

    [Fact]
    public void Who_asks_can_end_the_answer_between_two_parts()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Fill(store);
        int parts = 0;
        using IStoreReader reader = store.CreateReader(() => parts++);
        Assert.NotEmpty(reader.Devices(StoreQuery.All));
        Assert.InRange(parts, 3, 20);
        using IStoreReader refused = store.CreateReader(static () => throw new TimeoutException());
        Assert.Throws<TimeoutException>(() => refused.Contacts(StoreQuery.All).Any());
    }

    [Fact]
    public void Documents_of_many_bytes_are_read_a_few_at_a_time()
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        engine.Transact(() => engine.Insert("large", Enumerable.Range(1, 20).Select(static id =>
            new BsonDocument
            {
                ["_id"] = id,
                ["bytes"] = new byte[400_000],
                ["texts"] = new BsonArray(new BsonValue(new string('x', 100_000))),
            })));
        List<(BsonValue Id, BsonDocument? Document)> page = engine.EachPage("large", null, out bool isLast);
        Assert.Equal((3, false), (page.Count, isLast));
        Assert.Equal([.. Enumerable.Range(1, 20)], engine.Each("large").Select(static entry => entry.Document!["_id"].AsInt32));
        Assert.Equal([.. Enumerable.Range(1, 20)], engine.All("large").Select(static document => document["_id"].AsInt32));
    }

    [Fact]
    [Trait("cap", "Store.BoundedOrder.MaxBytes")]
    public void More_records_than_fit_in_memory_come_in_order_by_further_walks()
    {
        const int records = 10_000;
        int walks = 0;
        IEnumerable<string> Walk()
        {
            walks++;
            return Enumerable.Range(0, records).Select(static i => (i * 7_919 % records).ToString("D5", CultureInfo.InvariantCulture));
        }
        Assert.Equal(Enumerable.Range(0, records).Select(static i => i.ToString("D5", CultureInfo.InvariantCulture)),
            BoundedOrder.Of(Walk, StringComparer.Ordinal, static _ => (16 << 20) / 1_000));
        Assert.InRange(walks, 5, 10);
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number:D5}");

    private static void Fill(RecordStore store)
    {
        store.BeginRun("replay", "1");
        store.Write(Batch(Enumerable.Range(0, Devices)));
        Assert.True(store.CompleteRun().IsWhole);
        store.BeginRun(RecordStore.LiveMode, "1");
    }

    private static RecordBatch Batch(IEnumerable<int> numbers) => new()
    {
        Devices = [.. numbers.Select(static number => Samples.DeviceState(Id(number), 100_000 - number, 200_000))],
        Contacts =
        [
            .. numbers.SelectMany(static number => new[] { "a.example", "b.example" }, static (number, host) =>
                Samples.Contact(host, 1, device: Id(number)))
        ],
    };
}
