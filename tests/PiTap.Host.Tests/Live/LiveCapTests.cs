using System.Globalization;
using PiTap.Analysis;
using PiTap.Host.Live;
using PiTap.Host.Tests.Commands;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Live;

/// <summary>What a live capture holds and how long it is busy at most, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class LiveCapTests
{
    private readonly ManualClock _clock = new();
    private readonly LiveFold _fold = new();

    [Fact]
    [Trait("cap", "Host.LiveFold.MaxContacts")]
    public void Four_thousand_contacts_are_kept_and_further_ones_counted()
    {
        for (int i = 0; i < 6_000; i++)
            _fold.Fold(new RecordBatch { Contacts = [Contact(Name(i))] }, i);
        LiveTotals totals = _fold.ToState(6_000).Totals;
        Assert.InRange(totals.Contacts, 3_000, 4_096);
        Assert.Equal(6_000, totals.Contacts + totals.ContactsEvicted);
    }

    [Fact]
    [Trait("cap", "Host.LiveFold.MaxHostCharacters")]
    public void The_hosts_of_contacts_hold_256_thousand_characters()
    {
        for (int i = 0; i < 2_000; i++)
            _fold.Fold(new RecordBatch { Contacts = [Contact(new string('x', 239) + Name(i))] }, i);
        Assert.InRange(_fold.ToState(2_000).Totals.Contacts * 253, 128 << 10, 256 << 10);
    }

    [Fact]
    public void What_hosts_are_aliases_of_counts_too_whenever_it_is_told()
    {
        string[] aliases = [new string('a', 253), new string('b', 253), new string('c', 253), new string('d', 253)];
        for (int i = 0; i < 2_000; i++)
        {
            _fold.Fold(new RecordBatch { Contacts = [Contact(Name(i))] }, i);
            _fold.Fold(new RecordBatch { Contacts = [Contact(Name(i)) with { Aliases = aliases }] }, i);
        }
        Assert.InRange(_fold.ToState(2_000).Totals.Contacts * (4 * 253 + Name(0).Length), 128 << 10, 256 << 10);
    }

    [Fact]
    [Trait("cap", "Host.LiveFold.MaxDevices")]
    [Trait("cap", "Model.LiveState.MaxDevices")]
    public void A_thousand_devices_are_kept_and_sixty_four_shown()
    {
        for (int i = 0; i < 1_500; i++)
            _fold.Fold(new RecordBatch { Devices = [new DeviceRecord { Id = Name(i), FirstSeenNs = i, LastSeenNs = i }] }, i);
        LiveState state = _fold.ToState(1_500);
        Assert.InRange(state.Totals.Devices, 500, 1_024);
        Assert.Equal(1_500, state.Totals.Devices + state.Totals.DevicesEvicted);
        Assert.Equal(64, state.Devices.Count);
    }

    [Fact]
    [Trait("cap", "Model.LiveHealth.MaxNotices")]
    public void The_latest_sixteen_sentences_are_kept()
    {
        LiveHealthLog health = new(_clock, static () => default);
        for (int i = 0; i < 20; i++)
            health.Say(Name(i));
        Assert.Equal(Enumerable.Range(4, 16).Select(Name), health.ToRecord().Notices.Select(static notice => notice.Text));
    }

    [Fact]
    [Trait("cap", "Host.ControlLimits.MaxWaiting")]
    public async Task Sixteen_commands_wait_to_be_carried_out()
    {
        ControlQueue queue = new(new ControlLimits());
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<int>[] waiting = [.. Enumerable.Range(0, 16).Select(i => queue.InvokeAsync(() => i, cancellation))];
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => queue.InvokeAsync(static () => 16, cancellation));
        Assert.Contains("too many commands", failure.Message, StringComparison.Ordinal);
        while (queue.HasCommands)
            queue.RunNext();
        Assert.Equal(Enumerable.Range(0, 16), await Task.WhenAll(waiting));
    }

    [Fact]
    [Trait("cap", "Host.LiveLoop.MaxBurstPackets")]
    public void Packets_that_never_pause_delay_no_batch_for_longer_than_a_thousand_of_them()
    {
        // Ten seconds of them, all of one moment by their own time.
        Steady source = new(_clock, packets: 10_000) { Apart = TimeSpan.FromMilliseconds(1) };
        Assert.InRange(Run(source, TimeSpan.FromSeconds(11)), 10, 14);
    }

    [Fact]
    [Trait("cap", "Host.LiveLoop.MaxBurstNs")]
    public void Packets_with_pauses_delay_no_batch_for_longer_than_a_moment()
    {
        TimeSpan apart = TimeSpan.FromMilliseconds(40);
        Steady source = new(_clock, packets: 200) { Apart = apart, OnTheWire = apart };
        Assert.InRange(Run(source, TimeSpan.FromSeconds(8)), 14, 18);
    }

    [Theory]
    // A fiftieth of the time is a take in 50 ms, or in 500; but four a second there are, whatever they cost.
    [InlineData(1, 45, 70)]
    [InlineData(10, 12, 25)]
    [Trait("cap", "Host.LiveLoop.MaxShareOfTime")]
    public void Where_the_live_state_costs_much_news_wait_for_their_turn(int costMs, int least, int most)
    {
        TimeSpan apart = TimeSpan.FromMilliseconds(1);
        Steady source = new(_clock, packets: 3_000) { Apart = apart, OnTheWire = apart, Cost = TimeSpan.FromMilliseconds(costMs) };
        Run(source, TimeSpan.FromSeconds(3));
        // New flows all the time, which would be taken every 20 ms.
        Assert.InRange(source.Taken, least, most);
    }

    private int Run(Steady source, TimeSpan duration)
    {
        Counter sink = new();
        LiveBoard board = new(_clock, new LiveHealthLog(_clock, static () => default));
        Pipeline pipeline = new(new AnalysisOptions());
        ControlQueue commands = new(new ControlLimits());
        Assert.True(new LiveLoop(pipeline, sink, board, commands, _clock, TimeSpan.FromSeconds(1), static _ => { })
            .Run(new LiveSource(source, [source], source.Stop), duration, TestContext.Current.CancellationToken));
        return sink.Batches;
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"{i:D6}.example");

    private static ContactRecord Contact(string host) =>
        new() { Device = "02:00:00:00:00:01", Host = host, HostSource = HostSource.TlsSni, Flows = 1 };

    private sealed class Counter : IRecordSink
    {
        public int Batches { get; private set; }

        public void Write(RecordBatch batch) => Batches++;
    }

    /// <summary>An interface with packets of new flows, as long as there are any; each look at its counters costs time.</summary>
    private sealed class Steady(ManualClock clock, int packets) : IPacketSource
    {
        private readonly TimedPacket[] _packets = [.. SampleCapture.Packets(1 + packets / 4, "www.example.org").Take(packets)];
        private int _next;
        private bool _isStopped;

        public TimeSpan Apart { get; init; }

        public TimeSpan OnTheWire { get; init; }

        public TimeSpan Cost { get; init; }

        public int Taken { get; private set; }

        public string Name => "wlan0";

        public string? Failure => null;

        public void Stop() => _isStopped = true;

        public ReadStatus Read(out CapturedPacket packet)
        {
            packet = default;
            if (_next == _packets.Length)
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return _isStopped ? ReadStatus.End : ReadStatus.Idle;
            }
            clock.Advance(Apart);
            long timeNs = _packets[0].TimeNs + _next * OnTheWire.Ticks * TimeSpan.NanosecondsPerTick;
            TimedPacket next = _packets[_next++];
            packet = new CapturedPacket { TimeNs = timeNs, Link = next.Link, OriginalLength = next.Data.Length, Data = next.Data };
            return ReadStatus.Packet;
        }

        public SourceCounters Counters()
        {
            Taken++;
            clock.Advance(Cost);
            return new SourceCounters { Source = Name, Received = _next };
        }

        public void Dispose()
        {
        }
    }
}
