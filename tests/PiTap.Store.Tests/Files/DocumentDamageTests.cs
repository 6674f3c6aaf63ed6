using System.Text;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

/// <summary>A document of contacts, devices or hours that is damaged costs no more than itself, and is told of.</summary>
public sealed class DocumentDamageTests
{
    private const int Number = 40;
    private static readonly DateTimeOffset s_start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Collections => [.. Schema.Sealed];

    private static string DeviceOf(int number) => $"02:00:00:00:01:{number:x2}";

    private static string HostOf(int number) => $"host-{number:d2}.example";

    /// <summary>So many devices, each with a contact, and so many hours.</summary>
    private static RecordBatch Batch() => new()
    {
        Devices = [.. Enumerable.Range(0, Number).Select(static n => Samples.DeviceState(DeviceOf(n), 1, 2, "phone"))],
        Contacts = [.. Enumerable.Range(0, Number).Select(static n => Samples.Contact(HostOf(n), 3, device: DeviceOf(n)))],
        Minutes =
        [
            .. Enumerable.Range(0, Number).Select(static n => new MinuteRecord(n * 60 * PacketTime.NanosecondsPerMinute, "d", 1, 2, 3, 4)),
        ],
    };

    private static void Write(TempFolder folder)
    {
        using RecordStore store = folder.Open(new ManualClock(s_start));
        store.BeginRun("replay", "1");
        store.Write(Batch());
        Assert.True(store.CompleteRun().IsWhole);
    }

    /// <summary>Changes a document in the file, past the code that writes documents.</summary>
    private static void Change(TempFolder folder, string collection, Action<BsonDocument> change)
    {
        using StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false);
        BsonDocument document = engine.Page(collection, null, Number)[7];
        change(document);
        engine.Transact(() => engine.Update(collection, [document]));
        engine.Checkpoint();
    }

    private static int Count(IStoreReader reader, string collection) => collection switch
    {
        Schema.Contacts => reader.Contacts(StoreQuery.All).Count(),
        Schema.Devices => reader.Devices(StoreQuery.All).Count(),
        _ => reader.Minutes(StoreQuery.All).Count(),
    };

    /// <summary>Each field by itself, a value that could as well be right.</summary>
    private static void Falsify(BsonDocument document, string field)
    {
        BsonValue value = document[field];
        document[field] = value.Type switch
        {
            BsonType.String => value.AsString + "x",
            BsonType.Null => "x",
            BsonType.Boolean => !value.AsBoolean,
            BsonType.Binary => (byte[])[.. value.AsBinary[..^1], (byte)(value.AsBinary[^1] ^ 1)],
            BsonType.Array => new BsonArray(value.AsArray.Skip(1).Append(new BsonValue("x"))),
            BsonType.Int32 => value.AsInt32 ^ 1,
            _ => value.AsInt64 + 1,
        };
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void A_field_that_is_not_as_it_was_written_is_found_whichever_it_is(string collection)
    {
        using TempFolder folder = new();
        Write(folder);
        byte[] whole = File.ReadAllBytes(folder.Store);
        string[] fields = [];
        Change(folder, collection, document => fields = [.. document.Keys.Where(static field => field != "_id")]);
        Assert.Contains("crc", fields);
        foreach (string field in fields)
        {
            File.WriteAllBytes(folder.Store, whole);
            Change(folder, collection, document => Falsify(document, field));
            using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
            Assert.Equal((Number - 1, 1), (Count(reader, collection), reader.DamagedBlocks));
            // Who asks again meets the same damage.
            Assert.Equal((Number - 1, 1), (Count(reader, collection), reader.DamagedBlocks));
        }
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void A_document_without_its_seal_is_damaged_where_all_have_one(string collection)
    {
        using TempFolder folder = new();
        Write(folder);
        Change(folder, collection, static document => document.Remove("crc"));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal((Number - 1, 1), (Count(reader, collection), reader.DamagedBlocks));
    }

    [Theory]
    [MemberData(nameof(Collections))]
    public void The_next_run_says_so_goes_on_without_it_and_readers_are_told_until_it_would_be_deleted(string collection)
    {
        using TempFolder folder = new();
        Write(folder);
        Change(folder, collection, static document => document["crc"] = 1);
        ManualClock clock = new(s_start);
        using (RecordStore store = folder.Open(clock, retainDays: 30))
        {
            Assert.Null(store.OpenReport.SetAsidePath);
            Assert.Contains("damaged documents", Assert.Single(store.OpenReport.Sentences), StringComparison.Ordinal);
            store.BeginRun("replay", "1");
            store.Write(Batch());
            Assert.True(store.CompleteRun().IsWhole);
            using IStoreReader reader = store.CreateReader();
            Assert.Equal((Number, 1), (Count(reader, collection), reader.DamagedBlocks));
            Assert.Equal(collection == Schema.Contacts ? 6 * Number - 3 : 6 * Number,
                reader.Contacts(StoreQuery.All).Sum(static contact => contact.Flows));
        }
        using (RecordStore store = folder.Open(clock, retainDays: 30))
            Assert.Empty(store.OpenReport.Sentences);
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
        {
            Assert.Equal((Number, 1), (Count(reader, collection), reader.DamagedBlocks));
            _ = reader.Info();
            Assert.Equal(1, reader.DamagedBlocks);
        }
        clock.Advance(TimeSpan.FromDays(31));
        using (RecordStore store = folder.Open(clock, retainDays: 30))
            _ = store.TopContacts(1);
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
            Assert.Equal((0, 0), (Count(reader, collection), reader.DamagedBlocks));
    }

    [Fact]
    public void Statistics_of_a_store_with_a_damaged_document_say_so()
    {
        using TempFolder folder = new();
        Write(folder);
        Change(folder, Schema.Contacts, static document => document["crc"] = 1);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal((Number - 1, Number), (reader.Info().Contacts, reader.Info().Devices));
        Assert.Equal(1, reader.DamagedBlocks);
    }

    /// <summary>
    /// Where LiteDB keeps names, kinds and lengths of fields as well, at some of which it gives up. It does not look at all of them: what
    /// is read as it was written is not damaged.
    /// </summary>
    [Fact]
    public void Whichever_byte_of_a_document_is_wrong_the_others_are_read()
    {
        using TempFolder folder = new();
        Write(folder);
        byte[] whole = File.ReadAllBytes(folder.Store);
        int host = whole.AsSpan().IndexOf(Encoding.ASCII.GetBytes(HostOf(17)));
        int begin = whole.AsSpan(0, host).LastIndexOf(Encoding.ASCII.GetBytes(DeviceOf(17))) - 13;
        int end = host + whole.AsSpan(host).IndexOf("crc"u8) + 8;
        Assert.InRange(end - begin, 60, 400);
        string[] all;
        using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
            all = Texts(reader);
        string[] others = [.. all.Where(static text => !text.Contains(HostOf(17), StringComparison.Ordinal))];
        Assert.Equal(Number - 1, others.Length);
        List<int> harmless = [];
        for (int at = begin; at < end; at++)
        {
            byte[] bytes = whole.AsSpan().ToArray();
            bytes[at] ^= 0x41;
            File.WriteAllBytes(folder.Store, bytes);
            using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
            {
                string[] read = Texts(reader);
                string where = $"at byte {at - begin} of {end - begin}";
                Assert.True(read.SequenceEqual(reader.DamagedBlocks == 0 ? all : others), where);
                Assert.True(reader.DamagedBlocks is 0 or 1, where);
                if (reader.DamagedBlocks == 0)
                    harmless.Add(at - begin);
                // The way of a writer is longer, and the same from here on.
                if (reader.DamagedBlocks == 0 || at % 8 != 0)
                    continue;
            }
            using (RecordStore store = folder.Open())
                Assert.True(store.OpenReport is { SetAsidePath: null, Sentences.Count: 1 }, $"at byte {at - begin} of {end - begin}");
            using (IStoreReader reader = StoreFile.OpenForReading(folder.Store))
            {
                Assert.Equal(others, Texts(reader));
                Assert.Equal(1, reader.DamagedBlocks);
            }
        }
        // Ends of documents and lists, and the numbers of a list's items.
        Assert.True(harmless.Count < 8, string.Join(' ', harmless));
    }

    private static string[] Texts(IStoreReader reader) => [.. reader.Contacts(StoreQuery.All).Select(Samples.Text)];

    [Fact]
    public void A_transaction_that_changes_nothing_is_no_damage()
    {
        using TempFolder folder = new();
        Write(folder);
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            BsonDocument document = engine.Page(Schema.Contacts, null, 1)[0];
            foreach (Action nothing in (Action[])
            [
                static () => { }, () => engine.Find(Schema.Contacts, "x"), () => engine.Delete(Schema.Contacts, ["nobody", "x"]),
                () => engine.Delete("nowhere", ["x"]), () => engine.Update(Schema.Contacts, []),
                () => engine.Update(Schema.Contacts, [new BsonDocument { ["_id"] = "nobody" }]),
                () => engine.Insert(Schema.Contacts, (BsonDocument[])[]), () => engine.Upsert(Schema.Contacts, [document]),
            ])
            {
                engine.Transact(nothing);
                engine.Persist();
            }
            engine.Transact(() => engine.Insert(Schema.Damaged, new BsonDocument { [Schema.DamagedFrom] = "x" }));
            engine.Checkpoint();
            engine.Checkpoint();
            engine.Transact(static () => { });
            Assert.Single(engine.All(Schema.Damaged));
        }
        using RecordStore store = folder.Open();
        Assert.Null(store.OpenReport.SetAsidePath);
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(Number, Count(reader, Schema.Contacts));
    }
}
