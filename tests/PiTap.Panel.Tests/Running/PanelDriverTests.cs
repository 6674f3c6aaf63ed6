using PiTap.Model;
using PiTap.Panel.Boards;
using PiTap.Panel.Buttons;
using PiTap.Panel.Drawing;
using PiTap.Panel.Lights;
using PiTap.Panel.Pages;
using PiTap.Panel.Running;
using PiTap.Panel.State;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.Running;

/// <summary>The kit as a whole: display, lights and button, each an emulated chip.</summary>
public sealed class PanelDriverTests : IDisposable
{
    private const int ButtonPin = 17;
    private const long Millisecond = 1_000_000;

    private readonly KitMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void The_kit_shows_the_call_on_its_display_and_its_lights()
    {
        using PanelBoard board = Open();
        Assert.Empty(board.Missing);
        PanelDriver driver = new(board, new LightOptions { Brightness = 1 });
        driver.Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs);
        AssertShows(PanelPages.Draw(Scenes.All["live-call"], 128, 64, PixelDepth.OneBit));
        Assert.Equal((220, 220, 220), _machine.Chain.Lights[0]);
        Assert.Equal((0, 158, 115), _machine.Chain.Lights[1]);
    }

    [Fact]
    public void Presses_of_the_button_mean_what_the_kit_says()
    {
        using PanelBoard board = Open();
        PanelDriver driver = new(board, new LightOptions());
        List<ButtonCommand> commands = [];
        long now = Scenes.NowNs;
        foreach (bool isPressed in Enumerable.Repeat(false, 10).Concat(Enumerable.Repeat(true, 10)).Concat(Enumerable.Repeat(false, 60)))
        {
            _machine.Pins.Press(ButtonPin, !isPressed);
            commands.AddRange(driver.Step(new LiveState(), new PanelView(), new PanelFacts(), now += 10 * Millisecond));
        }
        Assert.Equal([ButtonCommand.Marker], commands);
    }

    [Fact]
    public void A_finding_is_shown_at_once_and_other_changes_four_times_a_second()
    {
        using PanelBoard board = Open();
        PanelDriver driver = new(board, new LightOptions());
        driver.Step(new LiveState(), new PanelView(), Scenes.Facts, Scenes.NowNs);
        driver.Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs + Millisecond);
        AssertShows(PanelPages.Draw(Scenes.All["live-empty"], 128, 64, PixelDepth.OneBit));
        PanelView alerted = new PanelView().Show(new PanelAlert("F", "A finding.", Scenes.NowNs));
        driver.Step(Scenes.Call(), alerted, Scenes.Facts, Scenes.NowNs + 2 * Millisecond);
        AssertShows(PanelPages.Draw(PanelState.From(Scenes.Call(), alerted, Scenes.Facts, Scenes.NowNs + 2 * Millisecond), 128, 64,
            PixelDepth.OneBit));
    }

    [Fact]
    public void Lights_go_on_and_off_between_two_pictures_and_follow_a_new_capture_at_once()
    {
        using PanelBoard board = Open();
        PanelDriver driver = new(board, new LightOptions { Brightness = 1 });
        LiveState silent = new();
        PanelView view = new();
        const long StartNs = 1_000_000_000_000;
        driver.Step(silent, view, Scenes.Facts, StartNs);
        Assert.NotEqual(default, _machine.Chain.Lights[0]);
        driver.Step(silent, view, Scenes.Facts, StartNs + 120 * Millisecond);
        Assert.Equal(default, _machine.Chain.Lights[0]);
        LiveState call = Scenes.Call() with { AsOfNs = StartNs };
        driver.Step(call, view, Scenes.Facts, StartNs + 140 * Millisecond);
        Assert.Equal((0, 158, 115), _machine.Chain.Lights[1]);
    }

    [Fact]
    public void A_display_that_is_not_there_keeps_no_light_dark_and_is_named()
    {
        _machine.HasDisplay = false;
        using PanelBoard board = Open();
        Assert.Equal(["display Ssd1306: nothing answers at 0x3c"], board.Missing);
        new PanelDriver(board, new LightOptions { Brightness = 1 }).Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs);
        Assert.NotEqual(default, _machine.Chain.Lights[0]);
    }

    [Fact]
    public void Without_pins_the_display_shows_all_the_same()
    {
        _machine.HasPins = false;
        using PanelBoard board = Open();
        Assert.Equal(["lights Blinkt: there are no pins", "button button: there are no pins"], board.Missing);
        new PanelDriver(board, new LightOptions()).Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs);
        AssertShows(PanelPages.Draw(Scenes.All["live-call"], 128, 64, PixelDepth.OneBit));
    }

    [Fact]
    public void A_plug_that_is_pulled_is_counted_and_the_picture_is_there_when_it_is_pushed_in_again()
    {
        using PanelBoard board = Open();
        PanelDriver driver = new(board, new LightOptions());
        driver.Step(new LiveState(), new PanelView(), Scenes.Facts, Scenes.NowNs - Scenes.Seconds(20));
        _machine.Plug.BreakAfter(0);
        driver.Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs - Scenes.Seconds(10));
        Assert.Equal(1, driver.Failures);
        _machine.Chip.LosePower();
        _machine.Plug.Mend();
        driver.Step(Scenes.Call(), new PanelView(), Scenes.Facts, Scenes.NowNs);
        AssertShows(PanelPages.Draw(Scenes.All["live-call"], 128, 64, PixelDepth.OneBit));
    }

    private PanelBoard Open() => PanelBoard.Open(BoardProfiles.Read("oled-kit"), _machine, static _ => { });

    private void AssertShows(Frame frame)
    {
        for (int i = 0; i < frame.Width * frame.Height; i++)
            Assert.Equal(frame[i % frame.Width, i / frame.Width] != Ink.Black, _machine.Chip.IsLit(i % frame.Width, i / frame.Width));
    }
}
