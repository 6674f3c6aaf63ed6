using PiTap.Panel.Drawing;
using QRCoder;

namespace PiTap.Panel.Pages;

/// <summary>A QR code (ISO/IEC 18004) of whole pixels for each module, dark on light with a light edge.</summary>
internal static class QrPicture
{
    /// <summary>Modules of light edge that the code comes with, on each side.</summary>
    private const int EdgeModules = 4;

    /// <summary>The least light edge that cameras were seen to do with, where the display's own frame is dark, pixels.</summary>
    private const int LeastEdge = 1;

    /// <summary>
    /// Draws it as large as a square allows, in its upper left corner, and gives the side that it took; 0 if it does not fit.
    /// </summary>
    public static int Draw(Frame frame, int x, int y, int side, string text)
    {
        using QRCodeGenerator generator = new();
        using QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L, forceUtf8: true);
        int modules = code.ModuleMatrix.Count - 2 * EdgeModules;
        int scale = (side - 2 * LeastEdge) / modules;
        if (scale == 0)
            return 0;
        int edge = Math.Min((side - modules * scale) / 2, EdgeModules * scale);
        int whole = modules * scale + 2 * edge;
        Shapes.Fill(frame, new PixelArea(x, y, whole, whole), Ink.White);
        for (int row = 0; row < modules; row++)
        {
            for (int column = 0; column < modules; column++)
            {
                if (code.ModuleMatrix[row + EdgeModules][column + EdgeModules])
                    Shapes.Fill(frame, new PixelArea(x + edge + column * scale, y + edge + row * scale, scale, scale), Ink.Black);
            }
        }
        return whole;
    }
}
