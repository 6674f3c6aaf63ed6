using PiTap.Host.Tests.Commands;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Live;

/// <summary>Waits a tenth of a second where there is no packet, as a real one does.</summary>
internal sealed class FakeInterface(ManualClock clock, Func<int, TimedPacket> packetOf, int packets) : IPacketSource
{
    private int _next;
    private bool _isStopped;

    /// <summary>Connections with a name each.</summary>
    public FakeInterface(ManualClock clock, int packets)
        : this(clock, Sample(packets), packets)
    {
    }

    /// <summary>How far packets are apart, on the wire and in waiting for them.</summary>
    public TimeSpan? Apart { get; init; }

    public TimeSpan FirstAfter { get; init; }

    /// <summary>From when on each is there.</summary>
    public Func<int, TimeSpan> DueAt { get; init; } = static _ => TimeSpan.Zero;

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
        if (_next < packets && clock.Elapsed >= FirstAfter && clock.Elapsed >= DueAt(_next))
        {
            long? timeNs = Apart is null ? null : packetOf(0).TimeNs + _next * Apart.Value.Ticks * 100;
            clock.Advance(Apart ?? TimeSpan.Zero);
            TimedPacket next = packetOf(_next++);
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

    private static Func<int, TimedPacket> Sample(int packets)
    {
        TimedPacket[] sample = [.. SampleCapture.Packets(1 + packets / 4, "www.example.org").Take(packets)];
        return i => sample[i];
    }
}
