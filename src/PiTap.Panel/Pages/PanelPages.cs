using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>Draws a state as a display of any size shows it. A pure function: the same state and size give the same pixels.</summary>
public static class PanelPages
{
    /// <summary>The page that the state is on.</summary>
    /// <param name="state">What is to be shown.</param>
    /// <param name="width">The display's width, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    /// <param name="depth">How many colours it has.</param>
    public static Frame Draw(PanelState state, int width, int height, PixelDepth depth)
    {
        ArgumentNullException.ThrowIfNull(state);
        Frame frame = new(width, height, depth);
        Layout layout = Layout.For(frame);
        switch (state.Page)
        {
            case PanelPage.Join:
                JoinPage.Draw(frame, layout, state);
                break;
            case PanelPage.Parties:
                PartiesPage.Draw(frame, layout, state);
                break;
            case PanelPage.Session:
                SessionPage.Draw(frame, layout, state);
                break;
            case PanelPage.Health:
                HealthPage.Draw(frame, layout, state);
                break;
            case PanelPage.Alert:
                AlertPage.Draw(frame, layout, state.Alert!, state.NowNs);
                break;
            default:
                LivePage.Draw(frame, layout, state);
                break;
        }
        return frame;
    }
}
