using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>
/// Bytes a second over the latest two to four seconds: the window that runs and, for the part of it that is yet to come, the one before.
/// </summary>
internal struct RateMeter
{
    private const long WindowNs = 2 * PacketTime.NanosecondsPerSecond;

    private long _startNs;
    private long _current;
    private long _previous;

    /// <summary>Counts bytes; fewer than none where they turn out to belong elsewhere.</summary>
    public void Add(long bytes, long nowNs)
    {
        long windows = (nowNs - _startNs) / WindowNs;
        if (windows > 0)
        {
            _previous = windows == 1 ? _current : 0;
            _current = 0;
            _startNs += windows * WindowNs;
        }
        _current += bytes;
    }

    public readonly long PerSecond(long nowNs)
    {
        long windows = (nowNs - _startNs) / WindowNs;
        if (windows > 1)
            return 0;
        double current = windows == 0 ? _current : 0;
        double previous = windows == 0 ? _previous : _current;
        double left = 1 - (double)((nowNs - _startNs) % WindowNs) / WindowNs;
        return (long)Math.Max(0, (current + previous * left) * PacketTime.NanosecondsPerSecond / WindowNs);
    }
}
