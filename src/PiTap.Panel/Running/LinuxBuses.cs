using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Device.I2c;
using System.Device.Spi;

namespace PiTap.Panel.Running;

/// <summary>The buses and pins of a Linux machine. Each thing that may be missing has its sentence.</summary>
/// <param name="devices">Where the device nodes are: <c>/dev</c>.</param>
/// <param name="model">What the device tree calls the machine; empty where there is none.</param>
internal sealed class LinuxBuses(string devices, string model) : IBoardBuses
{
    private GpioController? _gpio;

    /// <summary>How the pins are reached; null as long as they are not.</summary>
    public GpioWay? Way { get; private set; }

    /// <summary>This machine.</summary>
    public static LinuxBuses OfThisMachine()
    {
        const string ModelFile = "/proc/device-tree/model";
        return new LinuxBuses("/dev", File.Exists(ModelFile) ? File.ReadAllText(ModelFile).TrimEnd('\0', '\n') : "");
    }

    public GpioController Gpio()
    {
        if (_gpio is not null)
            return _gpio;
        if (Directory.GetFiles(devices, "gpiochip*").Length == 0)
            throw new IOException($"this machine has no pins: there is no {devices}/gpiochip0");
        List<string> reasons = [];
        foreach (GpioWay way in GpioWays.Of(model))
        {
            try
            {
                _gpio = new GpioController(Driver(way));
                Way = way;
                return _gpio;
            }
            catch (Exception fault) when (fault is IOException or PlatformNotSupportedException or NotSupportedException
                or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException or InvalidOperationException)
            {
                reasons.Add($"{way}: {fault.Message}");
            }
        }
        throw new IOException($"the pins cannot be reached; join the group gpio, or install libgpiod. {string.Join("; ", reasons)}");
    }

    public I2cDevice I2c(int bus, int address)
    {
        string node = $"{devices}/i2c-{bus}";
        Check(node, "switch I2C on (dtparam=i2c_arm=on) and load the module i2c-dev", "i2c");
        I2cDevice device = Create(node, new I2cConnectionSettings(bus, address));
        try
        {
            // A chip that is there answers to its address, whatever it is asked for.
            device.ReadByte();
            return device;
        }
        catch (IOException fault)
        {
            device.Dispose();
            throw new IOException($"nothing answers at 0x{address:x2} on I2C bus {bus}: check the four wires and the address", fault);
        }
    }

    public SpiDevice Spi(int bus, int select, int hertz)
    {
        Check($"{devices}/spidev{bus}.{select}", "switch SPI on (dtparam=spi=on)", "spi");
        return SpiDevice.Create(new SpiConnectionSettings(bus, select) { ClockFrequency = hertz, Mode = SpiMode.Mode0 });
    }

    public void Dispose() => _gpio?.Dispose();

    private static I2cDevice Create(string node, I2cConnectionSettings settings)
    {
        try
        {
            return I2cDevice.Create(settings);
        }
        catch (IOException fault)
        {
            throw new IOException($"{node} cannot be opened: {fault.Message}", fault);
        }
    }

    private static void Check(string node, string remedy, string group)
    {
        if (!File.Exists(node))
            throw new IOException($"there is no {node}: {remedy}");
        try
        {
            using FileStream file = new(node, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"{node} may not be opened: join the group {group}", fault);
        }
    }

    private static GpioDriver Driver(GpioWay way)
    {
        switch (way)
        {
            case GpioWay.Memory:
                return new RaspberryPi3Driver();
            case GpioWay.LibGpiod2:
                IList<GpioChipInfo> chips = LibGpiodV2Driver.GetAvailableChips();
                return new LibGpiodV2Driver(HeaderChip(chips));
            default:
                return new LibGpiodDriver(HeaderChip(LibGpiodDriver.GetAvailableChips()));
        }
    }

    /// <summary>The one with the lines of the header; on a machine that is no Pi, the first.</summary>
    private static GpioChipInfo HeaderChip(IList<GpioChipInfo> chips) =>
        chips.FirstOrDefault(static chip => chip.NumLines == GpioWays.HeaderChipLines)
            ?? (chips.Count > 0 ? chips[0] : throw new IOException("there is no chip with pins"));
}
