using PiTap.Panel.Buttons;
using PiTap.Panel.State;

namespace PiTap.Panel.Running;

/// <summary>
/// What a button does to the panel itself. Markers and sessions appear when the tap has them, not when they are asked for.
/// </summary>
internal static class ViewCommands
{
    public static PanelView Apply(PanelView view, ButtonCommand command, long nowNs) => command switch
    {
        ButtonCommand.Page => view.Turn(),
        ButtonCommand.Acknowledge => view.Acknowledge(),
        ButtonCommand.AnnounceShutdown => view.Show(
            new PanelAlert("OFF", "Let go, and the tap shuts down. Keep holding to go on.", nowNs, IsFinding: false)),
        ButtonCommand.Shutdown => view.Show(
            new PanelAlert("OFF", "Shutting down. Pull the plug when the lights are dark.", nowNs, IsFinding: false)),
        ButtonCommand.ReportStuck => view.Show(
            new PanelAlert("E11", "A button is stuck: it is not obeyed until it is let go.", nowNs, IsFinding: false)),
        _ => view,
    };
}
