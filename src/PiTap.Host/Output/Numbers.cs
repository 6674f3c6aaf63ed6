using System.Globalization;
using PiTap.Host.Arguments;

namespace PiTap.Host.Output;

/// <summary>Figures as people read them.</summary>
internal static class Numbers
{
    private static readonly string[] s_thousands = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>With separators between thousands.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>For example <c>1 flow</c>, <c>1,200 flows</c>.</summary>
    public static string Of(long count, string noun) => $"{Count(count)} {(count == 1 ? noun : Plural(noun))}";

    /// <summary>For example <c>flows</c>, <c>parties</c>.</summary>
    public static string Plural(string noun) => noun.EndsWith('y') ? noun[..^1] + "ies" : noun + "s";

    /// <summary>A count, short from 10,000 on where there is little room: <c>12k</c>.</summary>
    public static Cell CountCell(long count) =>
        new(Count(count), Math.Abs(count) < 10_000 ? Count(count) : Short(count, 1000, s_thousands));

    /// <summary>A size: <c>1.25 MiB</c>, or <c>1.2M</c> where there is little room.</summary>
    public static Cell SizeCell(long bytes) => new(ByteSize.Format(bytes), Short(bytes, 1024, ["B", "K", "M", "G", "T", "P", "E"]));

    private static string Short(long count, int step, string[] units)
    {
        double value = count;
        int unit = 0;
        while (Math.Abs(value) >= step && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }
        return value.ToString(unit > 0 && Math.Abs(value) < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + units[unit];
    }
}
