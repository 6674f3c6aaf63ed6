using PiTap.Analysis;
using PiTap.Host.Live;
using PiTap.Host.Tests.Commands;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Live;

public sealed class LiveLoopTests
{
    private readonly ManualClock _clock = new();
    private readonly Collector _collector = new();
    private readonly LiveHealthLog _health;
    private readonly LiveBoard _board;
    private readonly ControlQueue _commands = new(new ControlLimits());

    public LiveLoopTests()
    {
        _health = new LiveHealthLog(_clock, static () => default);
        _board = new LiveBoard(_clock, _health);
    }

    [Fact]
    public void Each_half_second_has_its_batch_even_when_nothing_comes()
    {
        FakeInterface source = new(_clock, packets: 0);
        Assert.True(RunOn(source, TimeSpan.FromSeconds(10)));
        Assert.InRange(_collector.Batches.Count, 17, 22);
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
        new LiveLoop(new Pipeline(new AnalysisOptions()), _collector, board, _commands, _clock, _collector.Failures.Add)
            .Run(new LiveSource(source, [source], source.Stop), duration, stop);

    private sealed class Collector : IRecordSink
    {
        public List<RecordBatch> Batches { get; } = [];

        public List<string> Failures { get; } = [];

        public void Write(RecordBatch batch) => Batches.Add(batch);
    }

    /// <summary>Waits a tenth of a second where there is no packet, as a real one does.</summary>
    private sealed class FakeInterface(ManualClock clock, int packets) : IPacketSource
    {
        private readonly TimedPacket[] _packets = [.. SampleCapture.Packets(1 + packets / 4, "www.example.org").Take(packets)];
        private int _next;
        private bool _isStopped;

        /// <summary>How far packets are apart, on the wire and in waiting for them.</summary>
        public TimeSpan? Apart { get; init; }

        public TimeSpan FirstAfter { get; init; }

        public Action? OnRead { get; set; }

        public bool NeverEnds { get; init; }

        public string? FailsWith { get; init; }

        public string Name => "wlan0";

        public string? Failure { get; private set; }

        public void Stop() => _isStopped = true;

        public ReadStatus Read(out CapturedPacket packet)
        {
            packet = default;
            OnRead?.Invoke();
            if (_next < _packets.Length && clock.Elapsed >= FirstAfter)
            {
                long? timeNs = Apart is null ? null : _packets[0].TimeNs + _next * Apart.Value.Ticks * 100;
                clock.Advance(Apart ?? TimeSpan.Zero);
                TimedPacket next = _packets[_next++];
                packet = new CapturedPacket
                {
                    TimeNs = timeNs ?? next.TimeNs,
                    Link = next.Link,
                    OriginalLength = next.Data.Length,
                    Data = next.Data
                };
                return ReadStatus.Packet;
            }
            if (FailsWith is not null)
            {
                Failure = FailsWith;
                return ReadStatus.Failed;
            }
            if (_isStopped && !NeverEnds)
                return ReadStatus.End;
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return ReadStatus.Idle;
        }

        public SourceCounters Counters() => new() { Source = Name, Received = _next };

        public void Dispose()
        {
        }
    }
}
