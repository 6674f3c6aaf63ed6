using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Files;

public sealed class OpeningTests
{
    [Fact]
    public void The_folder_of_a_new_store_is_made()
    {
        using TempFolder folder = new();
        string path = Path.Combine(folder.Path, "a", "b", "store.db");
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System);
        Assert.True(store.OpenReport.IsNew);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_folder_is_not_a_store()
    {
        using TempFolder folder = new();
        string sentence = $"{folder.Path} is a folder, not a store.";
        Assert.Equal(sentence,
            Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = folder.Path }, TimeProvider.System)).Message);
        Assert.Equal(sentence, Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Path)).Message);
    }

    [Fact]
    public void A_file_in_the_way_of_the_folder_is_said_so()
    {
        using TempFolder folder = new();
        File.WriteAllText(Path.Combine(folder.Path, "file"), "");
        StoreException refused = Assert.Throws<StoreException>(
            () => RecordStore.Open(new StoreOptions { Path = Path.Combine(folder.Path, "file", "store.db") }, TimeProvider.System));
        Assert.Contains("file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_said_so()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may write everywhere");
        if (OperatingSystem.IsWindows())
            return;
        using TempFolder folder = new();
        string locked = Path.Combine(folder.Path, "locked");
        Directory.CreateDirectory(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string path = Path.Combine(locked, "store.db");
        StoreException refused =
            Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System));
        Assert.Equal($"No permission to write the store {path} or its folder.", refused.Message);
    }

    [Fact]
    public void A_missing_store_is_not_read()
    {
        using TempFolder folder = new();
        Assert.Equal($"There is no store {folder.Store}.",
            Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Store)).Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Another_programs_file_is_left_as_it_is(int length)
    {
        using TempFolder folder = new();
        byte[] bytes = [.. Enumerable.Repeat((byte)'x', length)];
        File.WriteAllBytes(folder.Store, bytes);
        Assert.Equal($"{folder.Store} is not a PiTap store.",
            Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Store)).Message);
        if (length == 0)
            return;
        Assert.Equal($"{folder.Store} is not a PiTap store. It is left as it is.",
            Assert.Throws<StoreException>(() => folder.Open()).Message);
        Assert.Equal(bytes, File.ReadAllBytes(folder.Store));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Another_programs_LiteDB_file_is_left_as_it_is()
    {
        using TempFolder folder = new();
        using (LiteDatabase other = new(folder.Store))
            other.GetCollection("customers").Insert(new BsonDocument { ["name"] = "x" });
        byte[] before = File.ReadAllBytes(folder.Store);
        Assert.Equal($"{folder.Store} was made by another program. It is left as it is.",
            Assert.Throws<StoreException>(() => folder.Open()).Message);
        Assert.Equal(before, File.ReadAllBytes(folder.Store));
    }

    [Fact]
    public void LiteDB_itself_can_read_a_closed_store()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            store.Write(Samples.Batch(1, 10));
        }
        using LiteDatabase database = new($"Filename={folder.Store};ReadOnly=true");
        Assert.Equal("host.example.com", database.GetCollection(Schema.Contacts).FindAll().Single()["hosts"][0].AsString);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_left_as_it_is()
    {
        using TempFolder folder = new();
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, [], Schema.Version + 1).Dispose();
        byte[] before = File.ReadAllBytes(folder.Store);
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Equal(
            $"The store {folder.Store} was made by a newer PiTap (layout {Schema.Version + 1}; this one knows {Schema.Version}). "
            + "It is left as it is.", refused.Message);
        Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Store));
        Assert.Equal(before, File.ReadAllBytes(folder.Store));
    }

    [Fact]
    public void An_older_store_is_brought_up_to_date_step_by_step()
    {
        using TempFolder folder = new();
        // A made-up layout 0, in which devices were called clients; and 1 to 2, which counts the contacts.
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, [], 0).Dispose();
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            engine.Transact(() => engine.Insert("clients", Documents.From(new StoredDevice(Samples.DeviceState("d", 1, 2), 3))));
            engine.Checkpoint();
        }
        Assert.Equal($"The store {folder.Store} has layout 0, which this PiTap no longer reads.",
            Assert.Throws<StoreException>(() => StoreFile.OpenForReading(folder.Store)).Message);
        Migration[] steps = [new(0, static e => e.Insert(Schema.Devices, e.All("clients").ToList())),
            new(1, static e => e.Insert("counts", new BsonDocument { ["_id"] = 1 }))];
        using (RecordStore store = RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, steps, 2))
        {
            Assert.Equal(0, store.OpenReport.MigratedFromVersion);
            using IStoreReader reader = store.CreateReader();
            Assert.Equal("d", Assert.Single(reader.Devices(StoreQuery.All)).Id);
        }
        using RecordStore again = RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, steps, 2);
        Assert.Null(again.OpenReport.MigratedFromVersion);
    }

    [Fact]
    public void A_store_of_layout_1_is_brought_up_with_all_its_minutes_and_contacts()
    {
        using TempFolder folder = new();
        const long minuteNs = PacketTime.NanosecondsPerMinute;
        long[] minutes = [-90 * minuteNs, 0, minuteNs, 59 * minuteNs, 60 * minuteNs, 200 * minuteNs];
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, [], 1).Dispose();
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            engine.Transact(() =>
            {
                foreach (long minute in minutes)
                    engine.Insert("minutes", LayoutOneMinute(minute, ("a", 1), ("b", 2)));
                BsonDocument contact = LayoutTwoContact("d", "h", 3);
                contact.Remove("apps");
                engine.Insert(Schema.Contacts, contact);
            });
            engine.Persist();
            engine.Checkpoint();
        }
        using RecordStore store = folder.Open();
        Assert.Equal(1, store.OpenReport.MigratedFromVersion);
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(
            minutes.SelectMany(static minute => (MinuteRecord[])[new(minute, "a", 1, -1, 10, 100), new(minute, "b", 2, -2, 20, 200)]),
            reader.Minutes(StoreQuery.All));
        ContactRecord kept = Assert.Single(reader.Contacts(StoreQuery.All));
        Assert.Equal(("d", 3, 0UL), (kept.Device, kept.Flows, kept.AppProtos));
    }

    [Fact]
    public void A_store_of_layout_2_is_brought_up_with_each_devices_contacts_in_one_document()
    {
        using TempFolder folder = new();
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, Migrations.All, 2).Dispose();
        (string Device, string Host, int Flows)[] contacts = [("b", "x", 1), ("a", "y", 2), ("b", "y", 3), ("a", "192.0.2.1", 4)];
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            engine.Transact(() => engine.Insert(Schema.Contacts, contacts.Select(static c => LayoutTwoContact(c.Device, c.Host, c.Flows))));
            engine.Persist();
            engine.Checkpoint();
        }
        using (RecordStore store = folder.Open())
        {
            Assert.Equal(2, store.OpenReport.MigratedFromVersion);
            using IStoreReader reader = store.CreateReader();
            Assert.Equal(contacts.Order(), reader.Contacts(StoreQuery.All).Select(static c => (c.Device, c.Host, (int)c.Flows)).Order());
            Assert.Equal((4, 5UL), (reader.Info().Contacts, reader.Contacts(StoreQuery.All).First().AppProtos));
        }
        using LiteDatabase database = new($"Filename={folder.Store};ReadOnly=true");
        Assert.Equal(["a", "b"], database.GetCollection(Schema.Contacts).FindAll().Select(static d => d["_id"].AsString));
    }

    private static BsonDocument LayoutTwoContact(string device, string host, int flows)
    {
        BsonDocument document = new()
        {
            ["_id"] = $"{device}|{host}",
            ["device"] = device,
            ["host"] = host,
            ["source"] = (int)HostSource.Dns,
            ["apps"] = 5L,
            ["written"] = 1L,
        };
        foreach (string field in (string[])[
            "flows", "encrypted", "readable", "opaque", "packetsUp", "packetsDown", "bytesUp", "bytesDown", "first", "last"])
            document[field] = (long)flows;
        return document;
    }

    private static BsonDocument LayoutOneMinute(long minuteNs, params (string Device, int Value)[] devices)
    {
        ColumnWriter writer = new();
        writer.UInt((uint)devices.Length);
        foreach ((string device, int value) in devices)
        {
            writer.Text(device);
            writer.Int(value);
            writer.Int(-value);
            writer.Int(10 * value);
            writer.Int(100 * value);
        }
        return new BsonDocument { ["_id"] = minuteNs, ["written"] = 1L, ["totals"] = writer.Written.ToArray() };
    }

    [Fact]
    public void A_step_that_fails_leaves_the_store_as_it_was()
    {
        using TempFolder folder = new();
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, [], 0).Dispose();
        byte[] before = File.ReadAllBytes(folder.Store);
        Migration[] steps = [new(0, static e =>
        {
            e.Insert("counts", new BsonDocument { ["_id"] = 1 });
            throw new InvalidOperationException("a bug");
        })];
        StoreException refused =
            Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, steps, 1));
        Assert.Contains("cannot be brought from layout 0 to 1", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.Store));
    }

    [Fact]
    public void A_version_without_a_way_up_is_refused()
    {
        using TempFolder folder = new();
        RecordStore.Open(new StoreOptions { Path = folder.Store }, TimeProvider.System, [], 0).Dispose();
        Assert.Contains("no longer reads", Assert.Throws<StoreException>(() => folder.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = "" }, TimeProvider.System));
        Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = "x", RetainDays = 0 }, TimeProvider.System));
        Assert.Throws<StoreException>(() => RecordStore.Open(new StoreOptions { Path = "x", MaxSizeBytes = 1 }, TimeProvider.System));
    }

    [Fact]
    public void The_same_process_is_refused_too()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        StoreException refused = Assert.Throws<StoreException>(() => folder.Open());
        Assert.Equal($"The store {folder.Store} is already being written by process {Environment.ProcessId}.", refused.Message);
    }
}
