using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;
using PiTap.TestKit;

namespace PiTap.Store.Tests.Forgetting;

public sealed class ForgetTests
{
    // Per batch: her flows and two of others with her; her lookup and three of others.
    private const int FlowsABatch = 20, TogetherABatch = 2, LookupsABatch = 4;

    private static void Write(RecordStore store, string mode, int batches)
    {
        store.BeginRun(mode, "1");
        for (int i = 0; i < batches; i++)
            store.Write(Household.Batch(1 + i * 100, FlowsABatch));
        store.CompleteRun();
    }

    [Fact]
    public void A_device_is_gone_from_every_byte_and_the_others_keep_what_is_theirs()
    {
        using TempFolder folder = new();
        List<string> before;
        ForgottenRecords forgotten;
        using (RecordStore store = folder.Open())
        {
            Write(store, "replay", 3);
            Write(store, "live", 2);
            before = Household.Records(store.CreateReader());
        }
        Assert.Equal(Household.Marks.Order(), Household.MarksIn(folder).Select(static found => found.Split(" in ")[0]).Distinct().Order());
        using (RecordStore store = folder.Open())
        {
            forgotten = store.Forget(Household.Anna);
            Assert.Empty(Household.MarksIn(folder));
            Assert.Equal(Household.WithoutAnna(before), Household.Records(store.CreateReader()));
        }
        Assert.Equal(new ForgottenRecords(5 * (FlowsABatch + TogetherABatch), 5 * LookupsABatch, 2 + 1 + 1, 3, 1), forgotten);
        Assert.Empty(Household.MarksIn(folder));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(Household.WithoutAnna(before), Household.Records(reader));
        Assert.Equal(2, reader.Runs().Count());
        Assert.Equal((2, 3), (reader.Info().Devices, reader.Info().Contacts - 1));
        Assert.Equal(["store.db", "store.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("live")]
    [InlineData("replay")]
    public void In_the_middle_of_a_run_its_open_flows_and_its_totals_go_and_the_run_goes_on(string mode)
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun(mode, "1");
        store.Write(Household.Batch(1, FlowsABatch));
        store.Flush();
        store.Write(Household.Batch(101, FlowsABatch, FlowEnd.Open));
        store.Flush();
        int open = reader.Flows(new StoreQuery(Device: Household.Cem)).Count(static flow => flow.End == FlowEnd.Open);
        store.Write(Household.Batch(201, FlowsABatch));
        ForgottenRecords forgotten = store.Forget(Household.Anna);
        Assert.Equal(3 * (FlowsABatch + TogetherABatch), forgotten.Flows);
        Assert.Empty(Household.MarksIn(folder));
        Assert.DoesNotContain(Household.Records(reader), static record => record.Contains(Household.Anna, StringComparison.Ordinal));
        // The others' open flows end, and are as many as they were.
        RecordBatch ended = Household.Batch(101, FlowsABatch);
        store.Write(new RecordBatch { Flows = [.. ended.Flows.Where(static flow => flow is { Device: Household.Ben, Host: not null })] });
        store.CompleteRun();
        Assert.Empty(Household.MarksIn(folder));
        FlowRecord[] bens = [.. reader.Flows(new StoreQuery(Device: Household.Ben))];
        Assert.Equal((3 * FlowsABatch, 0), (bens.Length, bens.Count(static flow => flow.End == FlowEnd.Open)));
        Assert.Equal(3 * FlowsABatch, reader.Contacts(new StoreQuery(Device: Household.Ben)).Single().Flows);
        Assert.True(Assert.Single(reader.Runs()).IsComplete);
        // One of Cem's was with her.
        Assert.Equal(open - 1, reader.Flows(new StoreQuery(Device: Household.Cem)).Count(static flow => flow.Sequence is > 100 and < 200));
    }

    [Fact]
    public void What_retention_deleted_before_is_gone_from_the_bytes_as_well()
    {
        using TempFolder folder = new();
        ManualClock clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        using (RecordStore store = folder.Open(clock))
            Write(store, "replay", 3);
        clock.Advance(TimeSpan.FromDays(40));
        using RecordStore later = folder.Open(clock, retainDays: 30);
        later.BeginRun("live", "1");
        later.CompleteRun();
        Assert.Empty(later.CreateReader().Devices(StoreQuery.All));
        Assert.Contains(Household.MarksIn(folder), static found => found.StartsWith(Household.Anna, StringComparison.Ordinal));
        // The bytes go with what is there of it now: of what is not, there is nothing to tell it by.
        Assert.Equal(new ForgottenRecords(0, 0, 0, 0, 0), later.Forget(Household.Anna));
        later.BeginRun("live", "1");
        later.Write(Household.Batch(10_001, 1));
        Assert.Equal(1, later.Forget(Household.Anna).Devices);
        Assert.Empty(Household.MarksIn(folder));
    }

    [Fact]
    public void What_was_set_aside_and_what_a_copy_left_is_deleted()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
            Write(store, "replay", 1);
        byte[] bytes = File.ReadAllBytes(folder.Store);
        new Random(1).NextBytes(bytes.AsSpan(0, 8_192));
        File.WriteAllBytes(folder.Store, bytes);
        using RecordStore fresh = folder.Open();
        Write(fresh, "replay", 1);
        Assert.Contains(Household.MarksIn(folder), static found => found.Contains(".damaged-", StringComparison.Ordinal));
        File.WriteAllText(folder.Store + "-log.damaged-x", Household.Anna);
        File.WriteAllText(folder.Store + ".compact", Household.Anna);
        string[] files = Directory.GetFiles(folder.Path);
        byte[] before = StoreBytes.Read(folder.Store);
        Assert.Equal(new ForgottenRecords(0, 0, 0, 0, 0), fresh.Forget("02:aa:aa:aa:aa:ab"));
        Assert.Equal(files.Order(), Directory.GetFiles(folder.Path).Order());
        Assert.Equal(before, StoreBytes.Read(folder.Store));
        fresh.Forget(Household.Anna);
        Assert.Empty(Household.MarksIn(folder));
    }

    [Fact]
    public void What_was_set_aside_stays_if_the_identifier_is_a_slip()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Write(store, "replay", 1);
        string aside = folder.Store + ".damaged-20260101T000000Z";
        File.WriteAllText(aside, "damaged");
        foreach (string slip in (string[])["02:aa:aa:aa:aa:ab", "192.0.2.9", "10.77.66.55", "ben-reads.example"])
            Assert.Equal(new ForgottenRecords(0, 0, 0, 0, 0), store.Forget(slip));
        Assert.True(File.Exists(aside));
        store.Forget(Household.Anna);
        Assert.False(File.Exists(aside));
    }

    [Fact]
    public void A_device_that_calls_itself_and_sends_from_what_others_ask_takes_none_of_their_records_along()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        RecordBatch batch = Household.Batch(1, 1);
        DeviceRecord guest = new()
        {
            Id = "02:dd:dd:dd:dd:dd", DhcpName = "ben-reads.example", MdnsName = "192.0.2.9", NetBiosName = "(other hosts)",
            Addresses = [batch.Flows[1].Server], FirstSeenNs = 5, LastSeenNs = 6,
        };
        ContactRecord rest = Samples.Contact("(other hosts)", 2, device: Household.Cem);
        store.Write(batch with { Devices = [.. batch.Devices, guest], Contacts = [.. batch.Contacts, rest] });
        store.Flush();
        List<string> before = Household.Records(reader);
        Assert.Equal(new ForgottenRecords(0, 0, 0, 0, 1), store.Forget(guest.Id));
        Assert.Equal(before.Where(record => !record.Contains(guest.Id, StringComparison.Ordinal)), Household.Records(reader));
    }

    [Fact]
    public void A_device_that_nobody_saw_leaves_everything_as_it_was()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Write(store, "live", 3);
        using IStoreReader reader = store.CreateReader();
        List<string> before = Household.Records(reader);
        Assert.Equal(new ForgottenRecords(0, 0, 0, 0, 0), store.Forget("02:dd:dd:dd:dd:dd"));
        Assert.Equal(before, Household.Records(reader));
        Assert.Throws<ArgumentException>(() => store.Forget(""));
    }

    [Fact]
    public void Its_addresses_go_from_the_contacts_of_others_and_the_contacts_stay()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        RecordBatch batch = Household.Batch(1, 1);
        ContactAddress hers = new(batch.Devices[0].Addresses[1], 5), other = new(IpAddress.FromV4(1), 6);
        ContactRecord shared = Samples.Contact("cdn.example", 3, device: Household.Cem) with { Addresses = [hers, other] };
        store.Write(batch with { Contacts = [shared] });
        Assert.Equal(0, store.Forget(Household.Anna).Contacts);
        ContactRecord contact = Assert.Single(reader.Contacts(StoreQuery.All));
        Assert.Equal((3, other), (contact.Flows, Assert.Single(contact.Addresses)));
    }

    [Fact]
    public void A_damaged_block_which_may_hold_anything_is_left_out()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
            Write(store, "replay", 1);
        using (StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: false))
        {
            LiteDB.BsonDocument document = engine.Page(Schema.Flows + BlockHead.DataSuffix, null, 1)[0];
            document["data"].AsBinary[^1] ^= 1;
            engine.Transact(() => engine.Update(Schema.Flows + BlockHead.DataSuffix, [document]));
            engine.Checkpoint();
        }
        using RecordStore again = folder.Open();
        Assert.Equal(0, again.Forget(Household.Anna).Flows);
        using IStoreReader reader = again.CreateReader();
        Assert.Empty(reader.Flows(StoreQuery.All));
        Assert.Equal((0, 1), (reader.DamagedBlocks, reader.Lookups(StoreQuery.All).Count()));
    }

    [Fact]
    public void Without_room_for_the_new_file_nothing_is_forgotten_and_writing_goes_on()
    {
        using TempFolder folder = new();
        Assert.SkipUnless(folder.TryMount("size=24m"), "needs root, to mount a memory disk");
        using RecordStore store = folder.Open();
        Write(store, "replay", 20);
        store.BeginRun("live", "1");
        using IStoreReader reader = store.CreateReader();
        List<string> before = Household.Records(reader);
        string filler = Path.Combine(folder.Path, "filler");
        long room = new DriveInfo(folder.Path).AvailableFreeSpace;
        File.WriteAllBytes(filler, new byte[room - 64 * 1_024]);
        StoreException refused = Assert.Throws<StoreException>(() => store.Forget(Household.Anna));
        Assert.Contains("takes as much room again", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Household.Records(reader));
        File.Delete(filler);
        store.Write(Household.Batch(10_001, 1));
        Assert.True(store.Flush(TimeSpan.FromSeconds(30)));
        Assert.Equal(20 * (FlowsABatch + TogetherABatch) + 1 + TogetherABatch, store.Forget(Household.Anna).Flows);
        Assert.Empty(Household.MarksIn(folder));
    }

    [Fact]
    public void A_reader_in_the_middle_of_an_answer_gets_no_more_of_it()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Write(store, "replay", 300);
        using IStoreReader reader = store.CreateReader();
        using IEnumerator<FlowRecord> flows = reader.Flows(StoreQuery.All).GetEnumerator();
        Assert.True(flows.MoveNext());
        store.Forget(Household.Anna);
        Assert.Throws<StoreException>(() =>
        {
            while (flows.MoveNext())
                Assert.NotNull(flows.Current);
        });
        Assert.Equal(300 * 2 * FlowsABatch + 300, reader.Flows(StoreQuery.All).Count());
    }
}
