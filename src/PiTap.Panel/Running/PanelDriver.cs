using PiTap.Model;
using PiTap.Panel.Boards;
using PiTap.Panel.Buttons;
using PiTap.Panel.Devices;
using PiTap.Panel.Lights;
using PiTap.Panel.Pages;
using PiTap.Panel.State;

namespace PiTap.Panel.Running;

/// <summary>
/// Shows a capture on a board, step by step: lights and buttons at each step, the display at most four times a second, or at once where the
/// page changes. Whatever the board does, a step ends.
/// </summary>
internal sealed class PanelDriver(PanelBoard board, LightOptions options)
{
    /// <summary>From one picture to the next, nanoseconds.</summary>
    public const long FrameEveryNs = PacketTime.NanosecondsPerSecond / 4;

    private readonly GlassFeed? _feed = board.Glass is { } glass ? new GlassFeed(glass) : null;
    private readonly (ButtonWiring Wiring, ButtonReader Reader)[] _buttons =
        [.. board.Buttons.Select(static each => (each, new ButtonReader()))];
    private PanelState? _before;
    private long _drawnNs = long.MinValue;
    private (byte Red, byte Green, byte Blue)[] _lit = [];

    /// <summary>Failures of the display's and the lights' buses so far.</summary>
    public long Failures => LightFailures + (_feed?.Failures ?? 0);

    private long LightFailures { get; set; }

    /// <summary>Shows what there is now, and gives what was done with the buttons.</summary>
    public IReadOnlyList<ButtonCommand> Step(LiveState capture, PanelView view, PanelFacts facts, long nowNs)
    {
        PanelState state = PanelState.From(capture, view, facts, nowNs, _before);
        bool isOtherPage = _before is null || _before.Page != state.Page;
        _before = state;
        if (_feed is not null && (isOtherPage || nowNs - _drawnNs >= FrameEveryNs))
        {
            _feed.Show(PanelPages.Draw(state, board.Glass!.Width, board.Glass.Height, board.Glass.Depth), nowNs);
            _drawnNs = nowNs;
        }
        ShowLights(state, nowNs);
        IEnumerable<ButtonCommand> commands = _buttons.Select(button => Read(button.Wiring, button.Reader, state));
        return [.. commands.Where(static command => command != ButtonCommand.None)];
    }

    private ButtonCommand Read(ButtonWiring wiring, ButtonReader reader, PanelState state) =>
        ButtonCommands.Of(wiring.Does, reader.Read(board.IsPressed(wiring), state.NowNs), state.Alert is not null);

    private void ShowLights(PanelState state, long nowNs)
    {
        if (board.Lights is not { } strip)
            return;
        double brightness = options.BrightnessAt(state.View.IsNight);
        (byte, byte, byte)[] colours = [.. PanelLights.Of(state, options, strip.Count).Select(light => light.At(nowNs, brightness))];
        if (colours.AsSpan().SequenceEqual(_lit))
            return;
        try
        {
            strip.Show(colours);
            _lit = colours;
        }
        catch (IOException)
        {
            LightFailures++;
        }
    }
}
