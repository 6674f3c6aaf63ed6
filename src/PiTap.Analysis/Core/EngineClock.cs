using PiTap.Model;

namespace PiTap.Analysis.Core;

/// <summary>
/// The time that time-outs are measured in. It follows packet time, but never goes back: a Pi without a battery clock steps when it finds a
/// time server, files are replayed one behind the other, and several interfaces deliver slightly out of order. A step back by more than
/// <see cref="MaxDisorderNs"/> counts as a new setting of the clock, from where time goes on. The clock before is kept in mind: where
/// packets of two clocks are mixed, going back and forth between them is no time that passes.
/// </summary>
internal sealed class EngineClock
{
    /// <summary>Packets may be out of order by this much without being taken for a step of the clock.</summary>
    public const long MaxDisorderNs = 2 * PacketTime.NanosecondsPerSecond;

    private long _latestPacketNs = long.MinValue;
    private bool _hasOther;
    private long _otherPacketNs;
    private long _otherLeftNs;

    /// <summary>Nanoseconds; only differences mean something. It may wrap around, which leaves them right.</summary>
    public long NowNs { get; private set; }

    /// <summary>Moves on with a packet; true if the clock was stepped back.</summary>
    public bool Advance(long packetNs)
    {
        if (_latestPacketNs == long.MinValue)
        {
            _latestPacketNs = packetNs;
            return false;
        }
        // Hostile time stamps reach over the whole range: the difference may not fit with its sign.
        bool isBack = packetNs < _latestPacketNs;
        ulong distance = isBack ? (ulong)(_latestPacketNs - packetNs) : (ulong)(packetNs - _latestPacketNs);
        if (distance > MaxDisorderNs && IsOther(packetNs))
            return false;
        if (isBack)
        {
            if (distance > MaxDisorderNs)
                Leave(packetNs);
            return distance > MaxDisorderNs;
        }
        NowNs += (long)Math.Min(distance, long.MaxValue / 2);
        _latestPacketNs = packetNs;
        return false;
    }

    /// <summary>True if the packet goes on where the other clock should be by now; then that one is followed again.</summary>
    private bool IsOther(long packetNs)
    {
        long expectedNs = _otherPacketNs + (NowNs - _otherLeftNs);
        long ahead = packetNs - expectedNs;
        if (!_hasOther || ahead is < -MaxDisorderNs or > MaxDisorderNs)
            return false;
        Leave(Math.Max(packetNs, expectedNs));
        NowNs += Math.Max(ahead, 0);
        return true;
    }

    private void Leave(long packetNs)
    {
        (_hasOther, _otherPacketNs, _otherLeftNs) = (true, _latestPacketNs, NowNs);
        _latestPacketNs = packetNs;
    }
}
