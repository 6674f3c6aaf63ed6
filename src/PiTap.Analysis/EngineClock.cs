using PiTap.Model;

namespace PiTap.Analysis;

/// <summary>
/// The time that time-outs are measured in. It follows packet time, but never goes back: a Pi without a battery clock steps when it finds a time
/// server, files are replayed one behind the other, and several interfaces deliver slightly out of order. A step back by more than
/// <see cref="MaxDisorderNs"/> counts as a new setting of the clock, from where time goes on.
/// </summary>
internal sealed class EngineClock
{
    /// <summary>Packets may be out of order by this much without being taken for a step of the clock.</summary>
    public const long MaxDisorderNs = 2 * PacketTime.NanosecondsPerSecond;

    private long _latestPacketNs = long.MinValue;

    /// <summary>Nanoseconds; only differences mean something.</summary>
    public long NowNs { get; private set; }

    /// <summary>Moves on with a packet; true where the clock was stepped back.</summary>
    public bool Advance(long packetNs)
    {
        if (_latestPacketNs == long.MinValue)
        {
            _latestPacketNs = packetNs;
            return false;
        }
        if (packetNs < _latestPacketNs)
        {
            // Hostile time stamps reach over the whole range: the difference may not fit.
            bool isStep = (ulong)(_latestPacketNs - packetNs) > MaxDisorderNs;
            if (isStep)
                _latestPacketNs = packetNs;
            return isStep;
        }
        ulong elapsed = (ulong)(packetNs - _latestPacketNs);
        NowNs = elapsed > (ulong)(long.MaxValue / 2 - NowNs) ? long.MaxValue / 2 : NowNs + (long)elapsed;
        _latestPacketNs = packetNs;
        return false;
    }
}
