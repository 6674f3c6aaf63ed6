using PiTap.Panel.Drawing;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>How large things are on a display. Chosen by its rows and its colours, so that a new size needs no new page.</summary>
internal sealed record Layout
{
    private const int StripHeight = 48;

    /// <summary>Of headings and of what is small; it is as high as a line of it.</summary>
    public required Face Detail { get; init; }

    /// <summary>Of names in rows.</summary>
    public required Face Row { get; init; }

    /// <summary>Rows of the heading; 0 where there is no room for one.</summary>
    public required int HeaderHeight { get; init; }

    /// <summary>From a row's upper edge to the next one's.</summary>
    public required int RowHeight { get; init; }

    /// <summary>Faces for the one thing that is to be read from afar, the largest first; empty on displays too small for that.</summary>
    public IReadOnlyList<Face> Heroes { get; init; } = [];

    /// <summary>True for displays with one bit of depth.</summary>
    public bool IsMono { get; init; }

    /// <summary>True for a display with room for three lines.</summary>
    public bool IsStrip => HeaderHeight == 0;

    /// <summary>How much pictures of seven pixels are enlarged in a row.</summary>
    public int IconScale => IsMono ? 1 : 2;

    /// <summary>What suits a display.</summary>
    public static Layout For(Frame frame)
    {
        if (frame.Height < StripHeight)
            return new Layout { Detail = Face.Tiny, Row = Face.Small, HeaderHeight = 0, RowHeight = 12, IsMono = true };
        if (frame.Depth == PixelDepth.OneBit)
            return new Layout { Detail = Face.Tiny, Row = Face.Small, HeaderHeight = 10, RowHeight = 13, IsMono = true };
        bool isLow = frame.Height < 200;
        return new Layout
        {
            Detail = Face.Body,
            Row = Face.Large,
            HeaderHeight = isLow ? 18 : 22,
            RowHeight = isLow ? 28 : 31,
            Heroes = [Face.Giant, Face.Great, Face.Huge],
        };
    }

    /// <summary>A heading: what the page is, and on the right the most important thing besides.</summary>
    public void DrawHeader(Frame frame, string title, PanelState state)
    {
        DrawHeader(frame, title, Words.Count(state.PartyCount, "party", "parties"), state);
    }

    /// <summary>A heading whose right side is the page's own, unless something fails.</summary>
    public void DrawHeader(Frame frame, string title, string besides, PanelState state)
    {
        if (IsStrip)
            return;
        string right = state.Failures.Count > 0 ? "! " + state.Failures[0].Code : besides;
        ushort mark = state.Failures.Count > 0 ? Ink.Readable : Ink.Grey;
        DrawHeader(frame, title, right, Ink.Shade, mark);
    }

    /// <summary>A heading on a ground of its own.</summary>
    public void DrawHeader(Frame frame, string title, string right, ushort ground, ushort mark)
    {
        PixelArea bar = new(0, 0, frame.Width, IsStrip ? Detail.Height : IsMono ? HeaderHeight - 1 : HeaderHeight);
        int y = (bar.Height - Detail.Height) / 2 + (IsMono && !IsStrip ? 1 : 0);
        int margin = IsMono ? 2 : 4;
        if (!IsMono)
            Shapes.Fill(frame, bar, ground);
        Detail.Draw(frame, margin, y, title, Ink.White);
        DrawRight(frame, Detail, frame.Width - margin, y, right, mark);
        if (IsMono)
            Shapes.Invert(frame, bar);
    }

    /// <summary>A text that ends where it should.</summary>
    public static void DrawRight(Frame frame, Face face, int right, int y, string text, ushort colour) =>
        face.Draw(frame, right - face.Measure(text), y, text, colour);

    /// <summary>Sentences in the middle of what the heading leaves, for a page that has nothing to show yet.</summary>
    public void DrawEmpty(Frame frame, string what, string hint)
    {
        int width = frame.Width - 4, room = frame.Height - HeaderHeight;
        IReadOnlyList<string> large = Names.Wrap(Row, what, width, 2);
        IReadOnlyList<string> small = Names.Wrap(Detail, hint, width, IsStrip ? 1 : 3);
        int detailLine = Detail.Height + 1, gap = IsStrip ? 0 : Detail.Height / 2;
        int y = HeaderHeight + Math.Max(0, (room - large.Count * Row.Height - gap - small.Count * detailLine) / 2);
        foreach (string line in large)
        {
            Row.Draw(frame, (frame.Width - Row.Measure(line)) / 2, y, line, Ink.White);
            y += Row.Height;
        }
        y += gap;
        foreach (string line in small)
        {
            Detail.Draw(frame, (frame.Width - Detail.Measure(line)) / 2, y, line, Ink.Grey);
            y += detailLine;
        }
    }
}
