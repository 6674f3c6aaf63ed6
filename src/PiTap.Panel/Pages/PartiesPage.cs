using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>
/// The five parties with most bytes, with bars. A display of three lines shows three and, after some seconds, the others.
/// </summary>
internal static class PartiesPage
{
    private const long TurnNs = 4L * 1_000_000_000;
    private const int StripRows = 3;
    private const int StripRowHeight = 11;

    public static void Draw(Frame frame, Layout layout, PanelState state)
    {
        layout.DrawHeader(frame, "PARTIES", state);
        if (state.Top.Count == 0)
        {
            layout.DrawEmpty(frame, "No party yet", layout.IsStrip ? "nothing was sent" : "Nothing was sent or received.");
            return;
        }
        long most = Math.Max(1, state.Top[0].Bytes);
        if (layout.IsStrip)
        {
            int skip = state.Top.Count > StripRows && state.NowNs / TurnNs % 2 == 1 ? StripRows : 0;
            DrawLines(frame, layout, [.. state.Top.Skip(skip).Take(StripRows)], StripRowHeight, -1, most);
        }
        else if (frame.Height < 200)
            DrawLines(frame, layout, state.Top, (frame.Height - layout.HeaderHeight) / PanelState.MaxTop, layout.HeaderHeight, most);
        else
            DrawBlocks(frame, layout, state.Top, most);
    }

    /// <summary>Name and bar beside one another.</summary>
    private static void DrawLines(Frame frame, Layout layout, IReadOnlyList<PanelParty> parties, int rowHeight, int top, long most)
    {
        Face face = layout.IsMono ? layout.Row : layout.Detail;
        int nameWidth = layout.IsMono ? frame.Width * 3 / 5 : frame.Width / 2, margin = layout.IsMono ? 1 : 4;
        int bar = layout.IsMono ? 5 : 10;
        for (int i = 0; i < parties.Count; i++)
        {
            int y = top + i * rowHeight;
            face.Draw(frame, margin, y + (rowHeight - face.Height + 1) / 2, Name(face, parties[i], nameWidth - margin), Ink.White);
            int left = nameWidth + 5;
            Shapes.Bar(frame, new PixelArea(left, y + (rowHeight - bar) / 2 + 1, frame.Width - left - margin, bar),
                (double)parties[i].Bytes / most, PartyMarks.Colour(parties[i].Kind));
        }
    }

    /// <summary>A bar under each name, and the bytes in figures.</summary>
    private static void DrawBlocks(Frame frame, Layout layout, IReadOnlyList<PanelParty> parties, long most)
    {
        int height = (frame.Height - layout.HeaderHeight) / PanelState.MaxTop;
        for (int i = 0; i < parties.Count; i++)
        {
            PanelParty party = parties[i];
            int y = layout.HeaderHeight + i * height + 2;
            string bytes = Words.Bytes(party.Bytes);
            int room = frame.Width - 8 - layout.Detail.Measure(bytes) - 8;
            layout.Row.Draw(frame, 4, y, Name(layout.Row, party, room), Ink.White);
            Layout.DrawRight(frame, layout.Detail, frame.Width - 4, y + 5, bytes, Ink.Grey);
            Shapes.Bar(frame, new PixelArea(4, y + layout.Row.Height + 2, frame.Width - 8, 10), (double)party.Bytes / most,
                PartyMarks.Colour(party.Kind));
        }
    }

    private static string Name(Face face, PanelParty party, int width) =>
        party.IsHost ? Names.FitHost(face, party.Name, width) : Names.Fit(face, party.Name, width);
}
