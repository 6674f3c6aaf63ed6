using System.Drawing;
using Iot.Device.Graphics;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>A frame of what the package's interfaces pass.</summary>
internal static class FrameOf
{
    /// <summary>From this brightness on a pixel is lit where there are no colours, as in the package's own drivers.</summary>
    private const double LitFrom = 0.1;

    public static Frame Image(BitmapImage image, PixelDepth depth)
    {
        Frame frame = new(image.Width, image.Height, depth);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                Color colour = image[x, y];
                frame[x, y] = depth == PixelDepth.Rgb565 ? Ink.Rgb(colour.R, colour.G, colour.B)
                    : colour.GetBrightness() > LitFrom ? Ink.White : Ink.Black;
            }
        }
        return frame;
    }
}
