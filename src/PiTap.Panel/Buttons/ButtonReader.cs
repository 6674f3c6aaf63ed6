using PiTap.Model;

namespace PiTap.Panel.Buttons;

/// <summary>
/// Tells what somebody does with a button from its level over time. Contacts bounce: a level counts once it has stood for a while. Whatever
/// a press means is done when the button is let go, so that a button that never is does nothing.
/// </summary>
public sealed class ButtonReader
{
    /// <summary>How long a level must stand to count, nanoseconds: contacts of small buttons bounce for up to 20 ms.</summary>
    public const long DebounceNs = 25 * Millisecond;

    /// <summary>Within this time a second press makes two of them one gesture, nanoseconds.</summary>
    public const long TwiceWithinNs = 350 * Millisecond;

    /// <summary>From this on a press is a long one, nanoseconds.</summary>
    public const long LongFromNs = PacketTime.NanosecondsPerSecond;

    /// <summary>From this on it asks for a shutdown, nanoseconds.</summary>
    public const long ShutdownFromNs = 5 * PacketTime.NanosecondsPerSecond;

    /// <summary>From this on nobody means it, nanoseconds.</summary>
    public const long StuckFromNs = 15 * PacketTime.NanosecondsPerSecond;

    private const long Millisecond = 1_000_000;

    private bool _isDown;
    private long _levelSinceNs = long.MinValue;
    private bool _level;
    private long _downNs;
    private long? _shortNs;
    private ButtonGesture _told;

    /// <summary>True while somebody holds it, or something lies on it.</summary>
    public bool IsDown => _isDown;

    /// <summary>What has become clear by now. Has to be called often: each hundredth of a second, and whenever the level changes.</summary>
    /// <param name="isPressed">The level.</param>
    /// <param name="nowNs">The moment, nanoseconds since the Unix epoch, never before the one of the call before.</param>
    public ButtonGesture Read(bool isPressed, long nowNs)
    {
        if (isPressed != _level || _levelSinceNs == long.MinValue)
            (_level, _levelSinceNs) = (isPressed, nowNs);
        if (_level != _isDown && nowNs - _levelSinceNs >= DebounceNs)
        {
            _isDown = _level;
            if (!_isDown)
                return Released(_levelSinceNs - _downNs);
            (_downNs, _told) = (_levelSinceNs, ButtonGesture.None);
        }
        return _isDown ? Held(nowNs - _downNs) : Waited(nowNs);
    }

    private ButtonGesture Held(long heldNs)
    {
        ButtonGesture gesture = heldNs >= StuckFromNs ? ButtonGesture.Stuck
            : heldNs >= ShutdownFromNs ? ButtonGesture.ShutdownAnnounced
            : ButtonGesture.None;
        if (gesture == _told)
            return ButtonGesture.None;
        _told = gesture;
        return gesture;
    }

    private ButtonGesture Released(long heldNs)
    {
        long? beforeNs = _shortNs;
        _shortNs = null;
        if (heldNs >= StuckFromNs)
            return ButtonGesture.None;
        if (heldNs >= ShutdownFromNs)
            return ButtonGesture.Shutdown;
        if (heldNs >= LongFromNs)
            return ButtonGesture.Hold;
        if (beforeNs is long first && _downNs - first <= TwiceWithinNs)
            return ButtonGesture.Twice;
        _shortNs = _downNs + heldNs;
        return ButtonGesture.None;
    }

    /// <summary>A short press is one when no second one can follow it any more.</summary>
    private ButtonGesture Waited(long nowNs)
    {
        if (_shortNs is not long first || nowNs - first <= TwiceWithinNs + DebounceNs)
            return ButtonGesture.None;
        _shortNs = null;
        return ButtonGesture.Press;
    }
}
