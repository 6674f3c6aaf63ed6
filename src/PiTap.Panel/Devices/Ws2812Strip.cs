using System.Device.Spi;
using System.Drawing;
using Iot.Device.Ws28xx;

namespace PiTap.Panel.Devices;

/// <summary>
/// A strip of WS2812 on the data line of SPI, which must run at <see cref="ClockHertz"/>: three of its bits are one of theirs.
/// </summary>
internal sealed class Ws2812Strip(SpiDevice device, int count) : ILightStrip
{
    /// <summary>Clock of the bus: a third of a bit's 1.25 us.</summary>
    public const int ClockHertz = 2_400_000;

    private readonly Ws2812b _strip = new(device, count);

    public int Count => count;

    public void Show(ReadOnlySpan<(byte Red, byte Green, byte Blue)> colours)
    {
        for (int i = 0; i < count; i++)
            _strip.Image.SetPixel(i, 0, Color.FromArgb(colours[i].Red, colours[i].Green, colours[i].Blue));
        _strip.Update();
    }

    public void Dispose() => device.Dispose();
}
