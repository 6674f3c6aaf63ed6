namespace PiTap.Panel.Tests.Devices;

/// <summary>
/// APA102 in a chain, by their data sheet: 32 zeros begin; then 32 bits for each, three ones, five bits of brightness, blue, green, red. A
/// light hands the clock on half a period late: the last ones take theirs only with so many further edges of the clock.
/// </summary>
internal sealed class Apa102Chain(int count)
{
    private const int FrameBits = 32;

    private readonly (byte, byte, byte)[] _pending = new (byte, byte, byte)[count];
    private readonly List<bool> _bits = [];
    private int _zeros;
    private int _frames = -1;
    private int _late;

    /// <summary>What each shows: red, green, blue, weakened by its own brightness.</summary>
    public (byte Red, byte Green, byte Blue)[] Lights { get; } = new (byte, byte, byte)[count];

    /// <summary>One bit with the rising edge of the clock.</summary>
    public void Clock(bool bit)
    {
        _zeros = bit ? 0 : _zeros + 1;
        if (_frames == count)
        {
            if (++_late * 2 >= count)
                _pending.CopyTo(Lights, 0);
            if (_zeros >= FrameBits)
                _frames = -1;
        }
        if (_frames < 0)
        {
            if (_zeros < FrameBits)
                return;
            (_frames, _late) = (0, 0);
            _bits.Clear();
            return;
        }
        if (_frames == 0 && _bits.Count == 0 && !bit)
            return;
        _bits.Add(bit);
        if (_bits.Count == FrameBits && _frames < count)
            TakeFrame();
    }

    private void TakeFrame()
    {
        _zeros = 0;
        uint frame = _bits.Aggregate(0u, static (sum, bit) => sum << 1 | (bit ? 1u : 0u));
        _bits.Clear();
        uint brightness = frame >> 29 == 7 ? frame >> 24 & 31 : 0;
        _pending[_frames++] = (Part(frame, brightness), Part(frame >> 8, brightness), Part(frame >> 16, brightness));
    }

    private static byte Part(uint value, uint brightness) => (byte)((value & 255) * brightness / 31);
}
