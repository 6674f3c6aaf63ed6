using System.Globalization;
using System.Text.Json;

namespace PiTap.Panel.Boards;

/// <summary>
/// Reads a board's file (<c>hardware/boards/board.schema.json</c>) and holds it against what can be: pins once each, sizes that the chip
/// has, the bus that it is on. What is wrong is refused with its place.
/// </summary>
public static class BoardProfileReader
{
    /// <summary>A board's file is some lines; what is larger is none, bytes.</summary>
    public const int MaxFileBytes = 64 << 10;

    private const int MostTitleLetters = 120;
    private const int MostButtons = 8;
    private const int MostLights = 64;
    private const int BlinktLights = 8;

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    private static readonly Dictionary<DisplayChip, (int Width, int Height)[]> s_sizes = new()
    {
        [DisplayChip.Ssd1306] = [(128, 32), (128, 64)],
        [DisplayChip.Sh1106] = [(128, 64)],
        [DisplayChip.St7789] = [(240, 240), (240, 135), (320, 240)],
    };

    /// <summary>Reads one.</summary>
    /// <param name="file">The file's name; its last part is the profile's identifier and <c>.json</c>.</param>
    /// <param name="bytes">What is in it.</param>
    /// <exception cref="BoardProfileException">It is wrong; the message says where and why.</exception>
    public static BoardProfile Read(string file, ReadOnlyMemory<byte> bytes)
    {
        string name = Path.GetFileName(file);
        if (bytes.Length > MaxFileBytes)
            throw new BoardProfileException(name, "", $"this is larger than {MaxFileBytes >> 10} KiB: it is no board's file");
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, s_options);
            return Profile(name, document.RootElement);
        }
        catch (JsonException fault) when (fault.LineNumber is { } line)
        {
            throw new BoardProfileException(name, $"line {line + 1}", "this is not JSON: look for a missing mark, or a comma too many");
        }
        catch (JsonException)
        {
            throw new BoardProfileException(name, "", "a key stands twice in one place: take one of the two out");
        }
        catch (InvalidOperationException)
        {
            // What the library says of half a surrogate pair, and of bytes that are not UTF-8.
            throw new BoardProfileException(name, "", "a text in it is not Unicode: save it as UTF-8");
        }
    }

    private static BoardProfile Profile(string file, JsonElement element)
    {
        BoardObject root = new(file, "", element, "$schema", "id", "title", "display", "lights", "buttons");
        string id = root.Text("id", MostTitleLetters);
        if (file != id + ".json")
            throw root.Refusal("id", $"the file of this board must be called {id}.json: rename it, or change the id");
        PinTable pins = new();
        return new BoardProfile
        {
            Id = id,
            Title = root.Text("title", MostTitleLetters),
            Display = Display(root.OptionalObject("display", "chip", "width", "height", "rotation", "i2c", "spi"), pins),
            Lights = Lights(
                root.OptionalObject("lights", "chip", "count", "data", "clock", "pins", "spiBus", "spiSelect"), pins),
            Buttons = Buttons(root, pins),
        };
    }

    private static DisplayWiring? Display(BoardObject? display, PinTable pins)
    {
        if (display is null)
            return null;
        DisplayChip chip = display.Word<DisplayChip>("chip");
        int width = display.Number("width", 1, 1000), height = display.Number("height", 1, 1000);
        if (!s_sizes[chip].Contains((width, height)))
        {
            IEnumerable<string> sizes = s_sizes[chip].Select(static size => $"{size.Width}x{size.Height}");
            throw display.Refusal("width", $"{width}x{height} is no size of this chip; it has {string.Join(", ", sizes)}");
        }
        // A glass of 135x240 or 240x320 stands upright in the chip's memory: pages are read across it, so it lies in its case.
        int[] turns = chip != DisplayChip.St7789 ? [0, 180] : width == height ? [0, 90, 180, 270] : [90, 270];
        int rotation = display.Number("rotation", 0, 270, otherwise: turns[0]);
        if (!turns.Contains(rotation))
            throw display.Refusal("rotation", $"a display of this chip and size turns by {string.Join(" or ", turns)}");
        I2cWiring? i2c = I2c(display.OptionalObject("i2c", "bus", "address"), pins);
        SpiWiring? spi = Spi(display.OptionalObject("spi", "bus", "select", "megahertz", "dataCommand", "reset", "backlight"), pins);
        bool isOnI2c = chip != DisplayChip.St7789, isOnSpi = chip != DisplayChip.Ssd1306;
        if (i2c is null && spi is null)
            throw display.Refusal(isOnI2c ? "i2c" : "spi", "the bus is missing: say where the display is connected");
        if (i2c is not null && spi is not null)
            throw display.Refusal("spi", "the display is on I2C already: take one of the two out");
        if (i2c is not null && !isOnI2c)
            throw display.Refusal("i2c", "this chip is driven on SPI alone");
        if (spi is not null && !isOnSpi)
            throw display.Refusal("spi", "this chip is driven on I2C alone");
        return new DisplayWiring(chip, width, height, rotation, i2c, spi);
    }

    private static I2cWiring? I2c(BoardObject? i2c, PinTable pins)
    {
        if (i2c is null)
            return null;
        int bus = i2c.Number("bus", 0, 99, otherwise: 1);
        string text = i2c.Text("address", 4);
        // The lowest eight and the highest eight are reserved (UM10204, section 3.1.12).
        if (!text.StartsWith("0x", StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int address)
            || address is < 0x08 or > 0x77)
            throw i2c.Refusal("address", $"'{text}' is no address of I2C: give one from \"0x08\" to \"0x77\"");
        pins.TakeI2c(i2c, bus);
        return new I2cWiring(bus, address);
    }

    private static SpiWiring? Spi(BoardObject? spi, PinTable pins)
    {
        if (spi is null)
            return null;
        int bus = spi.Number("bus", 0, 9, otherwise: 0), select = spi.Number("select", 0, 1, otherwise: 0);
        pins.TakeSpi(spi, "bus", bus, select);
        return new SpiWiring(bus, select, spi.Number("megahertz", 1, 80, otherwise: 8),
            pins.Read(spi, "dataCommand", "the display's data/command"),
            pins.ReadOptional(spi, "reset", "the display's reset"), pins.ReadOptional(spi, "backlight", "the display's backlight"));
    }

    private static LightWiring? Lights(BoardObject? lights, PinTable pins)
    {
        if (lights is null)
            return null;
        LightChip chip = lights.Word<LightChip>("chip");
        int count = lights.Number("count", 1, MostLights);
        bool isBlinkt = chip == LightChip.Blinkt, isStrip = chip is LightChip.Apa102 or LightChip.Ws2812;
        Only(lights, isBlinkt, "data", "clock");
        Only(lights, isStrip, "spiBus", "spiSelect");
        Only(lights, chip == LightChip.Gpio, "pins");
        if (isBlinkt && count != BlinktLights)
            throw lights.Refusal("count", $"a Blinkt! has {BlinktLights} lights");
        if (isStrip)
        {
            int bus = lights.Number("spiBus", 0, 9), select = lights.Number("spiSelect", 0, 1);
            pins.TakeSpi(lights, "spiBus", bus, select);
            return new LightWiring(chip, count, null, null, [], bus, select);
        }
        if (isBlinkt)
        {
            int data = pins.Read(lights, "data", "the lights' data"), clock = pins.Read(lights, "clock", "the lights' clock");
            return new LightWiring(chip, count, data, clock, [], null, null);
        }
        return new LightWiring(chip, count, null, null, PlainLights(lights, count, pins), null, null);
    }

    private static List<int> PlainLights(BoardObject lights, int count, PinTable pins)
    {
        IReadOnlyList<JsonElement> entries = lights.List("pins", PinTable.LastPin + 1);
        if (entries.Count != count)
            throw lights.Refusal("pins", $"there are {count} lights and {entries.Count} pins: give one each");
        List<int> taken = [];
        foreach (JsonElement entry in entries)
        {
            if (entry.ValueKind != JsonValueKind.Number || !entry.TryGetInt32(out int pin) || pin is < 0 or > PinTable.LastPin)
                throw lights.Refusal($"pins[{taken.Count}]", $"this must be a number from 0 to {PinTable.LastPin}");
            taken.Add(pins.Take(lights, $"pins[{taken.Count}]", pin, $"light {taken.Count + 1}"));
        }
        return taken;
    }

    private static void Only(BoardObject lights, bool isKnown, params string[] keys)
    {
        foreach (string key in keys.Where(key => !isKnown && lights.Has(key)))
            throw lights.Refusal(key, "lights of this kind have none: take it out");
    }

    private static List<ButtonWiring> Buttons(BoardObject root, PinTable pins)
    {
        List<ButtonWiring> buttons = [];
        foreach (JsonElement element in root.List("buttons", MostButtons))
        {
            BoardObject button = root.Entry("buttons", buttons.Count, element, "pin", "name", "does", "isActiveHigh");
            string name = button.Has("name") ? button.Text("name", 40) : $"button {buttons.Count + 1}";
            int pin = pins.Read(button, "pin", name);
            buttons.Add(new ButtonWiring(pin, name, button.Word<ButtonAction>("does"), button.Truth("isActiveHigh")));
        }
        return buttons;
    }
}
