using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>A device of the run, added up.</summary>
internal sealed class DeviceRow(DeviceRecord record, long nowNs)
{
    private readonly long _firstNs = nowNs;
    private long _bytesUp, _bytesDown;
    private RateMeter _up, _down;

    /// <summary>The latest that is known of it.</summary>
    public DeviceRecord Record { get; set; } = record;

    /// <summary>When it last moved, by the run's clock.</summary>
    public long LastNs { get; private set; } = nowNs;

    public void Add(in MinuteRecord delta, long nowNs)
    {
        _bytesUp += delta.BytesUp;
        _bytesDown += delta.BytesDown;
        _up.Add(delta.BytesUp, nowNs);
        _down.Add(delta.BytesDown, nowNs);
        LastNs = nowNs;
    }

    public LiveDevice ToRecord(long nowNs) => new()
    {
        Record = Record,
        BytesUp = _bytesUp,
        BytesDown = _bytesDown,
        UpPerSecond = _up.PerSecond(nowNs),
        DownPerSecond = _down.PerSecond(nowNs),
        AgeNs = nowNs - _firstNs,
        IdleNs = nowNs - LastNs,
    };
}
