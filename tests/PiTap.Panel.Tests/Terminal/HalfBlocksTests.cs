using PiTap.Panel.Drawing;
using PiTap.Panel.Lights;
using PiTap.Panel.Pages;
using PiTap.Panel.Terminal;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.Terminal;

public sealed class HalfBlocksTests
{
    [Fact]
    public void Two_pixels_make_a_character()
    {
        Frame frame = new(4, 3, PixelDepth.OneBit);
        frame[1, 1] = frame[2, 0] = frame[3, 0] = frame[3, 1] = frame[0, 2] = Ink.White;
        Assert.Equal([" \u2584\u2580\u2588", "\u2580   "], HalfBlocks.Lines(frame, hasColours: true));
    }

    [Fact]
    public void A_colour_is_said_once_until_it_changes()
    {
        Frame frame = new(3, 2, PixelDepth.Rgb565);
        frame[2, 0] = Ink.White;
        Assert.Equal(["\e[38;2;0;0;0m\e[48;2;0;0;0m\u2580\u2580\e[38;2;255;255;255m\e[48;2;0;0;0m\u2580\e[0m"],
            HalfBlocks.Lines(frame, hasColours: true));
    }

    [Theory]
    [InlineData(128, 64)]
    [InlineData(240, 135)]
    public void A_terminal_without_colours_gets_none(int width, int height)
    {
        Frame frame = PanelPages.Draw(Scenes.All["live-call"], width, height, Sizes.Depth(height));
        IReadOnlyList<string> lines = HalfBlocks.Lines(frame, hasColours: false);
        Assert.Equal((height + 1) / 2, lines.Count);
        Assert.All(lines, line => Assert.Equal((width, false), (line.Length, line.Contains('\e', StringComparison.Ordinal))));
    }

    [Fact]
    public void Lights_say_what_they_mean()
    {
        Light[] lights = [new(LightPattern.Steady, 0, 158, 115, "first party: Alpha"), new(LightPattern.Off, 0, 0, 0, "no third party")];
        Assert.Equal("\u25CF \u25CB  first party: Alpha", HalfBlocks.Line(lights, 0, hasColours: false));
        Assert.Equal("\e[38;2;0;158;115m\u25CF\e[0m \u25CB  first party: Alpha", HalfBlocks.Line(lights, 0, hasColours: true));
    }

    [Fact]
    public void A_name_from_the_wire_cannot_move_the_cursor() =>
        Assert.Equal("\u25CF  x[2Jy", HalfBlocks.Line([new Light(LightPattern.Steady, 1, 1, 1, "x\e[2J\u202ey")], 0, hasColours: false));
}
