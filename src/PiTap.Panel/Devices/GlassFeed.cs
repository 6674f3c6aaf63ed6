using PiTap.Model;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>
/// Keeps a display up to date: sends what changed and no more. Now and then it sends all, as a chip that lost its power and got it back
/// says nothing of it. After a failure of the bus nobody knows what the display holds: it is begun
/// anew, and then gets the whole frame; the attempts become rarer while they fail.
/// </summary>
internal sealed class GlassFeed(IPanelGlass glass)
{
    /// <summary>
    /// The longest time between two attempts, nanoseconds: how long a display is dark at most once it is plugged in again.
    /// </summary>
    public const long MaxWaitNs = 5 * PacketTime.NanosecondsPerSecond;

    /// <summary>How long a display that lost its power unnoticed stays wrong at most, nanoseconds.</summary>
    public const long RenewEveryNs = 10 * PacketTime.NanosecondsPerSecond;

    private const long FirstWaitNs = PacketTime.NanosecondsPerSecond / 8;

    private Frame? _shown;
    private bool _isBroken;
    private long _waitNs;
    private long _nextNs;
    private long _renewedNs;

    /// <summary>Failures of the bus so far.</summary>
    public long Failures { get; private set; }

    /// <summary>What the bus said last; null while it works.</summary>
    public string? Failure { get; private set; }

    /// <summary>Shows a frame. True if the display shows it now.</summary>
    /// <param name="frame">The frame, of the display's size.</param>
    /// <param name="nowNs">The moment, nanoseconds since the Unix epoch.</param>
    public bool Show(Frame frame, long nowNs)
    {
        if (_isBroken && nowNs < _nextNs)
            return false;
        bool isRenewal = _shown is null || _isBroken || nowNs - _renewedNs >= RenewEveryNs;
        PixelArea area = isRenewal ? new PixelArea(0, 0, glass.Width, glass.Height) : frame.Difference(_shown!);
        if (area.IsEmpty)
            return true;
        try
        {
            if (_isBroken)
                glass.Begin();
            else if (isRenewal)
                glass.Wake();
            glass.Send(frame, area);
        }
        catch (IOException fault)
        {
            Failures++;
            Failure = fault.Message;
            _isBroken = true;
            _waitNs = Math.Clamp(_waitNs * 2, FirstWaitNs, MaxWaitNs);
            _nextNs = nowNs + _waitNs;
            return false;
        }
        (_shown, _isBroken, _waitNs, Failure) = (frame, false, 0, null);
        if (isRenewal)
            _renewedNs = nowNs;
        return true;
    }
}
