using PiTap.Panel.Boards;

namespace PiTap.Panel.Buttons;

/// <summary>What a button tells the tap to do.</summary>
public enum ButtonCommand
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Set a marker.</summary>
    Marker,

    /// <summary>Start a session, or stop the one that runs.</summary>
    Session,

    /// <summary>Turn the page.</summary>
    Page,

    /// <summary>Somebody read the alert.</summary>
    Acknowledge,

    /// <summary>Say that letting go now shuts down.</summary>
    AnnounceShutdown,

    /// <summary>Shut the machine down safely.</summary>
    Shutdown,

    /// <summary>Say that the button is stuck.</summary>
    ReportStuck,
}

/// <summary>From what was done with a button of a board to what that means.</summary>
public static class ButtonCommands
{
    /// <summary>What a gesture means. While an alert is to be read, a short press of the button for all acknowledges it.</summary>
    public static ButtonCommand Of(ButtonAction action, ButtonGesture gesture, bool hasAlert) => (gesture, action) switch
    {
        (ButtonGesture.None, _) => ButtonCommand.None,
        (ButtonGesture.Stuck, _) => ButtonCommand.ReportStuck,
        (ButtonGesture.Press, ButtonAction.All) => hasAlert ? ButtonCommand.Acknowledge : ButtonCommand.Marker,
        (ButtonGesture.Twice, ButtonAction.All) => ButtonCommand.Page,
        (ButtonGesture.Hold, ButtonAction.All) => ButtonCommand.Session,
        (ButtonGesture.ShutdownAnnounced, ButtonAction.All) => ButtonCommand.AnnounceShutdown,
        (ButtonGesture.Shutdown, ButtonAction.All) => ButtonCommand.Shutdown,
        // The others do one thing, however they are pressed; holding them does nothing until they are let go.
        (ButtonGesture.ShutdownAnnounced, _) => ButtonCommand.None,
        (_, ButtonAction.Marker) => ButtonCommand.Marker,
        (_, ButtonAction.Page) => ButtonCommand.Page,
        (_, ButtonAction.Session) => ButtonCommand.Session,
        (_, ButtonAction.Acknowledge) => ButtonCommand.Acknowledge,
        _ => ButtonCommand.None,
    };
}
