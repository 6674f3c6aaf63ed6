using System.Drawing;
using Iot.Device.Graphics;

namespace PiTap.Panel.Devices;

/// <summary>A picture in an array of bytes: blue, green, red and alpha for each pixel, row by row. What the drivers draw from.</summary>
internal sealed class ByteImage(int width, int height) : BitmapImage(width, height, width * BytesPerPixel, PixelFormat.Format32bppXrgb)
{
    private const int BytesPerPixel = 4;

    private readonly byte[] _bytes = new byte[width * height * BytesPerPixel];

    public override Span<byte> AsByteSpan() => _bytes;

    public override void SetPixel(int x, int y, Color color)
    {
        int at = y * Stride + x * BytesPerPixel;
        (_bytes[at], _bytes[at + 1], _bytes[at + 2], _bytes[at + 3]) = (color.B, color.G, color.R, byte.MaxValue);
    }

    public override Color GetPixel(int x, int y)
    {
        int at = y * Stride + x * BytesPerPixel;
        return Color.FromArgb(_bytes[at + 2], _bytes[at + 1], _bytes[at]);
    }

    public override void SaveToStream(Stream stream, ImageFileType format) =>
        throw new NotSupportedException("a picture that a display is fed from is not saved: see Png");

    public override IGraphics GetDrawingApi() =>
        throw new NotSupportedException("a picture that a display is fed from is not drawn on: see Frame");

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>
/// Makes the pictures that the package's drivers ask for, some already in their constructor. It has none of its own, and its adapter for
/// Skia would bring a native library for what is an array.
/// </summary>
internal sealed class ByteImageFactory : IImageFactory
{
    private ByteImageFactory()
    {
    }

    /// <summary>Has to be called before any driver of the package is made.</summary>
    public static void Register() => BitmapImage.RegisterImageFactory(new ByteImageFactory());

    public BitmapImage CreateBitmap(int width, int height, PixelFormat pixelFormat) => new ByteImage(width, height);

    public BitmapImage CreateFromStream(Stream file) => throw new NotSupportedException("no picture is read from a file");
}
