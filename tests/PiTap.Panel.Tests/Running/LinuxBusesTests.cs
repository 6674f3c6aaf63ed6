using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using PiTap.Panel.Running;
using PiTap.Panel.Tests.Devices;

namespace PiTap.Panel.Tests.Running;

public sealed class LinuxBusesTests : IDisposable
{
    private readonly string _devices = Directory.CreateTempSubdirectory("pitap-devices").FullName;

    public void Dispose() => Directory.Delete(_devices, recursive: true);

    [Theory]
    [InlineData("Raspberry Pi 5 Model B Rev 1.0", GpioWay.LibGpiod2)]
    [InlineData("Raspberry Pi 5 Model B Rev 1.1", GpioWay.LibGpiod2)]
    [InlineData("Raspberry Pi 500 Rev 1.0", GpioWay.LibGpiod2)]
    [InlineData("Raspberry Pi Compute Module 5 Rev 1.0", GpioWay.LibGpiod2)]
    [InlineData("Raspberry Pi 4 Model B Rev 1.5", GpioWay.Memory)]
    [InlineData("Raspberry Pi Zero 2 W Rev 1.0", GpioWay.Memory)]
    [InlineData("Orange Pi Zero", GpioWay.LibGpiod2)]
    [InlineData("", GpioWay.LibGpiod2)]
    public void The_way_to_the_pins_is_chosen_by_the_machine(string model, object way)
    {
        IReadOnlyList<GpioWay> ways = GpioWays.Of(model);
        Assert.Equal(way, ways[0]);
        Assert.Contains(GpioWay.LibGpiod1, ways);
    }

    [Fact]
    public void A_machine_without_pins_says_so()
    {
        using LinuxBuses buses = new(_devices, "");
        Assert.Equal($"this machine has no pins: there is no {_devices}/gpiochip0", Assert.Throws<IOException>(buses.Gpio).Message);
    }

    [Fact]
    public void Pins_that_cannot_be_reached_are_told_with_every_way_that_was_tried()
    {
        Assert.SkipWhen(Directory.GetFiles("/dev", "gpiochip*").Length > 0, "this machine has pins");
        File.WriteAllText(Path.Combine(_devices, "gpiochip0"), "");
        using LinuxBuses buses = new(_devices, "Raspberry Pi 4 Model B Rev 1.5");
        string said = Assert.Throws<IOException>(buses.Gpio).Message;
        Assert.StartsWith("the pins cannot be reached; join the group gpio, or install libgpiod. Memory: ", said, StringComparison.Ordinal);
        Assert.Contains("; LibGpiod2: ", said, StringComparison.Ordinal);
        Assert.Contains("; LibGpiod1: ", said, StringComparison.Ordinal);
        Assert.Null(buses.Way);
    }

    [Fact]
    public void A_bus_that_is_not_there_is_named_with_what_to_do()
    {
        using LinuxBuses buses = new(_devices, "");
        Assert.Equal($"there is no {_devices}/i2c-1: switch I2C on (dtparam=i2c_arm=on) and load the module i2c-dev",
            Assert.Throws<IOException>(() => buses.I2c(1, 0x3C)).Message);
        Assert.Equal($"there is no {_devices}/spidev0.1: switch SPI on (dtparam=spi=on)",
            Assert.Throws<IOException>(() => buses.Spi(0, 1, 1_000_000)).Message);
    }

    [Fact]
    public void A_bus_that_cannot_be_opened_says_why()
    {
        // The node is there, and the bus of that number is not.
        File.WriteAllText(Path.Combine(_devices, "i2c-97"), "");
        using LinuxBuses buses = new(_devices, "");
        Assert.StartsWith($"{_devices}/i2c-97 cannot be opened: ", Assert.Throws<IOException>(() => buses.I2c(97, 0x3C)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x3C, "oled-kit", "a display answers at 0x3c on I2C bus 1: taken for oled-kit")]
    [InlineData(0x3D, "oled-kit", "a display answers at 0x3d on I2C bus 1: taken for oled-kit")]
    [InlineData(0x20, "none", "no board was found (silence); name the board if its display is on SPI")]
    public void What_answers_is_what_is_plugged_in(int address, string board, string found)
    {
        using OneAddress buses = new(address);
        Assert.Equal((board, found), BoardProbe.Find(buses));
    }

    private sealed class OneAddress(int answering) : IBoardBuses
    {
        public GpioController Gpio() => throw new IOException("none");

        public I2cDevice I2c(int bus, int address) =>
            address == answering ? new Ssd1306Chip(new Plug(), 64) : throw new IOException("silence");

        public SpiDevice Spi(int bus, int select, int hertz) => throw new IOException("none");

        public void Dispose()
        {
        }
    }
}
