using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>The named experiment: how long it has run, its markers, and who came since the last of them.</summary>
internal static class SessionPage
{
    public static void Draw(Frame frame, Layout layout, PanelState state)
    {
        layout.DrawHeader(frame, "SESSION", state);
        if (state.View.Session is not string name)
        {
            layout.DrawEmpty(frame, "No session", layout.IsStrip ? "hold the button" : "Hold the button, or: pitap session start NAME");
            return;
        }
        string time = Words.Time(state.NowNs - state.View.SessionStartedNs);
        string markers = Words.Count(state.View.Markers, "marker", "markers");
        string since = state.View.LastMarker is null ? "since the start" : "since marker";
        string last = state.View.LastMarker is not { } marker ? "no marker yet"
            : marker.Text.Length == 0 ? $"marker {Words.Time(state.NowNs - marker.TimeNs)} ago"
            : $"{Words.Time(state.NowNs - marker.TimeNs)} ago: {marker.Text}";
        if (layout.IsStrip)
            DrawStrip(frame, layout, name, time, markers, state.NewSinceMarker);
        else if (layout.IsMono)
            DrawSmall(frame, layout, name, time, [markers, last, $"{state.NewSinceMarker} new {since}"]);
        else
            DrawColour(frame, layout, name, time, state.NewSinceMarker, [since, markers, last]);
    }

    private static void DrawStrip(Frame frame, Layout layout, string name, string time, string markers, int added)
    {
        Layout.DrawRight(frame, layout.Row, frame.Width, 0, time, Ink.White);
        layout.Row.Draw(frame, 0, 0, Names.FitText(layout.Row, name, frame.Width - layout.Row.Measure(time) - 6), Ink.White);
        layout.Row.Draw(frame, 0, 12, $"+{added} new", Ink.White);
        layout.Detail.Draw(frame, 0, 24, markers, Ink.White);
    }

    private static void DrawSmall(Frame frame, Layout layout, string name, string time, string[] lines)
    {
        Face large = Face.Body;
        int y = layout.HeaderHeight + 1;
        Layout.DrawRight(frame, large, frame.Width - 1, y, time, Ink.White);
        large.Draw(frame, 1, y, Names.FitText(large, name, frame.Width - large.Measure(time) - 8), Ink.White);
        y += large.Height;
        foreach (string line in lines)
        {
            layout.Row.Draw(frame, 1, y, Names.FitText(layout.Row, line, frame.Width - 2), Ink.White);
            y += layout.Row.Height;
        }
    }

    private static void DrawColour(Frame frame, Layout layout, string name, string time, int added, string[] lines)
    {
        bool isLow = frame.Height < 200;
        Face nameFace = isLow ? Face.Large : Face.Huge, timeFace = Face.Great;
        int y = layout.HeaderHeight + 2, width = frame.Width - 12;
        nameFace.Draw(frame, 6, y, Names.FitText(nameFace, name, width), Ink.White);
        y += nameFace.Height + (isLow ? -2 : 4);
        timeFace.Draw(frame, 6, y, time, Ink.FirstParty);
        string count = $"+{added}";
        Layout.DrawRight(frame, Face.Huge, frame.Width - 6, y + 8, count, Ink.Unknown);
        y += timeFace.Height + (isLow ? -2 : 8);
        Layout.DrawRight(frame, layout.Detail, frame.Width - 6, y, "new " + lines[0], Ink.Unknown);
        y += layout.Detail.Height + (isLow ? 0 : 6);
        Face face = isLow ? layout.Detail : layout.Row;
        foreach (string line in lines[1..].SelectMany(each => Names.Wrap(face, each, width, isLow ? 1 : 2)))
        {
            face.Draw(frame, 6, y, line, Ink.White);
            y += face.Height + (isLow ? -1 : 2);
        }
    }
}
