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
    private LiveState? _capture;
    private IReadOnlyList<Light> _lights = [];
    private long _drawnNs = long.MinValue;
    private (byte Red, byte Green, byte Blue)[] _lit = [];

    /// <summary>Failures of the display's and the lights' buses so far.</summary>
    public long Failures => LightFailures + (_feed?.Failures ?? 0);

    private long LightFailures { get; set; }

    /// <summary>Shows what there is now, and gives what was done with the buttons.</summary>
    public IReadOnlyList<ButtonCommand> Step(LiveState capture, PanelView view, PanelFacts facts, long nowNs)
    {
        bool isSame = _before is not null && ReferenceEquals(capture, _capture) && ReferenceEquals(view, _before.View)
            && nowNs - _before.NowNs < FrameEveryNs;
        // Lights go on and off far more often than anything comes to be shown: a state serves them for a while.
        PanelState state = isSame ? _before! : PanelState.From(capture, view, facts, nowNs, _before);
        bool isOtherPage = _before is null || _before.Page != state.Page;
        if (!isSame)
            _lights = PanelLights.Of(state, options, board.Lights?.Count ?? 0);
        (_before, _capture) = (state, capture);
        if (_feed is not null && (isOtherPage || nowNs - _drawnNs >= FrameEveryNs))
        {
            _feed.Show(PanelPages.Draw(state, board.Glass!.Width, board.Glass.Height, board.Glass.Depth), nowNs);
            _drawnNs = nowNs;
        }
        ShowLights(state, nowNs);
        IEnumerable<ButtonCommand> commands = _buttons.Select(button => Read(button.Wiring, button.Reader, state, nowNs));
        return [.. commands.Where(static command => command != ButtonCommand.None)];
    }

    private ButtonCommand Read(ButtonWiring wiring, ButtonReader reader, PanelState state, long nowNs) =>
        ButtonCommands.Of(wiring.Does, reader.Read(board.IsPressed(wiring), nowNs), state.Alert is not null);

    private void ShowLights(PanelState state, long nowNs)
    {
        if (board.Lights is not { } strip)
            return;
        double brightness = options.BrightnessAt(state.View.IsNight);
        (byte, byte, byte)[] colours = [.. _lights.Select(light => light.At(nowNs, brightness))];
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
