using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;

namespace PiTap.Panel.Running;

/// <summary>
/// The buses and pins of the machine. What is not there, or may not be used, is an <see cref="IOException"/> whose message is a sentence
/// for people.
/// </summary>
internal interface IBoardBuses : IDisposable
{
    /// <summary>The pins; the same controller each time.</summary>
    GpioController Gpio();

    /// <summary>A device on I2C, which has answered.</summary>
    I2cDevice I2c(int bus, int address);

    /// <summary>A chip-select line of SPI.</summary>
    SpiDevice Spi(int bus, int select, int hertz);
}
