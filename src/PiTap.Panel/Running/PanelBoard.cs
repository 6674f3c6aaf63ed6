using System.Device.Gpio;
using PiTap.Panel.Boards;
using PiTap.Panel.Devices;

namespace PiTap.Panel.Running;

/// <summary>
/// A board that was opened as far as it is there: a display that is missing keeps no light dark. What is missing is said in a sentence
/// each.
/// </summary>
internal sealed class PanelBoard : IDisposable
{
    private readonly IBoardBuses _buses;
    private readonly List<string> _missing = [];

    private PanelBoard(BoardProfile profile, IBoardBuses buses) => (Profile, _buses) = (profile, buses);

    /// <summary>What it is.</summary>
    public BoardProfile Profile { get; }

    /// <summary>Its display; null if there is none.</summary>
    public IPanelGlass? Glass { get; private set; }

    /// <summary>Its lights; null if there are none.</summary>
    public ILightStrip? Lights { get; private set; }

    /// <summary>Those of its buttons that can be read.</summary>
    public IReadOnlyList<ButtonWiring> Buttons { get; private set; } = [];

    /// <summary>What is wired and not there, a sentence each.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>Opens what is there. Never fails.</summary>
    /// <param name="profile">How the board is wired.</param>
    /// <param name="buses">The machine; disposed with the board.</param>
    /// <param name="pause">Waits while a display begins.</param>
    public static PanelBoard Open(BoardProfile profile, IBoardBuses buses, Action<TimeSpan> pause)
    {
        ByteImageFactory.Register();
        PanelBoard board = new(profile, buses);
        if (profile.Display is { } display)
            board.Glass = board.Try($"display {display.Chip}", () => Open(display, buses, pause));
        if (profile.Lights is { } lights)
            board.Lights = board.Try($"lights {lights.Chip}", () => Open(lights, buses));
        board.Buttons = [.. profile.Buttons.Where(button => board.Try($"button {button.Name}", () => Open(button, buses)) is not null)];
        return board;
    }

    /// <summary>True while somebody presses a button.</summary>
    public bool IsPressed(ButtonWiring button) => _buses.Gpio().Read(button.Pin) == PinValue.High == button.IsActiveHigh;

    public void Dispose()
    {
        // A display whose plug was pulled cannot be told to go dark, and the rest is to be closed all the same.
        Try("display", () => Close(Glass));
        Try("lights", () => Close(Lights));
        _buses.Dispose();
    }

    private static IPanelGlass Open(DisplayWiring display, IBoardBuses buses, Action<TimeSpan> pause)
    {
        bool isUpsideDown = display.Rotation == 180;
        if (display.Spi is { } spi)
            Prepare(spi, buses.Gpio(), pause);
        ICommandBus Bus() => display.I2c is { } i2c
            ? new I2cCommandBus(buses.I2c(i2c.Bus, i2c.Address))
            : new SpiCommandBus(buses.Spi(display.Spi!.Bus, display.Spi.Select, display.Spi.Megahertz * 1_000_000), buses.Gpio(),
                display.Spi.DataCommand);
        return display.Chip switch
        {
            DisplayChip.Ssd1306 => new Ssd1306Glass(buses.I2c(display.I2c!.Bus, display.I2c.Address), display.Height, isUpsideDown),
            DisplayChip.Sh1106 => new Sh1106Glass(Bus(), isUpsideDown),
            _ => new St7789Glass(Bus(), display.Width, display.Height, display.Rotation, pause),
        };
    }

    /// <summary>Light on, and the chip reset by its own line where it has one.</summary>
    private static void Prepare(SpiWiring spi, GpioController gpio, Action<TimeSpan> pause)
    {
        if (spi.Backlight is int backlight)
            gpio.OpenPin(backlight, PinMode.Output, PinValue.High);
        if (spi.Reset is not int reset)
            return;
        gpio.OpenPin(reset, PinMode.Output, PinValue.Low);
        pause(TimeSpan.FromMilliseconds(1));
        gpio.Write(reset, PinValue.High);
        pause(TimeSpan.FromMilliseconds(120));
    }

    private static ILightStrip Open(LightWiring lights, IBoardBuses buses) => lights.Chip switch
    {
        LightChip.Blinkt => new BlinktStrip(buses.Gpio(), lights.Data!.Value, lights.Clock!.Value),
        LightChip.Apa102 => new Apa102Strip(buses.Spi(lights.SpiBus!.Value, lights.SpiSelect!.Value, 4_000_000), lights.Count),
        LightChip.Ws2812 =>
            new Ws2812Strip(buses.Spi(lights.SpiBus!.Value, lights.SpiSelect!.Value, Ws2812Strip.ClockHertz), lights.Count),
        _ => new PlainLights(buses.Gpio(), lights.Pins),
    };

    private static ButtonWiring Open(ButtonWiring button, IBoardBuses buses)
    {
        buses.Gpio().OpenPin(button.Pin, button.IsActiveHigh ? PinMode.InputPullDown : PinMode.InputPullUp);
        return button;
    }

    private static IDisposable? Close(IDisposable? part)
    {
        part?.Dispose();
        return part;
    }

    /// <summary>
    /// What the libraries throw where a pin is in use, a mode is not supported, a file is not there or not allowed; any other exception
    /// is a mistake of the program's.
    /// </summary>
    private T? Try<T>(string what, Func<T?> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException
            or PlatformNotSupportedException or NotSupportedException or DllNotFoundException)
        {
            _missing.Add($"{what}: {fault.Message}");
            return null;
        }
    }
}
