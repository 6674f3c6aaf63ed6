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
        TurnTo(nowNs);
        _current += bytes;
    }

    /// <summary>Counts what another meter counted, too.</summary>
    public void Add(RateMeter other) => Add(other, 1);

    /// <summary>Counts no more what another meter counted.</summary>
    public void Subtract(RateMeter other) => Add(other, -1);

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

    /// <summary>Windows of all meters begin at the same times.</summary>
    private void Add(RateMeter other, int sign)
    {
        TurnTo(other._startNs);
        other.TurnTo(_startNs);
        _current += sign * other._current;
        _previous += sign * other._previous;
    }

    private void TurnTo(long nowNs)
    {
        long windows = (nowNs - _startNs) / WindowNs;
        if (windows <= 0)
            return;
        _previous = windows == 1 ? _current : 0;
        _current = 0;
        _startNs += windows * WindowNs;
    }
}
