using PiTap.Panel.Drawing;

namespace PiTap.Panel.Tests.Pages;

/// <summary>The displays that there are: pixels across and down.</summary>
internal static class Sizes
{
    public static readonly (int Width, int Height)[] All = [(128, 32), (128, 64), (240, 135), (240, 240), (320, 240)];

    public static PixelDepth Depth(int height) => height <= 64 ? PixelDepth.OneBit : PixelDepth.Rgb565;
}
