namespace PiTap.Panel.Tests.Devices;

/// <summary>
/// WS2812B in a chain, by their data sheet: a bit is high for 0.4 us (zero) or 0.8 us (one), each within 0.15 us, and takes 1.25 us within
/// 0.6 us; 24 bits for each light, green, red, blue, the highest first; after 50 us of low all show what they got.
/// </summary>
internal sealed class Ws2812Chain(int count)
{
    private const double ZeroMicroseconds = 0.4;
    private const double OneMicroseconds = 0.8;
    private const double Tolerance = 0.15;
    private const double ResetMicroseconds = 50;

    private readonly List<bool> _bits = [];

    /// <summary>What each shows.</summary>
    public (byte Red, byte Green, byte Blue)[] Lights { get; } = new (byte, byte, byte)[count];

    /// <summary>A line that is high or low for some time.</summary>
    public void Level(bool isHigh, double microseconds)
    {
        if (isHigh)
        {
            Assert.True(Math.Abs(microseconds - ZeroMicroseconds) <= Tolerance || Math.Abs(microseconds - OneMicroseconds) <= Tolerance);
            _bits.Add(microseconds > (ZeroMicroseconds + OneMicroseconds) / 2);
        }
        else if (microseconds >= ResetMicroseconds)
        {
            for (int i = 0; i < count && (i + 1) * 24 <= _bits.Count; i++)
                Lights[i] = (Part(i * 24 + 8), Part(i * 24), Part(i * 24 + 16));
            _bits.Clear();
        }
    }

    private byte Part(int first) => (byte)_bits.Skip(first).Take(8).Aggregate(0, static (sum, bit) => sum << 1 | (bit ? 1 : 0));
}
