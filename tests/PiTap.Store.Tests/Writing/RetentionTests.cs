using PiTap.Model;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static void WriteRun(RecordStore store, int flows = 100, string host = "host.example.com", long minute = 0)
    {
        store.BeginRun("replay", "1");
        store.Write(new RecordBatch
        {
            Flows = [.. Enumerable.Range(1, flows).Select(static i => Samples.Flow(i))],
            Lookups = [Samples.Lookup(1)],
            Contacts = [Samples.Contact(host, flows)],
            Devices = [Samples.DeviceState("device-of-" + host, 1, 2)],
            Minutes = [new MinuteRecord(minute * PacketTime.NanosecondsPerMinute, "d", 1, 1, 1, 1)],
        });
        store.CompleteRun();
    }

    /// <summary>Something that does not compress.</summary>
    private static string RandomHost(Random random) =>
        string.Concat(
            Enumerable.Range(0, 8).Select(_ => random.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture)));

    private static (int Flows, int Lookups, int Contacts, int Devices, int Minutes, int Runs) Counts(IStoreReader reader) =>
        (reader.Flows(StoreQuery.All).Count(), reader.Lookups(StoreQuery.All).Count(), reader.Contacts(StoreQuery.All).Count(),
            reader.Devices(StoreQuery.All).Count(), reader.Minutes(StoreQuery.All).Count(), reader.Runs().Count());

    /// <summary>Opens, lets retention run, closes, and reads.</summary>
    private static (int, int, int, int, int, int) CountsAfter(TempFolder folder, ManualClock clock, int days, out RemovedRecords removed)
    {
        using (RecordStore store = folder.Open(clock, days))
        {
            store.BeginRun("live", "1");
            store.CompleteRun();
            removed = store.Removed;
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        return Counts(reader);
    }

    [Fact]
    public void What_was_stored_too_long_ago_is_deleted_and_counted()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        using (RecordStore store = folder.Open(clock))
            WriteRun(store, 5_000, "old.example");
        clock.Advance(TimeSpan.FromDays(20));
        using (RecordStore store = folder.Open(clock))
            WriteRun(store, 5_000, "new.example", minute: 60);
        clock.Advance(TimeSpan.FromDays(20));
        // The first run's last, smaller block lives on in the one that it was joined with.
        (int flows, int lookups, int contacts, int devices, int minutes, int runs) =
            CountsAfter(folder, clock, 30, out RemovedRecords removed);
        Assert.Equal(10_000 - 4_096, flows);
        Assert.Equal((2, 1, 1, 1, 2), (lookups, contacts, devices, minutes, runs));
        Assert.Equal(new RemovedRecords(4_096, 0, 1, 1, 1), removed);
        clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal((0, 0, 0, 0, 0, 2), CountsAfter(folder, clock, 30, out _));
    }

    [Fact]
    public void A_clock_set_back_a_year_deletes_nothing_and_stops_nothing()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        using RecordStore store = folder.Open(clock, retainDays: 30);
        WriteRun(store);
        clock.Set(s_now.AddYears(-1));
        WriteRun(store, 50, "b");
        clock.Advance(Retention.Interval);
        WriteRun(store, 50, "c");
        Assert.Equal(new RemovedRecords(), store.Removed);
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(200, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void A_clock_that_jumps_ahead_while_the_store_is_open_deletes_nothing()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        using RecordStore store = folder.Open(clock, retainDays: 30);
        WriteRun(store);
        clock.Set(s_now.AddYears(70));
        clock.Advance(Retention.Interval);
        WriteRun(store, 50, "b");
        store.Flush();
        Assert.Equal(new RemovedRecords(), store.Removed);
    }

    [Fact]
    public void What_a_board_without_a_clock_stored_in_1970_has_no_age()
    {
        using TempFolder folder = new();
        ManualClock clock = new(DateTimeOffset.UnixEpoch);
        using (RecordStore store = folder.Open(clock, retainDays: 30))
            WriteRun(store);
        clock.Set(s_now);
        (int flows, _, int contacts, _, _, _) = CountsAfter(folder, clock, 30, out _);
        Assert.Equal((100, 1), (flows, contacts));
    }

    [Fact]
    public void Packets_of_the_past_and_of_the_future_are_as_old_as_their_storing()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        using (RecordStore store = folder.Open(clock, retainDays: 30))
        {
            store.BeginRun("replay", "1");
            store.Write(
                new RecordBatch { Flows = [Samples.Flow(1, startNs: 0), Samples.Flow(2, startNs: long.MaxValue - 10_000_000_000)] });
            store.CompleteRun();
        }
        clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(2, CountsAfter(folder, clock, 30, out _).Item1);
        clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(0, CountsAfter(folder, clock, 30, out _).Item1);
    }

    [Fact]
    public void A_store_stays_within_its_size_by_losing_its_oldest_blocks()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        const long most = 2 << 20;
        Random random = new(1);
        using (RecordStore store = folder.Open(clock, maxSizeBytes: most))
        {
            for (int run = 1; run <= 30; run++)
            {
                store.BeginRun("replay", "1");
                store.Write(new RecordBatch
                {
                    Flows =
                    [
                        .. Enumerable.Range(1, 4_096)
                            .Select(i => Samples.Flow(i, startNs: run * 1_000_000_000L + i) with { Host = RandomHost(random) }),
                    ],
                });
                store.CompleteRun();
                clock.Advance(Retention.Interval);
                store.BeginRun("replay", "1");
                store.CompleteRun();
            }
            Assert.InRange(store.Removed.Flows, 4_096, 30 * 4_096);
        }
        Assert.InRange(new FileInfo(folder.Store).Length, most / 2, most * 3 / 2);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        FlowRecord[] left = [.. reader.Flows(StoreQuery.All)];
        Assert.Equal(30_000_004_096, left[^1].StartNs);
        Assert.True(left[0].StartNs > 2_000_000_000);
    }

    [Fact]
    public void A_file_that_is_mostly_free_is_made_smaller_at_opening()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        Random random = new(1);
        using (RecordStore store = folder.Open(clock))
        {
            store.BeginRun("replay", "1");
            for (int i = 0; i < 100; i++)
            {
                store.Write(new RecordBatch
                {
                    Flows =
                    [
                        .. Enumerable.Range(1, 4_096).Select(n => Samples.Flow(i * 4_096 + n) with { Host = RandomHost(random) }),
                    ],
                });
            }
            store.CompleteRun();
        }
        long before = new FileInfo(folder.Store).Length;
        Assert.True(before > 24 << 20);
        clock.Advance(TimeSpan.FromDays(100));
        using (RecordStore store = folder.Open(clock, retainDays: 30))
            WriteRun(store);
        using (RecordStore store = folder.Open(clock))
        {
            Assert.InRange(store.OpenReport.ReclaimedBytes, before / 2, before);
            WriteRun(store, 50, "b");
        }
        Assert.True(new FileInfo(folder.Store).Length < 1 << 20);
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(150, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(["store.db", "store.db.lock"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_was_set_aside_goes_with_age_and_before_good_records_with_size()
    {
        using TempFolder folder = new();
        ManualClock clock = new(s_now);
        using (RecordStore store = folder.Open(clock))
            WriteRun(store);
        string[] aside =
        [
            folder.Store + ".damaged-20260101T000000Z", folder.Store + ".damaged-20260220T000000Z",
            Path.Combine(folder.Path, "store.db-log.damaged-20260220T000000Z"), folder.Store + ".damaged-20260227T000000Z-2",
        ];
        foreach (string path in aside)
            File.WriteAllBytes(path, new byte[600_000]);
        string foreign = folder.Store + ".mine";
        File.WriteAllBytes(foreign, new byte[2_000_000]);
        using (RecordStore store = folder.Open(clock, retainDays: 30, maxSizeBytes: 1 << 20))
        {
            store.BeginRun("live", "1");
            store.CompleteRun();
            Assert.Equal(new RemovedRecords(SetAsideFiles: 3), store.Removed);
        }
        Assert.Equal([false, false, false, true], aside.Select(File.Exists));
        Assert.True(File.Exists(foreign));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(100, reader.Flows(StoreQuery.All).Count());
    }
}
