namespace PiTap.Panel.Boards;

/// <summary>Who has which pin: two things on one pin are refused, with the place of both.</summary>
internal sealed class PinTable
{
    /// <summary>The highest GPIO number on the header of 40 pins.</summary>
    public const int LastPin = 27;

    private const int Sda = 2;
    private const int Scl = 3;
    private const int Mosi = 10;
    private const int Clock = 11;

    private readonly Dictionary<int, string> _takers = [];

    public int Take(BoardObject owner, string key, int pin, string taker)
    {
        if (!_takers.TryAdd(pin, taker))
            throw owner.Refusal(key, $"GPIO {pin} is taken already: {_takers[pin]}");
        return pin;
    }

    /// <summary>A pin that must be given.</summary>
    public int Read(BoardObject owner, string key, string taker) => Take(owner, key, owner.Number(key, 0, LastPin), taker);

    /// <summary>A pin that may be left out.</summary>
    public int? ReadOptional(BoardObject owner, string key, string taker) => owner.Has(key) ? Read(owner, key, taker) : null;

    /// <summary>Bus 1 of I2C is on the header; further ones may be anywhere.</summary>
    public void TakeI2c(BoardObject owner, int bus)
    {
        if (bus != 1)
            return;
        Take(owner, "bus", Sda, "data of I2C bus 1");
        Take(owner, "bus", Scl, "clock of I2C bus 1");
    }

    /// <summary>
    /// Bus 0 of SPI is on the header. Its line from the chips (GPIO 9) is not used: displays and lights only listen, and some boards have
    /// something else there.
    /// </summary>
    public void TakeSpi(BoardObject owner, string key, int bus, int select)
    {
        if (bus != 0)
            return;
        if (!_takers.ContainsValue("data of SPI bus 0"))
        {
            Take(owner, key, Mosi, "data of SPI bus 0");
            Take(owner, key, Clock, "clock of SPI bus 0");
        }
        Take(owner, key, select == 0 ? 8 : 7, $"chip select {select} of SPI bus 0");
    }
}
