using PiTap.Panel.Boards;
using PiTap.Panel.Buttons;

namespace PiTap.Panel.Tests.Buttons;

public sealed class ButtonCommandsTests
{
    [Theory]
    [InlineData(ButtonAction.All, ButtonGesture.Press, ButtonCommand.Marker)]
    [InlineData(ButtonAction.All, ButtonGesture.Twice, ButtonCommand.Page)]
    [InlineData(ButtonAction.All, ButtonGesture.Hold, ButtonCommand.Session)]
    [InlineData(ButtonAction.All, ButtonGesture.ShutdownAnnounced, ButtonCommand.AnnounceShutdown)]
    [InlineData(ButtonAction.All, ButtonGesture.Shutdown, ButtonCommand.Shutdown)]
    [InlineData(ButtonAction.All, ButtonGesture.Stuck, ButtonCommand.ReportStuck)]
    [InlineData(ButtonAction.Marker, ButtonGesture.Hold, ButtonCommand.Marker)]
    [InlineData(ButtonAction.Page, ButtonGesture.Shutdown, ButtonCommand.Page)]
    [InlineData(ButtonAction.Page, ButtonGesture.ShutdownAnnounced, ButtonCommand.None)]
    [InlineData(ButtonAction.Session, ButtonGesture.Stuck, ButtonCommand.ReportStuck)]
    [InlineData(ButtonAction.Acknowledge, ButtonGesture.Press, ButtonCommand.Acknowledge)]
    [InlineData(ButtonAction.Marker, ButtonGesture.None, ButtonCommand.None)]
    public void A_gesture_means_what_the_board_says(ButtonAction action, ButtonGesture gesture, ButtonCommand command) =>
        Assert.Equal(command, ButtonCommands.Of(action, gesture, hasAlert: false));

    [Fact]
    public void A_short_press_says_that_the_alert_was_read_before_it_sets_markers() =>
        Assert.Equal(ButtonCommand.Acknowledge, ButtonCommands.Of(ButtonAction.All, ButtonGesture.Press, hasAlert: true));
}
