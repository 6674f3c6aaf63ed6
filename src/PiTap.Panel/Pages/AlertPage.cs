using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>A finding or a failure in one sentence, as large as it can be, above a line that says how long it stays.</summary>
internal static class AlertPage
{
    private const int LineHeight = 2;

    private static readonly Face[] s_mono = [Face.Body, Face.Small, Face.Tiny];

    private static readonly Face[] s_colour = [Face.Great, Face.Huge, Face.Large, Face.Body];

    public static void Draw(Frame frame, Layout layout, PanelAlert alert, long nowNs)
    {
        string title = alert.IsFinding ? "FINDING" : "FAILURE";
        layout.DrawHeader(frame, title, alert.Code, Ink.Rgb(120, 30, 60), Ink.White);
        int top = layout.IsStrip ? layout.Detail.Height : layout.HeaderHeight;
        int line = layout.IsStrip ? 0 : LineHeight, margin = layout.IsMono ? 1 : 6;
        int width = frame.Width - 2 * margin, room = frame.Height - top - line;
        (Face face, IReadOnlyList<string> lines) = Largest(layout.IsMono ? s_mono : s_colour, alert.Sentence, width, room);
        int y = top + (room - lines.Count * face.Height) / 2;
        foreach (string each in lines)
        {
            face.Draw(frame, margin, y, each, Ink.White);
            y += face.Height;
        }
        long leftNs = Math.Max(0, PanelAlert.ShownForNs - (nowNs - alert.ShownNs));
        int length = (int)(frame.Width * leftNs / PanelAlert.ShownForNs);
        Shapes.Fill(frame, new PixelArea(0, frame.Height - line, length, line), Ink.Finding);
    }

    /// <summary>The largest face in which the whole sentence is on the display without a word cut in two; else the smallest, cut.</summary>
    private static (Face Face, IReadOnlyList<string> Lines) Largest(Face[] faces, string sentence, int width, int height)
    {
        foreach (Face face in faces)
        {
            int lines = height / face.Height;
            if (lines == 0)
                continue;
            IReadOnlyList<string> wrapped = Names.Wrap(face, sentence, width, lines);
            if (string.Join(' ', wrapped) == Names.Drawable(face, sentence))
                return (face, wrapped);
        }
        Face smallest = faces.Last(face => face.Height <= height);
        return (smallest, Names.Wrap(smallest, sentence, width, height / smallest.Height));
    }
}
