using PiTap.Analysis;
using PiTap.Host.Commands;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Commands;

public sealed class LiveLoopTests
{
    private readonly ManualClock _clock = new();
    private readonly Collector _collector = new();

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

    private bool RunOn(FakeInterface source, TimeSpan? duration) => Run(source, duration, TestContext.Current.CancellationToken);

    private bool Run(FakeInterface source, TimeSpan? duration, CancellationToken stop) =>
        new LiveLoop(new Pipeline(new AnalysisOptions()), _collector, _clock, _collector)
            .Run(new LiveSource(source, [source], source.Stop), duration, stop);

    private sealed class Collector : IRecordSink, ILiveObserver
    {
        public List<RecordBatch> Batches { get; } = [];

        public List<string> Failures { get; } = [];

        public void Write(RecordBatch batch) => Batches.Add(batch);

        public void Flushed(RecordBatch batch) => Assert.Same(Batches[^1], batch);

        public void Failed(string sentence) => Failures.Add(sentence);
    }

    /// <summary>Waits a tenth of a second where there is no packet, as a real one does.</summary>
    private sealed class FakeInterface(ManualClock clock, int packets) : IPacketSource
    {
        private readonly TimedPacket[] _packets = [.. SampleCapture.Packets(1 + packets / 4, "www.example.org").Take(packets)];
        private int _next;
        private bool _isStopped;

        public bool NeverEnds { get; init; }

        public string? FailsWith { get; init; }

        public string Name => "wlan0";

        public string? Failure { get; private set; }

        public void Stop() => _isStopped = true;

        public ReadStatus Read(out CapturedPacket packet)
        {
            packet = default;
            if (_next < _packets.Length)
            {
                TimedPacket next = _packets[_next++];
                packet = new CapturedPacket { TimeNs = next.TimeNs, Link = next.Link, OriginalLength = next.Data.Length, Data = next.Data };
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

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}
