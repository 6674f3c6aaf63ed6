using PiTap.Analysis;
using PiTap.Host.Live;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;

namespace PiTap.Host.Tests.Live;

public sealed class LiveLoopTests
{
    private readonly ManualClock _clock = new();
    private readonly Collector _collector;
    private TimeSpan _flushInterval = TimeSpan.FromSeconds(1);
    private readonly LiveHealthLog _health;
    private readonly LiveBoard _board;
    private readonly ControlQueue _commands = new(new ControlLimits());

    public LiveLoopTests()
    {
        _collector = new Collector(_clock);
        _health = new LiveHealthLog(_clock, static () => default);
        _board = new LiveBoard(_clock, _health);
    }

    [Fact]
    public void Mere_counters_are_handed_over_in_time_for_the_flush_interval_even_when_nothing_comes()
    {
        _flushInterval = TimeSpan.FromSeconds(5);
        FakeInterface source = new(_clock, packets: 0);
        Assert.True(RunOn(source, TimeSpan.FromSeconds(60)));
        // A half second earlier, as it takes time until they are on the disk; the last one at the end.
        Assert.InRange(_collector.Batches.Count, 13, 15);
        Assert.All(_collector.Gaps, static gap => Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(4.8)));
    }

    [Fact]
    public void A_flow_that_goes_on_is_news_once_and_then_counters()
    {
        _flushInterval = TimeSpan.FromSeconds(15);
        FakeInterface source = new(_clock, Pings.Request, 60) { DueAt = static i => TimeSpan.FromSeconds(2 + i) };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(62)));
        Assert.True(_collector.Batches[0].HasNews);
        Assert.InRange(_collector.Times[0], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.8));
        Assert.DoesNotContain(_collector.Batches.Skip(1), static batch => batch.HasNews);
        Assert.InRange(_collector.Batches.Count, 5, 7);
        Assert.All(_collector.Gaps, static gap => Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(15)));
        Assert.Equal(60, Assert.Single(_collector.Batches[^1].Flows).PacketsUp);
    }

    [Theory]
    [InlineData("flow")]
    [InlineData("name")]
    [InlineData("device")]
    [InlineData("loss")]
    public void What_is_new_is_handed_over_within_a_second_however_long_the_interval_is(string what)
    {
        _flushInterval = TimeSpan.FromMinutes(10);
        FakeInterface source = new(_clock, i => i < 2 ? Pings.Request(i) : News(what), 3)
        {
            DueAt = static i => TimeSpan.FromSeconds(i < 2 ? i : 60),
        };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(120)));
        Assert.Contains(Enumerable.Range(0, _collector.Batches.Count), i => _collector.Batches[i].HasNews
            && _collector.Times[i] > TimeSpan.FromSeconds(60) && _collector.Times[i] <= TimeSpan.FromSeconds(60.8));
    }

    /// <summary>A packet that says something of a kind, and of no other.</summary>
    private static TimedPacket News(string what)
    {
        byte[] data = what switch
        {
            "flow" => new Conversation(Packets.Phone, 4_000, Packets.Server, 4_001).Datagram(true, [1]).Packets[0].Data,
            "name" => new Conversation(Packets.Phone, 5_353, Packets.Ip("224.0.0.251"), 5_353)
                .Datagram(true, new DnsBytes(0, 0).Question("_ipp._tcp.local", 12).ToArray()).Packets[0].Data,
            "device" => Packets.Ethernet(Packets.Mac("02:00:00:00:00:77"), Packets.RouterMac,
                Packets.Ipv4(Packets.Ip("10.42.0.77"), Packets.Server, IpProtocols.Icmp, [8, 0, 0, 0, 0, 1, 0, 1])),
            _ => Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, [0x45], etherType: 0x0800),
        };
        return new TimedPacket(Conversation.DefaultStartNs + 60 * PacketTime.NanosecondsPerSecond, data);
    }

    [Fact]
    [Trait("cap", "Host.LiveLoop.MaxTakeRecords")]
    [Trait("cap", "Store.RecordStore.MaxGatheredBytes")]
    public void However_much_comes_at_once_no_more_gathers_than_the_store_allows_for_it()
    {
        TimedPacket[] flows = [.. Enumerable.Range(0, 40_000).Select(static i =>
            new Conversation(Packets.Phone, (ushort)(1_024 + i), Packets.Server, 9).Datagram(true, [1]).Packets[0])];
        FakeInterface source = new(_clock, i => flows[i], flows.Length);
        Assert.True(RunOn(source, TimeSpan.FromSeconds(5)));
        Assert.Equal(flows.Length,
            _collector.Batches.SelectMany(static batch => batch.Flows).DistinctBy(static flow => flow.Sequence).Count());
        Assert.True(_collector.Batches.Count > 3);
        Assert.All(_collector.Batches, static batch => Assert.InRange(RecordWeight.Of(batch), 0, 6 << 20));
    }

    [Fact]
    public void What_is_on_its_way_when_the_end_is_asked_for_is_still_taken()
    {
        FakeInterface source = new(_clock, packets: 5000);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.True(Run(source, null, stop.Token));
        Assert.Equal(5000, _collector.Batches[^1].Sources[0].Kept);
        Assert.Equal(5000, _collector.Batches[^1].Sources[0].Received);
    }

    [Fact]
    public void An_interface_that_never_ends_is_left_after_a_while()
    {
        FakeInterface source = new(_clock, packets: 0) { NeverEnds = true };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(1)));
        Assert.InRange(_clock.Elapsed.TotalSeconds, 6, 8);
    }

    [Fact]
    public void An_interface_that_fails_says_so_once_and_ends_the_run()
    {
        FakeInterface source = new(_clock, packets: 3) { FailsWith = "wlan0 is gone for good." };
        Assert.False(RunOn(source, null));
        Assert.Equal(["wlan0 is gone for good."], _collector.Failures);
        Assert.Equal(3, _collector.Batches[^1].Sources[0].Kept);
    }

    [Fact]
    public void Flows_that_are_open_are_in_the_batch_of_their_time()
    {
        FakeInterface source = new(_clock, packets: 20);
        Assert.True(RunOn(source, TimeSpan.FromSeconds(3)));
        Assert.Contains(_collector.Batches.Take(2), static batch => batch.Flows.Count > 0);
    }

    [Fact]
    public void Packets_that_come_one_by_one_delay_no_batch()
    {
        FakeInterface source = new(_clock, packets: 200) { Apart = TimeSpan.FromMilliseconds(40) };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(8)));
        Assert.InRange(_collector.Batches.Count, 14, 18);
    }

    [Fact]
    public void A_new_contact_is_in_the_live_state_within_fifty_milliseconds()
    {
        TimeSpan? seen = null;
        FakeInterface source = new(_clock, packets: 12) { FirstAfter = TimeSpan.FromSeconds(1), Apart = TimeSpan.FromMilliseconds(5) };
        source.OnRead = () => seen ??= _board.Feed.Current.Contacts.Count > 0 ? _clock.Elapsed : null;
        Assert.True(RunOn(source, TimeSpan.FromSeconds(3)));
        Assert.InRange(seen!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.05));
    }

    [Fact]
    public void The_live_state_is_renewed_four_times_a_second_while_something_happens_and_once_otherwise()
    {
        FakeInterface source = new(_clock, packets: 400) { Apart = TimeSpan.FromMilliseconds(10) };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(4)));
        long busy = _board.Feed.Current.Version;
        Assert.InRange(busy, 16, 100);

        FakeInterface silent = new(_clock, packets: 0);
        LiveBoard board = new(_clock, _health);
        Assert.True(Run(silent, board, TimeSpan.FromSeconds(10), CancellationToken.None));
        Assert.InRange(board.Feed.Current.Version, 8, 12);
    }

    [Fact]
    public void Store_and_live_state_get_the_same()
    {
        FakeInterface source = new(_clock, packets: 400) { Apart = TimeSpan.FromMilliseconds(10) };
        Assert.True(RunOn(source, TimeSpan.FromSeconds(5)));
        LiveState state = _board.Feed.Current;
        ContactRecord[] stored = [.. _collector.Batches.SelectMany(static batch => batch.Contacts)];
        Assert.Equal(stored.Sum(static contact => contact.BytesUp), state.Contacts.Sum(static contact => contact.Record.BytesUp));
        Assert.Equal(stored.Sum(static contact => contact.Flows), state.Contacts.Sum(static contact => contact.Record.Flows));
        Assert.Equal("www.example.org", Assert.Single(state.Contacts).Record.Host);
        Assert.Equal(400, state.Sources[0].Kept);
        Assert.All(_collector.Batches, static batch =>
            Assert.Equal(batch.Flows.Count, batch.Flows.DistinctBy(static flow => flow.Sequence).Count()));
    }

    [Fact]
    public async Task A_command_is_carried_out_between_packets_and_none_after_the_end()
    {
        FakeInterface source = new(_clock, packets: 0);
        Task<int> answer = _commands.InvokeAsync(static () => Environment.CurrentManagedThreadId, TestContext.Current.CancellationToken);
        int loop = Environment.CurrentManagedThreadId;
        Assert.True(RunOn(source, TimeSpan.FromSeconds(1)));
        Assert.Equal(loop, await answer);
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() =>
            _commands.InvokeAsync(static () => 1, TestContext.Current.CancellationToken));
        Assert.Contains("about to end", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_interface_is_in_the_live_state()
    {
        FakeInterface source = new(_clock, packets: 3) { FailsWith = "wlan0 is gone for good." };
        Assert.False(RunOn(source, null));
        Assert.Equal(["wlan0 is gone for good."], _board.Feed.Current.Health.Failures);
        Assert.NotNull(_board.Feed.Current.Health.SinceLastPacketNs);
    }

    private bool RunOn(FakeInterface source, TimeSpan? duration) => Run(source, duration, TestContext.Current.CancellationToken);

    private bool Run(FakeInterface source, TimeSpan? duration, CancellationToken stop) => Run(source, _board, duration, stop);

    private bool Run(FakeInterface source, LiveBoard board, TimeSpan? duration, CancellationToken stop) =>
        new LiveLoop(new Pipeline(new AnalysisOptions()), _collector, board, _commands, _clock, _flushInterval, _collector.Failures.Add)
            .Run(new LiveSource(source, [source], source.Stop), duration, stop);

    private sealed class Collector(ManualClock clock) : IRecordSink
    {
        /// <summary>When each batch came.</summary>
        public List<TimeSpan> Times { get; } = [];

        /// <summary>How long it was to each from the one before.</summary>
        public IEnumerable<TimeSpan> Gaps => Times.Skip(1).Zip(Times, static (later, earlier) => later - earlier);

        public List<RecordBatch> Batches { get; } = [];

        public List<string> Failures { get; } = [];

        public void Write(RecordBatch batch)
        {
            Batches.Add(batch);
            Times.Add(clock.Elapsed);
        }
    }
}
