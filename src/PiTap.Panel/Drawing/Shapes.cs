namespace PiTap.Panel.Drawing;

/// <summary>What pages are made of besides letters.</summary>
internal static class Shapes
{
    public static void Fill(Frame frame, PixelArea area, ushort colour)
    {
        for (int y = area.Y; y < area.Y + area.Height; y++)
        {
            for (int x = area.X; x < area.X + area.Width; x++)
                frame[x, y] = colour;
        }
    }

    /// <summary>A bar whose filled part says how much; with one bit of depth its empty part is an outline.</summary>
    public static void Bar(Frame frame, PixelArea area, double share, ushort colour)
    {
        int filled = Math.Clamp((int)Math.Round(area.Width * share), share > 0 ? 1 : 0, area.Width);
        if (frame.Depth == PixelDepth.Rgb565)
            Fill(frame, area, Ink.Shade);
        else
            Fill(frame, area with { Y = area.Y + area.Height - 1, Height = 1 }, colour);
        Fill(frame, area with { Width = filled }, colour);
    }

    /// <summary>Every pixel of an area turned round, so that dark letters stand on light ground.</summary>
    public static void Invert(Frame frame, PixelArea area)
    {
        for (int y = area.Y; y < area.Y + area.Height; y++)
        {
            for (int x = area.X; x < area.X + area.Width; x++)
                frame[x, y] = (ushort)~frame[x, y];
        }
    }

    /// <summary>A picture of rows of characters, of which '#' is drawn, enlarged.</summary>
    public static void Icon(Frame frame, int x, int y, string[] rows, int scale, ushort colour)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            for (int column = 0; column < rows[row].Length; column++)
            {
                if (rows[row][column] == '#')
                    Fill(frame, new PixelArea(x + column * scale, y + row * scale, scale, scale), colour);
            }
        }
    }
}
