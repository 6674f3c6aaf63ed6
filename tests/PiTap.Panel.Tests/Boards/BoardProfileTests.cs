using System.Text;
using System.Text.Json;
using PiTap.Panel.Boards;

namespace PiTap.Panel.Tests.Boards;

public sealed class BoardProfileTests
{
    private const string Display = "\"display\":{\"chip\":\"ssd1306\",\"width\":128,\"height\":64,\"i2c\":{\"address\":\"0x3c\"}}";
    private const string Spi = "\"spi\":{\"dataCommand\":6}";
    private const string Button = "{\"pin\":17,\"does\":\"all\"}";

    public static TheoryData<string> Boards() => [.. BoardProfiles.Ids];

    /// <summary>What stands beside id and title, the key that is refused, and words of the reason.</summary>
    public static TheoryData<string, string, string> Wrong() => new()
    {
        { "\"dispaly\":{}", "dispaly", "no such key" },
        { "\"display\":[]", "display", "an object" },
        { Display.Replace("\"chip\"", "\"chips\"", StringComparison.Ordinal), "display.chips", "no such key" },
        { Display.Replace("ssd1306", "ssd1307", StringComparison.Ordinal), "display.chip", "one of ssd1306, sh1106" },
        { Display.Replace("64", "48", StringComparison.Ordinal), "display.width", "128x48 is no size of this chip; it has 128x32, 128x64" },
        { Display.Replace("64", "\"64\"", StringComparison.Ordinal), "display.height", "a whole number" },
        { Display.Replace("128", "12.5", StringComparison.Ordinal), "display.width", "a whole number" },
        { Display.Replace(",\"i2c\"", ",\"rotation\":90,\"i2c\"", StringComparison.Ordinal), "display.rotation", "0 or 180" },
        { Display.Replace("0x3c", "0x90", StringComparison.Ordinal), "display.i2c.address", "no address" },
        { Display.Replace("0x3c", "60", StringComparison.Ordinal), "display.i2c.address", "no address" },
        { Display.Replace("{\"address\":\"0x3c\"}", "{}", StringComparison.Ordinal), "display.i2c.address", "missing" },
        { Display.Replace(",\"i2c\":{\"address\":\"0x3c\"}", "", StringComparison.Ordinal), "display.i2c", "the bus is missing" },
        { Display.Replace("\"i2c\"", Spi + ",\"i2c\"", StringComparison.Ordinal), "display.spi", "on I2C already" },
        { "\"display\":{\"chip\":\"st7789\",\"width\":240,\"height\":240}", "display.spi", "the bus is missing" },
        { "\"display\":{\"chip\":\"st7789\",\"width\":240,\"height\":240,\"i2c\":{\"address\":\"0x3c\"}}", "display.i2c", "SPI alone" },
        { "\"display\":{\"chip\":\"ssd1306\",\"width\":128,\"height\":64," + Spi + "}", "display.spi", "I2C alone" },
        { "\"display\":{\"chip\":\"st7789\",\"width\":240,\"height\":135,\"rotation\":0," + Spi + "}", "display.rotation", "90 or 270" },
        { "\"display\":{\"chip\":\"st7789\",\"width\":240,\"height\":240,\"spi\":{\"dataCommand\":10}}", "display.spi.dataCommand",
            "GPIO 10 is taken already: data of SPI bus 0" },
        { "\"display\":{\"chip\":\"st7789\",\"width\":240,\"height\":240,\"spi\":{\"dataCommand\":28}}", "display.spi.dataCommand",
            "28 is not" },
        { $"\"buttons\":[{Button},{Button}]", "buttons[1].pin", "GPIO 17 is taken already: button 1" },
        { Display + ",\"buttons\":[{\"pin\":2,\"does\":\"all\"}]", "buttons[0].pin", "GPIO 2 is taken already: data of I2C bus 1" },
        { "\"buttons\":[{\"pin\":17,\"does\":\"jump\"}]", "buttons[0].does", "one of all, marker" },
        { "\"buttons\":[{\"pin\":17,\"does\":\"all\",\"isActiveHigh\":1}]", "buttons[0].isActiveHigh", "true or false" },
        { "\"buttons\":{}", "buttons", "a list" },
        { $"\"buttons\":[{string.Join(',', Enumerable.Repeat(Button, 9))}]", "buttons", "at most 8" },
        { "\"lights\":{\"chip\":\"blinkt\",\"count\":7,\"data\":23,\"clock\":24}", "lights.count", "8 lights" },
        { "\"lights\":{\"chip\":\"blinkt\",\"count\":8,\"data\":23,\"clock\":23}", "lights.clock",
            "GPIO 23 is taken already: the lights' data" },
        { "\"lights\":{\"chip\":\"blinkt\",\"count\":8,\"data\":23,\"clock\":24,\"pins\":[1]}", "lights.pins", "have none" },
        { "\"lights\":{\"chip\":\"gpio\",\"count\":2,\"pins\":[5]}", "lights.pins", "2 lights and 1 pins" },
        { "\"lights\":{\"chip\":\"gpio\",\"count\":2,\"pins\":[5,\"6\"]}", "lights.pins[1]", "a number from 0 to 27" },
        { "\"lights\":{\"chip\":\"gpio\",\"count\":2,\"pins\":[5,5]}", "lights.pins[1]", "GPIO 5 is taken already: light 1" },
        { "\"lights\":{\"chip\":\"apa102\",\"count\":8}", "lights.spiBus", "missing" },
        { "\"lights\":{\"chip\":\"apa102\",\"count\":65,\"spiBus\":0,\"spiSelect\":0}", "lights.count", "65 is not from 1 to 64" },
        { "\"title\":\"again\"", "", "stands twice" },
        { "\"lights\":{", "line 1", "not JSON" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_profile_is_refused_with_file_key_and_reason(string fields, string key, string reason)
    {
        BoardProfileException refusal = Assert.Throws<BoardProfileException>(
            () => Read("mine.json", $"{{\"id\":\"mine\",\"title\":\"Mine\",{fields}}}"));
        Assert.Equal(("mine.json", key), (refusal.File, refusal.Key));
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.StartsWith(key.Length == 0 ? "mine.json: " : $"mine.json: {key}: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_called_like_its_board()
    {
        BoardProfileException refusal = Assert.Throws<BoardProfileException>(
            () => Read("yours.json", "{\"id\":\"mine\",\"title\":\"Mine\"}"));
        Assert.Equal("yours.json: id: the file of this board must be called mine.json: rename it, or change the id", refusal.Message);
    }

    [Fact]
    [Trait("cap", "Panel.BoardProfileReader.MaxFileBytes")]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        string blanks = new(' ', (64 << 10) + 1);
        Assert.Contains("larger than 64 KiB", Assert.Throws<BoardProfileException>(
            () => Read("mine.json", "{\"id\":\"mine\",\"title\":\"Mine\"}" + blanks)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Every_board_that_is_carried_is_right(string id) => Assert.Equal(id, BoardProfiles.Read(id).Id);

    [Fact]
    public void All_boards_of_the_hardware_folder_are_carried() =>
        Assert.Equal(["leds-only", "mini-pitft", "none", "oled-kit", "pirate-audio", "pirogue-hat", "sh1106-hat"], BoardProfiles.Ids);

    [Fact]
    public void The_kit_is_wired_as_its_page_says()
    {
        BoardProfile kit = BoardProfiles.Read("oled-kit");
        Assert.Equal(new DisplayWiring(DisplayChip.Ssd1306, 128, 64, 0, new I2cWiring(1, 0x3c), null), kit.Display);
        Assert.Equal((LightChip.Blinkt, 23, 24), (kit.Lights!.Chip, kit.Lights.Data, kit.Lights.Clock));
        Assert.Equal(new ButtonWiring(17, "button", ButtonAction.All, false), Assert.Single(kit.Buttons));
    }

    [Fact]
    public void The_schema_knows_the_keys_and_words_that_the_reader_knows()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(SchemaFile()));
        JsonElement fields = schema.RootElement.GetProperty("properties");
        Assert.Equal(Words<DisplayChip>(), Enumerated(fields.GetProperty("display"), "chip"));
        Assert.Equal(Words<LightChip>(), Enumerated(fields.GetProperty("lights"), "chip"));
        Assert.Equal(Words<ButtonAction>(), Enumerated(fields.GetProperty("buttons").GetProperty("items"), "does"));
        foreach (string key in fields.EnumerateObject().Select(static field => field.Name).Where(static name => name[0] != '$'))
        {
            string wrong = key is "id" or "title" ? "{}" : $"{{\"id\":\"mine\",\"title\":\"Mine\",\"{key}\":1}}";
            BoardProfileException refusal = Assert.Throws<BoardProfileException>(() => Read("mine.json", wrong));
            Assert.DoesNotContain("no such key", refusal.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_board_that_nobody_knows_is_answered_with_those_that_there_are() =>
        Assert.Contains("take one of leds-only, mini-pitft, none", Assert.Throws<BoardProfileException>(
            () => BoardProfiles.Read("kit")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_unreadable() =>
        Assert.StartsWith("gone.json: this cannot be read: ", Assert.Throws<BoardProfileException>(
            () => BoardProfiles.Read("/nowhere/gone.json")).Message, StringComparison.Ordinal);

    private static BoardProfile Read(string file, string json) => BoardProfileReader.Read(file, Encoding.UTF8.GetBytes(json));

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(static name => name.ToLowerInvariant())];

    private static IEnumerable<string?> Enumerated(JsonElement parent, string key) =>
        parent.GetProperty("properties").GetProperty(key).GetProperty("enum").EnumerateArray().Select(static word => word.GetString());

    private static string SchemaFile([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "hardware", "boards", "board.schema.json");
}
