using System.Runtime.CompilerServices;
using PiTap.Model;
using PiTap.Panel.Boards;
using PiTap.Panel.Buttons;
using PiTap.Panel.Lights;
using PiTap.Panel.Running;
using PiTap.Panel.State;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.Running;

public sealed class PanelRunnerTests
{
    [Fact]
    public async Task A_press_on_the_panels_own_thread_reaches_the_tap_and_the_end_of_the_capture_ends_it()
    {
        using KitMachine machine = new();
        machine.Pins.Script = static read => read is < 3 or >= 13;
        using PanelRunner runner = PanelRunner.Open("oled-kit", machine, new LightOptions(), new SteppingClock());
        TaskCompletionSource<ButtonCommand> pressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        EndingCapture capture = new();
        Task run = runner.RunAsync(capture, static () => Scenes.Facts, command => pressed.TrySetResult(command),
            TestContext.Current.CancellationToken);
        Assert.Equal(ButtonCommand.Marker, await pressed.Task.WaitAsync(TestContext.Current.CancellationToken));
        capture.End();
        await run;
        Assert.Equal(("OLED of 128x64 on I2C, Blinkt!, one button", 0), (runner.Found, runner.Failures));
        Assert.Empty(runner.Missing);
    }

    [Fact]
    public async Task Whoever_has_enough_of_it_ends_it()
    {
        using KitMachine machine = new();
        using PanelRunner runner = PanelRunner.Open("none", machine, new LightOptions(), TimeProvider.System);
        using CancellationTokenSource enough = new();
        Task run = runner.RunAsync(new EndingCapture(), static () => Scenes.Facts, static _ => { }, enough.Token);
        await enough.CancelAsync();
        await run;
    }

    [Fact]
    public void The_board_is_found_where_nobody_names_it()
    {
        using KitMachine machine = new();
        using PanelRunner runner = PanelRunner.Open(PanelRunner.Auto, machine, new LightOptions(), TimeProvider.System);
        Assert.Equal("a display answers at 0x3c on I2C bus 1: taken for oled-kit", runner.Found);
    }

    [Fact]
    public void A_board_that_nobody_knows_is_refused_before_anything_is_opened() =>
        Assert.Throws<BoardProfileException>(static () => PanelRunner.Open("kit", new LightOptions(), TimeProvider.System));

    [Theory]
    [InlineData(ButtonCommand.AnnounceShutdown, "OFF")]
    [InlineData(ButtonCommand.Shutdown, "OFF")]
    [InlineData(ButtonCommand.ReportStuck, "E11")]
    public void What_a_held_button_will_do_is_announced(ButtonCommand command, string code)
    {
        PanelView view = ViewCommands.Apply(new PanelView(), command, 5);
        Assert.Equal((code, false, 5L), (view.Alert!.Code, view.Alert.IsFinding, view.Alert.ShownNs));
    }

    [Fact]
    public void Pages_are_turned_and_alerts_are_acknowledged_by_the_panel_itself()
    {
        Assert.Equal(PanelPage.Parties, ViewCommands.Apply(new PanelView(), ButtonCommand.Page, 0).Page);
        PanelView view = new PanelView().Show(new PanelAlert("F", "A finding.", 0));
        Assert.Null(ViewCommands.Apply(view, ButtonCommand.Acknowledge, 0).Alert);
        Assert.Same(view, ViewCommands.Apply(view, ButtonCommand.Marker, 0));
    }

    /// <summary>A clock that goes on by a step of the panel each time that somebody looks at it.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(20 * Interlocked.Increment(ref _looks));
    }

    /// <summary>A capture that has one state, and ends when it is told to.</summary>
    private sealed class EndingCapture : ILiveStateReader
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _ended.TrySetResult();

        public async IAsyncEnumerable<LiveState> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            yield return Scenes.Call();
            await _ended.Task.WaitAsync(cancellation);
        }
    }
}
