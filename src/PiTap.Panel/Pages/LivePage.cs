using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>Who is being talked to: the newest party and the busiest ones, each with its direction, rate and country.</summary>
internal static class LivePage
{
    private const int EdgeWidth = 8;
    private const int RateLetters = 4;

    public static void Draw(Frame frame, Layout layout, PanelState state)
    {
        layout.DrawHeader(frame, state.IsLosing ? "LIVE, LOSING" : "LIVE", state);
        if (!state.HasTraffic)
        {
            layout.DrawEmpty(frame, "Waiting for a phone", layout.IsStrip ? "join, open an app" : "Join the Wi-Fi, then open an app.");
            return;
        }
        if (layout.IsMono)
            DrawMono(frame, layout, state);
        else
            DrawColour(frame, layout, state);
    }

    private static void DrawMono(Frame frame, Layout layout, PanelState state)
    {
        int footer = layout.IsStrip ? layout.Detail.Height : 0;
        int rows = (frame.Height - layout.HeaderHeight - footer) / layout.RowHeight;
        int y = layout.HeaderHeight + (layout.IsStrip ? 0 : 1);
        foreach (PanelParty party in state.Live.Take(rows))
        {
            DrawMonoRow(frame, layout, y, party);
            if (party == state.Live[0] && state.IsNew(party))
                Shapes.Invert(frame, new PixelArea(0, y, frame.Width, layout.RowHeight));
            y += layout.RowHeight;
        }
        if (!layout.IsStrip)
            return;
        y = frame.Height - layout.Detail.Height;
        layout.Detail.Draw(frame, 0, y, Words.Count(state.PartyCount, "party", "parties"), Ink.White);
        string right = state.Failures.Count > 0 ? $"{state.Failures[0].Code} {state.Failures[0].Words}" : "bytes/s";
        Layout.DrawRight(frame, layout.Detail, frame.Width, y, right, Ink.White);
    }

    private static void DrawMonoRow(Frame frame, Layout layout, int y, PanelParty party)
    {
        Face face = layout.Row;
        int text = y + (layout.RowHeight - face.Height) / 2, icon = y + (layout.RowHeight - Icons.Size) / 2;
        int right = frame.Width - 1;
        Layout.DrawRight(frame, face, right, text, party.Country, Ink.White);
        right -= 2 * face.Width + 3;
        Layout.DrawRight(frame, face, right, text, Words.Rate(party.BytesPerSecond), Ink.White);
        right -= RateLetters * face.Width + 2;
        Shapes.Icon(frame, right - Icons.Size, icon, PartyMarks.Arrow(party), 1, Ink.White);
        right -= Icons.Size + 2;
        if (party.IsReadable)
        {
            Shapes.Icon(frame, right - Icons.Size, icon, Icons.Eye, 1, Ink.White);
            right -= Icons.Size + 2;
        }
        face.Draw(frame, 1, text, Name(face, party, right - 1), Ink.White);
    }

    private static void DrawColour(Frame frame, Layout layout, PanelState state)
    {
        int first = DrawHero(frame, layout, state, state.Live[0], layout.HeaderHeight + 2), y = first;
        foreach (PanelParty party in state.Live.Skip(1).Take((frame.Height - y) / layout.RowHeight))
        {
            DrawColourRow(frame, layout, y, party);
            y += layout.RowHeight;
        }
        int rows = (frame.Height - y) / layout.Detail.Height, shown = 1 + (y - first) / layout.RowHeight;
        foreach (PanelParty party in state.Live.Skip(shown).Take(rows))
        {
            DrawCompactRow(frame, layout, y + 2, party);
            y += layout.Detail.Height;
        }
    }

    /// <summary>The one name that is to be read from three metres, and what is known of it; gives where the rows below begin.</summary>
    private static int DrawHero(Frame frame, Layout layout, PanelState state, PanelParty party, int top)
    {
        int left = EdgeWidth + 6, width = frame.Width - left;
        Face face = layout.Heroes.FirstOrDefault(each => Fits(each, party, width)) ?? layout.Heroes[^1];
        int height = layout.Heroes[0].Height;
        face.Draw(frame, left, top + (height - face.Height) / 2, Name(face, party, width), Ink.White);
        int y = top + height;
        PartyMarks.Edge(frame, new PixelArea(0, top, EdgeWidth, height + layout.Row.Height), party.Kind);
        Shapes.Icon(frame, left, y + 1, PartyMarks.Arrow(party), 3, PartyMarks.Colour(party.Kind));
        int x = layout.Row.Draw(frame, left + 26, y, Words.Rate(party.BytesPerSecond), Ink.White);
        layout.Row.Draw(frame, Math.Max(x + 10, left + 84), y, party.Country, Ink.White);
        string word = party.IsReadable ? "READABLE" : state.IsNew(party) ? "NEW" : Words.Kind(party.Kind);
        ushort colour = party.IsReadable ? Ink.Readable : PartyMarks.Colour(party.Kind);
        Layout.DrawRight(frame, layout.Detail, frame.Width - 4, y + 5, word, colour);
        return y + layout.Row.Height + 4;
    }

    private static void DrawColourRow(Frame frame, Layout layout, int y, PanelParty party)
    {
        Face name = layout.Row, detail = layout.Detail;
        int left = EdgeWidth + 6, column = detail.Width * RateLetters + Icons.Size + 6, right = frame.Width - 4;
        PartyMarks.Edge(frame, new PixelArea(0, y + 2, EdgeWidth, layout.RowHeight - 4), party.Kind);
        name.Draw(frame, left, y + (layout.RowHeight - name.Height) / 2, Name(name, party, right - column - left - 4), Ink.White);
        int line = layout.RowHeight / 2, first = y + (line - detail.Height) / 2 + 1;
        Layout.DrawRight(frame, detail, right, first, Words.Rate(party.BytesPerSecond), Ink.White);
        Shapes.Icon(frame, right - column, first + 4, PartyMarks.Arrow(party), 1, PartyMarks.Colour(party.Kind));
        Layout.DrawRight(frame, detail, right, first + line - 1, party.Country, Ink.Grey);
        if (party.IsReadable)
            Shapes.Icon(frame, right - column, first + line + 3, Icons.Eye, 1, Ink.Readable);
    }

    /// <summary>Where there is no room for a row: the same in small letters.</summary>
    private static void DrawCompactRow(Frame frame, Layout layout, int y, PanelParty party)
    {
        Face face = layout.Detail;
        int right = frame.Width - 4;
        Layout.DrawRight(frame, face, right, y, party.Country, Ink.Grey);
        right -= 2 * face.Width + 6;
        Layout.DrawRight(frame, face, right, y, Words.Rate(party.BytesPerSecond), Ink.White);
        right -= RateLetters * face.Width + Icons.Size + 4;
        Shapes.Icon(frame, right, y + 4, PartyMarks.Arrow(party), 1, PartyMarks.Colour(party.Kind));
        PartyMarks.Edge(frame, new PixelArea(0, y, EdgeWidth, face.Height), party.Kind);
        face.Draw(frame, EdgeWidth + 6, y, Name(face, party, right - EdgeWidth - 10), Ink.White);
    }

    private static bool Fits(Face face, PanelParty party, int width) =>
        Names.Drawable(face, party.Name) is string whole && face.Measure(whole) <= width;

    private static string Name(Face face, PanelParty party, int width) =>
        party.IsHost ? Names.FitHost(face, party.Name, width) : Names.Fit(face, party.Name, width);
}
