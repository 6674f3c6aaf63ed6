using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>One-bit displays keep eight rows in a byte, the upper one in the lowest bit: such a row of bytes is a page.</summary>
internal static class Columns
{
    public const int RowsPerPage = 8;

    /// <summary>The bytes of one page, from a column on.</summary>
    public static byte[] Page(Frame frame, int page, int left, int width)
    {
        byte[] bytes = new byte[width];
        for (int x = 0; x < width; x++)
        {
            for (int bit = 0; bit < RowsPerPage; bit++)
            {
                if (frame[left + x, page * RowsPerPage + bit] != Ink.Black)
                    bytes[x] |= (byte)(1 << bit);
            }
        }
        return bytes;
    }

    /// <summary>The pages that an area touches.</summary>
    public static (int First, int Last) Pages(PixelArea area) => (area.Y / RowsPerPage, (area.Y + area.Height - 1) / RowsPerPage);
}
