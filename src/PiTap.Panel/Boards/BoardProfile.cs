namespace PiTap.Panel.Boards;

/// <summary>
/// What is on a board and how it is wired: a file of <c>hardware/boards</c>. Pins are GPIO numbers of the processor (BCM).
/// </summary>
public sealed record BoardProfile
{
    /// <summary>What <c>--panel</c> calls it.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Its display; null if there is none.</summary>
    public DisplayWiring? Display { get; init; }

    /// <summary>Its lights; null if there are none.</summary>
    public LightWiring? Lights { get; init; }

    /// <summary>Its buttons.</summary>
    public IReadOnlyList<ButtonWiring> Buttons { get; init; } = [];
}

/// <summary>The chips of displays that the panel drives.</summary>
public enum DisplayChip
{
    /// <summary>Solomon Systech SSD1306, one bit, I2C.</summary>
    Ssd1306,

    /// <summary>Sino Wealth SH1106, one bit, I2C or SPI.</summary>
    Sh1106,

    /// <summary>Sitronix ST7789, colour, SPI.</summary>
    St7789,
}

/// <summary>A display.</summary>
/// <param name="Chip">What drives it.</param>
/// <param name="Width">Pixels across, as pages are read.</param>
/// <param name="Height">Pixels down, as pages are read.</param>
/// <param name="Rotation">How it is turned in its case, degrees clockwise.</param>
/// <param name="I2c">Its place on an I2C bus; null for SPI.</param>
/// <param name="Spi">Its place on an SPI bus; null for I2C.</param>
public sealed record DisplayWiring(DisplayChip Chip, int Width, int Height, int Rotation, I2cWiring? I2c, SpiWiring? Spi);

/// <summary>A place on an I2C bus.</summary>
/// <param name="Bus">The number in <c>/dev/i2c-N</c>.</param>
/// <param name="Address">Seven bits.</param>
public sealed record I2cWiring(int Bus, int Address);

/// <summary>A place on an SPI bus, and the lines beside it.</summary>
/// <param name="Bus">The first number in <c>/dev/spidevN.M</c>.</param>
/// <param name="Select">The second: which chip-select line.</param>
/// <param name="Megahertz">How fast.</param>
/// <param name="DataCommand">Says whether a byte is a command (low) or data (high).</param>
/// <param name="Reset">Low for a reset; null if the chip resets itself.</param>
/// <param name="Backlight">High for light; null if it is always on.</param>
public sealed record SpiWiring(int Bus, int Select, int Megahertz, int DataCommand, int? Reset, int? Backlight);

/// <summary>What kind of lights there are.</summary>
public enum LightChip
{
    /// <summary>Eight APA102 on two pins.</summary>
    Blinkt,

    /// <summary>A strip of APA102 on SPI.</summary>
    Apa102,

    /// <summary>A strip of WS2812 on SPI's data line.</summary>
    Ws2812,

    /// <summary>Plain LEDs, a pin each: they have patterns and no colours.</summary>
    Gpio,
}

/// <summary>Lights.</summary>
/// <param name="Chip">What kind.</param>
/// <param name="Count">How many.</param>
/// <param name="Data">Blinkt!: the data pin; else null.</param>
/// <param name="Clock">Blinkt!: the clock pin; else null.</param>
/// <param name="Pins">Plain LEDs: a pin each; else empty.</param>
/// <param name="SpiBus">Strips: the bus; else null.</param>
/// <param name="SpiSelect">Strips: the chip-select line; else null.</param>
public sealed record LightWiring(
    LightChip Chip, int Count, int? Data, int? Clock, IReadOnlyList<int> Pins, int? SpiBus, int? SpiSelect);

/// <summary>What pressing a button does.</summary>
public enum ButtonAction
{
    /// <summary>Short: marker. Long: session. Twice: next page. Five seconds: shut down.</summary>
    All,

    /// <summary>Sets a marker.</summary>
    Marker,

    /// <summary>Turns the page.</summary>
    Page,

    /// <summary>Starts or stops a session.</summary>
    Session,

    /// <summary>Acknowledges what is to be read.</summary>
    Acknowledge,
}

/// <summary>A button.</summary>
/// <param name="Pin">Its pin.</param>
/// <param name="Name">What is printed beside it.</param>
/// <param name="Does">What pressing it does.</param>
/// <param name="IsActiveHigh">True if pressing connects the pin to 3.3 V; else it connects it to ground.</param>
public sealed record ButtonWiring(int Pin, string Name, ButtonAction Does, bool IsActiveHigh);
