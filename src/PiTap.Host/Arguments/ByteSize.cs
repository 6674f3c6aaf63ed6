using System.Globalization;

namespace PiTap.Host.Arguments;

/// <summary>Sizes as people write them: <c>64MiB</c>, <c>2GB</c>, <c>4096</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Factor)[] s_units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    private static readonly string[] s_shown = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A whole number with an optional unit, in any case. One letter means the binary unit, as with other network tools.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        long factor = 1;
        ReadOnlySpan<char> digits = text.AsSpan().Trim();
        foreach ((string suffix, long unit) in s_units)
        {
            if (digits.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                digits = digits[..^suffix.Length].TrimEnd();
                factor = unit;
                break;
            }
        }
        bytes = 0;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count > long.MaxValue / factor)
            return false;
        bytes = count * factor;
        return true;
    }

    /// <summary>Three or four digits and a binary unit: <c>1.25 MiB</c>.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 1024 && unit < s_shown.Length - 1)
        {
            value /= 1024;
            unit++;
        }
        string format = unit == 0 ? "0" : Math.Abs(value) < 10 ? "0.00" : Math.Abs(value) < 100 ? "0.0" : "0";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + s_shown[unit];
    }
}
