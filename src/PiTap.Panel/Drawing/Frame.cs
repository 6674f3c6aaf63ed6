namespace PiTap.Panel.Drawing;

/// <summary>How many colours a display has.</summary>
public enum PixelDepth
{
    /// <summary>Lit or dark.</summary>
    OneBit,

    /// <summary>Five bits of red, six of green, five of blue.</summary>
    Rgb565,
}

/// <summary>
/// A picture of a display's own size, row by row from the upper left corner. Every pixel is a number of 16 bits, red in the highest five;
/// with one bit of depth only <see cref="Ink.Black"/> and <see cref="Ink.White"/> occur.
/// </summary>
public sealed class Frame
{
    private readonly ushort[] _pixels;

    /// <summary>A dark picture.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Colours that there are.</param>
    public Frame(int width, int height, PixelDepth depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        Depth = depth;
        _pixels = new ushort[width * height];
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Colours that there are.</summary>
    public PixelDepth Depth { get; }

    /// <summary>All pixels, row by row.</summary>
    public ReadOnlySpan<ushort> Pixels => _pixels;

    /// <summary>A pixel. What is set outside the picture is not there, and with one bit of depth whatever is not black is white.</summary>
    public ushort this[int x, int y]
    {
        get => _pixels[y * Width + x];
        set
        {
            if ((uint)x < (uint)Width && (uint)y < (uint)Height)
                _pixels[y * Width + x] = Depth == PixelDepth.OneBit && value != Ink.Black ? Ink.White : value;
        }
    }

    /// <summary>The smallest rectangle that holds every pixel in which another picture of this size differs; empty if none does.</summary>
    public PixelArea Difference(Frame other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Width != Width || other.Height != Height)
            throw new ArgumentException("the pictures differ in size", nameof(other));
        int left = Width, right = -1, top = Height, bottom = -1;
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<ushort> one = Pixels.Slice(y * Width, Width), two = other.Pixels.Slice(y * Width, Width);
            int first = one.CommonPrefixLength(two);
            if (first == Width)
                continue;
            int last = Width - 1;
            while (one[last] == two[last])
                last--;
            (left, right, top, bottom) = (Math.Min(left, first), Math.Max(right, last), Math.Min(top, y), y);
        }
        return right < 0 ? default : new PixelArea(left, top, right - left + 1, bottom - top + 1);
    }
}

/// <summary>A rectangle of a picture, pixels.</summary>
/// <param name="X">Its left edge.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">Its width; 0 if it is empty.</param>
/// <param name="Height">Its height; 0 if it is empty.</param>
public readonly record struct PixelArea(int X, int Y, int Width, int Height)
{
    /// <summary>True if there is nothing in it.</summary>
    public bool IsEmpty => Width == 0 || Height == 0;
}
