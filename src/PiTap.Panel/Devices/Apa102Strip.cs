using System.Device.Spi;
using System.Drawing;
using Iot.Device.Apa102;

namespace PiTap.Panel.Devices;

/// <summary>A strip of APA102 on SPI.</summary>
internal sealed class Apa102Strip(SpiDevice device, int count) : ILightStrip
{
    private readonly Apa102 _strip = new(device, count);

    public int Count => count;

    public void Show(ReadOnlySpan<(byte Red, byte Green, byte Blue)> colours)
    {
        for (int i = 0; i < count; i++)
            _strip.Pixels[i] = Color.FromArgb(colours[i].Red, colours[i].Green, colours[i].Blue);
        _strip.Flush();
    }

    public void Dispose() => _strip.Dispose();
}
