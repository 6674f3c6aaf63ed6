using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;

namespace PiTap.Panel.Devices;

/// <summary>The two ways in which displays are told commands from data.</summary>
internal interface ICommandBus : IDisposable
{
    /// <summary>Sends a command, with its parameters where the chip takes these as commands too.</summary>
    void Command(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what goes into the chip's memory, or a command's parameters.</summary>
    void Data(ReadOnlySpan<byte> bytes);
}

/// <summary>On I2C, by a control byte in front: 0x00 for commands, 0x40 for data (SSD1306 data sheet, section 8.1.5.2).</summary>
internal sealed class I2cCommandBus(I2cDevice device) : ICommandBus
{
    private const byte CommandControl = 0x00;
    private const byte DataControl = 0x40;

    /// <summary>Some adapters refuse longer messages, bytes.</summary>
    private const int ChunkBytes = 32;

    public void Command(ReadOnlySpan<byte> bytes) => Write(CommandControl, bytes);

    public void Data(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += ChunkBytes)
            Write(DataControl, bytes.Slice(at, Math.Min(ChunkBytes, bytes.Length - at)));
    }

    public void Dispose() => device.Dispose();

    private void Write(byte control, ReadOnlySpan<byte> bytes)
    {
        Span<byte> message = stackalloc byte[1 + ChunkBytes];
        message[0] = control;
        bytes.CopyTo(message[1..]);
        device.Write(message[..(1 + bytes.Length)]);
    }
}

/// <summary>On SPI, by a line of its own: low for commands, high for data.</summary>
internal sealed class SpiCommandBus : ICommandBus
{
    /// <summary>What the kernel takes at once, bytes (the default of spidev's bufsiz).</summary>
    private const int ChunkBytes = 4096;

    private readonly SpiDevice _device;
    private readonly GpioController _gpio;
    private readonly int _line;

    /// <summary>Takes the line over.</summary>
    public SpiCommandBus(SpiDevice device, GpioController gpio, int dataCommandPin)
    {
        (_device, _gpio, _line) = (device, gpio, dataCommandPin);
        gpio.OpenPin(dataCommandPin, PinMode.Output);
    }

    public void Command(ReadOnlySpan<byte> bytes) => Write(PinValue.Low, bytes);

    public void Data(ReadOnlySpan<byte> bytes) => Write(PinValue.High, bytes);

    public void Dispose()
    {
        _gpio.ClosePin(_line);
        _device.Dispose();
    }

    private void Write(PinValue level, ReadOnlySpan<byte> bytes)
    {
        _gpio.Write(_line, level);
        for (int at = 0; at < bytes.Length; at += ChunkBytes)
            _device.Write(bytes.Slice(at, Math.Min(ChunkBytes, bytes.Length - at)));
    }
}
