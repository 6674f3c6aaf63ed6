using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

public sealed class RecordStoreTests
{
    [Theory]
    [InlineData("replay")]
    [InlineData("live")]
    public void What_was_written_is_read_back_from_the_closed_file(string mode)
    {
        using TempFolder folder = new();
        FlowRecord[] flows = [.. Enumerable.Range(1, 10_000).Select(static i => Samples.Flow(i))];
        NameLookup[] lookups = [.. Enumerable.Range(1, 5_000).Select(static i => Samples.Lookup(i, i % 7 != 0))];
        using (RecordStore store = folder.Open())
        {
            Assert.Equal(1, store.BeginRun(mode, "1.2.3"));
            for (int i = 0; i < 10; i++)
            {
                store.Write(
                    new RecordBatch { Flows = flows[(i * 1_000)..((i + 1) * 1_000)], Lookups = lookups[(i * 500)..((i + 1) * 500)] });
            }
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Samples.AssertSame(flows, reader.Flows(StoreQuery.All));
        Samples.AssertSame(lookups, reader.Lookups(StoreQuery.All));
        RunRecord run = Assert.Single(reader.Runs());
        Assert.True(run.IsComplete);
        Assert.Equal("1.2.3", run.Version);
        Assert.Equal((10_000, 5_000), (reader.Info().Flows, reader.Info().Lookups));
        Assert.False(File.Exists(PageLog.PathOf(folder.Store)));
    }

    [Fact]
    public void A_live_flow_is_read_in_its_latest_state_while_it_is_written()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        for (int state = 1; state <= 1_000; state++)
        {
            store.Write(new RecordBatch { Flows = [Samples.Flow(1, FlowEnd.Open, state), Samples.Flow(state + 1, FlowEnd.Idle)] });
            if (state % 100 != 0)
                continue;
            Assert.True(store.Flush());
            FlowRecord[] flows = [.. reader.Flows(StoreQuery.All)];
            Assert.Equal(state + 1, flows.Length);
            Assert.Equal(state, flows[0].PacketsUp);
            Assert.Equal(FlowEnd.Open, flows[0].End);
        }
        store.CompleteRun();
        Assert.Equal(1_001, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(1_001, reader.Info().Flows);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("live")]
    public void A_reduced_flow_is_forgotten(string mode)
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun(mode, "1");
        store.Write(new RecordBatch { Flows = [Samples.Flow(1, FlowEnd.Open), Samples.Flow(2, FlowEnd.Open)] });
        store.Flush();
        store.Write(new RecordBatch { Flows = [Samples.Flow(1, FlowEnd.Open) with { IsReduced = true }] });
        store.Flush();
        Assert.Equal(2, Assert.Single(reader.Flows(StoreQuery.All)).Sequence);
        store.CompleteRun();
        Assert.Equal(2, Assert.Single(reader.Flows(StoreQuery.All)).Sequence);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("live")]
    public void An_answer_that_comes_later_takes_the_questions_place(string mode)
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun(mode, "1");
        store.Write(new RecordBatch { Lookups = [Samples.Lookup(1, isAnswered: false), Samples.Lookup(2)] });
        store.Flush();
        Assert.Null(reader.Lookups(StoreQuery.All).First().ResponseCode);
        store.Write(new RecordBatch { Lookups = [Samples.Lookup(1)] });
        store.CompleteRun();
        Samples.AssertSame([Samples.Lookup(1), Samples.Lookup(2)], reader.Lookups(StoreQuery.All));
        Assert.Equal(2, reader.Info().Lookups);
    }

    [Fact]
    public void Devices_are_merged_with_what_earlier_runs_knew()
    {
        using TempFolder folder = new();
        IpAddress[] addresses = [.. Enumerable.Range(1, 20).Select(static i => IpAddress.FromV4((uint)i))];
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            DeviceRecord state = Samples.DeviceState("d", 500, 900, "old-name", addresses[..10]) with { NetBiosName = "OLD-PC" };
            store.Write(new RecordBatch { Devices = [state] });
        }
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            store.Write(new RecordBatch { Devices = [Samples.DeviceState("d", 100, 1_000, null, addresses[5..])] });
            store.CompleteRun();
            store.BeginRun("replay", "1");
            store.Write(new RecordBatch { Devices = [Samples.DeviceState("d", 50, 60, "older-name", addresses[0])] });
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        DeviceRecord device = Assert.Single(reader.Devices(StoreQuery.All));
        Assert.Equal((50, 1_000, "old-name", "OLD-PC"), (device.FirstSeenNs, device.LastSeenNs, device.DhcpName, device.NetBiosName));
        Assert.Equal(addresses[4..], device.Addresses.Order());
    }

    [Fact]
    public void Minutes_add_up_over_batches_and_runs()
    {
        using TempFolder folder = new();
        for (int run = 0; run < 2; run++)
        {
            using RecordStore store = folder.Open();
            store.BeginRun("live", "1");
            for (int i = 0; i < 5; i++)
            {
                store.Write(new RecordBatch
                {
                    Minutes =
                    [
                        new MinuteRecord(0, "b", 1, 2, 3, 4), new MinuteRecord(0, "", 1, 0, 0, 0),
                        new MinuteRecord(60_000_000_000, "b", 1, 0, 0, 0),
                    ],
                });
                store.Flush();
            }
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(
            [new MinuteRecord(0, "", 10, 0, 0, 0), new MinuteRecord(0, "b", 10, 20, 30, 40),
                new MinuteRecord(60_000_000_000, "b", 10, 0, 0, 0)],
            reader.Minutes(StoreQuery.All));
    }

    [Fact]
    public void Many_small_runs_do_not_leave_many_small_blocks()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            for (int run = 1; run <= 300; run++)
            {
                Assert.Equal(run, store.BeginRun("replay", "1"));
                store.Write(new RecordBatch { Flows = [.. Enumerable.Range(1, 20).Select(static i => Samples.Flow(i))] });
                store.CompleteRun();
            }
        }
        using StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: true);
        StoreState state = new(engine);
        state.LoadForReading();
        Assert.InRange(state.Flows.Heads.Count, 1, 4);
        Assert.Equal(6_000, state.Flows.TotalRows);
    }

    [Fact]
    [Trait("cap", "Store.BlockTable.MaxTailBytes")]
    public void A_block_of_few_rows_that_are_large_is_not_written_again_with_the_next_ones()
    {
        using TempFolder folder = new();
        Random random = new(1);
        byte[] noise = new byte[4_096];
        for (int run = 0; run < 2; run++)
        {
            using RecordStore store = folder.Open();
            store.BeginRun("replay", "1");
            FlowRecord[] flows = [.. Enumerable.Range(1, 200).Select(i =>
            {
                random.NextBytes(noise);
                return Samples.Flow(i) with { Http = [new HttpRequest(null, "GET", Convert.ToHexString(noise), null, null)] };
            })];
            store.Write(new RecordBatch { Flows = flows });
            store.CompleteRun();
        }
        using StoreEngine engine = StoreEngine.Open(folder.Store, isReadOnly: true);
        StoreState state = new(engine);
        state.LoadForReading();
        Assert.Equal([200, 200], state.Flows.Heads.Select(static head => head.Rows));
    }

    [Fact]
    public void Sources_and_losses_of_the_run_are_the_latest()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        store.BeginRun("live", "1");
        RejectRecord reject = new()
        {
            Layer = "network",
            Status = "malformed",
            Claim = "ipv4-total-length",
            Offset = 16,
            Required = 20,
            Available = 7,
            Bound = "capture",
            Source = "wlan0",
            Packet = 4_711,
            TimeNs = 12,
            Packets = 3,
        };
        store.Write(new RecordBatch
        {
            Sources = [new SourceCounters { Source = "wlan0", Received = 10, Kept = 9, Interruptions = 1 }],
            Losses = [new LossCounter("flows-evicted", 3)],
            Rejects = [reject],
        });
        store.Write(new RecordBatch { Minutes = [new MinuteRecord(0, "", 1, 1, 1, 1)] });
        store.Flush();
        using IStoreReader reader = store.CreateReader();
        RunRecord run = Assert.Single(reader.Runs());
        Assert.Equal(new SourceCounters { Source = "wlan0", Received = 10, Kept = 9, Interruptions = 1 }, Assert.Single(run.Sources));
        Assert.Equal(new LossCounter("flows-evicted", 3), Assert.Single(run.Losses));
        Assert.Equal(reject, Assert.Single(run.Rejects));
        Assert.False(run.IsComplete);
    }

    [Fact]
    public void A_run_that_was_stored_before_reasons_were_kept_has_none()
    {
        LiteDB.BsonDocument document = Documents.From(new RunRecord { Run = 1, Mode = "live", StartedNs = 1 });
        Assert.True(document.Remove("rejects"));
        Assert.Empty(Documents.ToRun(document).Rejects);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_the_writer_goes_on()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        using CancellationTokenSource stop = new();
        Task reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                long[] sequences = [.. reader.Flows(StoreQuery.All).Select(static f => f.Sequence)];
                Assert.Equal(0, sequences.Length % 10);
                Assert.Equal(Enumerable.Range(1, sequences.Length).Select(static i => (long)i), sequences);
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 1; i <= 800; i++)
        {
            store.Write(Samples.Batch(i, 10));
            if (i % 3 == 0)
                store.Flush();
        }
        store.CompleteRun();
        await stop.CancelAsync();
        await reading;
        Assert.Equal(8_000, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void A_reader_in_the_middle_of_its_flows_outlives_the_folding_of_blocks()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("replay", "1");
        store.Write(new RecordBatch { Flows = [.. Enumerable.Range(1, 1_000).Select(static i => Samples.Flow(i))] });
        store.CompleteRun();
        using IEnumerator<FlowRecord> flows = reader.Flows(new StoreQuery()).GetEnumerator();
        Assert.True(flows.MoveNext());
        for (int run = 0; run < 5; run++)
        {
            store.BeginRun("replay", "1");
            store.Write(new RecordBatch { Flows = [.. Enumerable.Range(1, 1_000).Select(static i => Samples.Flow(i))] });
            store.CompleteRun();
        }
        int count = 1;
        while (flows.MoveNext())
            count++;
        Assert.Equal(1_000, count);
        Assert.Equal(6_000, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void Queries_leave_out_what_they_do_not_ask_for()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        ContactRecord[] contacts =
        [
            Samples.Contact("cdn.example.com", 1), Samples.Contact("notexample.com", 1), Samples.Contact("example.com", 1, device: "other"),
        ];
        store.Write(Samples.Batch(1, 100) with { Contacts = contacts });
        store.Flush();
        using IStoreReader reader = store.CreateReader();
        long third = Samples.Flow(3).StartNs;
        Assert.Equal(2, reader.Flows(new StoreQuery(ToNs: third)).Count());
        Assert.Equal(98, reader.Flows(new StoreQuery(FromNs: Samples.Flow(3).EndNs)).Count());
        Assert.Empty(reader.Flows(new StoreQuery(Device: "nobody")));
        Assert.Equal(2, reader.Flows(new StoreQuery(HostSuffix: "HOST7.example.com")).Count());
        Assert.Empty(reader.Flows(new StoreQuery(HostSuffix: "ost7.example.com")));
        Assert.Equal(2, reader.Contacts(new StoreQuery(HostSuffix: "example.com")).Count());
        Assert.Single(reader.Lookups(new StoreQuery(HostSuffix: "example.com")));
    }

    [Fact]
    public void A_batch_without_a_run_is_the_callers_mistake()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        Assert.Throws<InvalidOperationException>(() => store.Write(Samples.Batch(1, 1)));
    }
}
