using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.Host.Replay;

/// <summary>Packets of a capture in memory, each when its time has come, or as fast as they are taken.</summary>
/// <param name="name">What people call it.</param>
/// <param name="capture">A pcap or pcapng file.</param>
/// <param name="clock">Goes by it; null for as fast as they are taken.</param>
internal sealed class DemoSource(string name, ReadOnlyMemory<byte> capture, TimeProvider? clock) : IPacketSource
{
    /// <summary>How long a read waits for the next packet's time before it says that there is none now.</summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(50);

    private readonly CaptureFileParser _parser = new();
    private readonly ManualResetEventSlim _stopped = new();
    private int _offset;
    private long _packets;
    private long? _firstNs;
    private long _started;
    private byte[]? _early;
    private (long TimeNs, LinkType Link, int OriginalLength) _earlyHead;

    public string Name => name;

    public string? Failure { get; private set; }

    /// <summary>Ends it before its time.</summary>
    public void Stop() => _stopped.Set();

    public ReadStatus Read(out CapturedPacket packet)
    {
        packet = default;
        if (_stopped.IsSet)
            return ReadStatus.End;
        if (_early is null)
        {
            ReadStatus status = Parse(out packet);
            if (status != ReadStatus.Packet)
                return status;
            _packets++;
            if (IsDue(packet.TimeNs))
                return status;
            _early = packet.Data.ToArray();
            _earlyHead = (packet.TimeNs, packet.Link, packet.OriginalLength);
            packet = default;
        }
        if (Left(_earlyHead.TimeNs) is var left && left > TimeSpan.Zero)
        {
            _stopped.Wait(left < s_wait ? left : s_wait);
            if (!IsDue(_earlyHead.TimeNs))
                return ReadStatus.Idle;
        }
        packet = new CapturedPacket
        {
            TimeNs = _earlyHead.TimeNs,
            Link = _earlyHead.Link,
            OriginalLength = _earlyHead.OriginalLength,
            Data = _early,
        };
        _early = null;
        return ReadStatus.Packet;
    }

    public SourceCounters Counters() => new() { Source = name, Received = Volatile.Read(ref _packets) };

    public void Dispose() => _stopped.Dispose();

    private ReadStatus Parse(out CapturedPacket packet)
    {
        CaptureParseStatus status = _parser.TryRead(capture.Span[_offset..], isLast: true, out int consumed, out packet);
        _offset += consumed;
        if (status == CaptureParseStatus.Packet)
            return ReadStatus.Packet;
        if (status == CaptureParseStatus.End)
            return ReadStatus.End;
        Failure = $"{name} is damaged: install PiTap again.";
        return ReadStatus.Failed;
    }

    private bool IsDue(long timeNs) => clock is null || Left(timeNs) <= TimeSpan.Zero;

    private TimeSpan Left(long timeNs)
    {
        if (_firstNs is null)
        {
            _firstNs = timeNs;
            _started = clock!.GetTimestamp();
        }
        return TimeSpan.FromTicks((timeNs - _firstNs.Value) / TimeSpan.NanosecondsPerTick) - clock!.GetElapsedTime(_started);
    }
}
