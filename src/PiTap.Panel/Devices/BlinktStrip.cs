using System.Device.Gpio;
using System.Drawing;
using Iot.Device.Blinkt;

namespace PiTap.Panel.Devices;

/// <summary>Pimoroni's Blinkt!: eight APA102 on two pins.</summary>
internal sealed class BlinktStrip(GpioController gpio, int dataPin, int clockPin) : ILightStrip
{
    private readonly Blinkt _strip = new(dataPin, clockPin, gpio, shouldDispose: false);

    public int Count => Blinkt.NumberOfPixels;

    public void Show(ReadOnlySpan<(byte Red, byte Green, byte Blue)> colours)
    {
        for (int i = 0; i < Count; i++)
            _strip.SetPixel(i, Color.FromArgb(colours[i].Red, colours[i].Green, colours[i].Blue));
        _strip.Show();
    }

    /// <summary>Goes dark, and gives the pins back, which the package's class keeps.</summary>
    public void Dispose()
    {
        _strip.Dispose();
        gpio.ClosePin(dataPin);
        gpio.ClosePin(clockPin);
    }
}
