using System.Device.Gpio;

namespace PiTap.Panel.Devices;

/// <summary>LEDs on a pin each, high for light. They have no colours: the pattern says what they mean.</summary>
internal sealed class PlainLights : ILightStrip
{
    private readonly GpioController _gpio;
    private readonly int[] _pins;

    /// <summary>Takes the pins over, dark.</summary>
    public PlainLights(GpioController gpio, IEnumerable<int> pins)
    {
        (_gpio, _pins) = (gpio, [.. pins]);
        foreach (int pin in _pins)
            gpio.OpenPin(pin, PinMode.Output, PinValue.Low);
    }

    public int Count => _pins.Length;

    public void Show(ReadOnlySpan<(byte Red, byte Green, byte Blue)> colours)
    {
        for (int i = 0; i < _pins.Length; i++)
            _gpio.Write(_pins[i], colours[i] == default ? PinValue.Low : PinValue.High);
    }

    public void Dispose()
    {
        foreach (int pin in _pins)
        {
            _gpio.Write(pin, PinValue.Low);
            _gpio.ClosePin(pin);
        }
    }
}
