namespace PiTap.Panel.Drawing;

/// <summary>
/// The colours, in the display's own numbers. Those that mean something are of the palette of Okabe and Ito, which people with colour
/// blindness tell apart too; and none is the only sign for what it means.
/// </summary>
public static class Ink
{
    /// <summary>Dark.</summary>
    public const ushort Black = 0x0000;

    /// <summary>Lit.</summary>
    public const ushort White = 0xFFFF;

    /// <summary>What matters less: units, labels.</summary>
    public static readonly ushort Grey = Rgb(150, 155, 160);

    /// <summary>Behind a heading, and bars' empty part.</summary>
    public static readonly ushort Shade = Rgb(40, 46, 56);

    /// <summary>The app's own publisher (bluish green).</summary>
    public static readonly ushort FirstParty = Rgb(0, 190, 140);

    /// <summary>Somebody else whose name is known (orange).</summary>
    public static readonly ushort ThirdParty = Rgb(240, 168, 20);

    /// <summary>Nobody knows who (sky blue).</summary>
    public static readonly ushort Unknown = Rgb(96, 188, 240);

    /// <summary>Anybody on the way could read it (vermilion).</summary>
    public static readonly ushort Readable = Rgb(230, 92, 20);

    /// <summary>A finding (reddish purple).</summary>
    public static readonly ushort Finding = Rgb(224, 122, 176);

    /// <summary>The nearest number of 16 bits.</summary>
    public static ushort Rgb(int red, int green, int blue) =>
        (ushort)((red * 31 + 127) / 255 << 11 | (green * 63 + 127) / 255 << 5 | (blue * 31 + 127) / 255);

    /// <summary>Red, green and blue of 8 bits each; 0xFFFF gives 255 for each.</summary>
    public static (byte Red, byte Green, byte Blue) Parts(ushort colour) =>
        ((byte)((colour >> 11) * 255 / 31), (byte)((colour >> 5 & 63) * 255 / 63), (byte)((colour & 31) * 255 / 31));
}
