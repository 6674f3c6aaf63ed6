using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using PiTap.Panel.Running;
using PiTap.Panel.Tests.Devices;

namespace PiTap.Panel.Tests.Running;

/// <summary>A machine with the kit on it.</summary>
internal sealed class KitMachine : IBoardBuses
{
    private readonly GpioController _gpio;

    public KitMachine()
    {
        Chip = new Ssd1306Chip(Plug, 64);
        Pins.Changed = (pin, isHigh) =>
        {
            if (pin == 24 && isHigh)
                Chain.Clock(Pins.IsHigh(23));
        };
        _gpio = new GpioController(Pins);
    }

    public Plug Plug { get; } = new();

    public PinBoard Pins { get; } = new();

    public Ssd1306Chip Chip { get; }

    public Apa102Chain Chain { get; } = new(8);

    public bool HasDisplay { get; set; } = true;

    public bool HasPins { get; set; } = true;

    public GpioController Gpio() => HasPins ? _gpio : throw new IOException("there are no pins");

    public I2cDevice I2c(int bus, int address) => HasDisplay ? Chip : throw new IOException($"nothing answers at 0x{address:x2}");

    public SpiDevice Spi(int bus, int select, int hertz) => throw new IOException("there is no SPI");

    public void Dispose() => _gpio.Dispose();
}
