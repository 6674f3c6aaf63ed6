using System.Globalization;
using PiTap.Panel.State;

namespace PiTap.Panel.Pages;

/// <summary>Numbers as few letters as possible.</summary>
internal static class Words
{
    private static readonly string[] s_powers = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>At most four letters: <c>0</c>, <c>950</c>, <c>12k</c>, <c>1.2M</c>.</summary>
    public static string Rate(long bytesPerSecond) => Short(bytesPerSecond);

    /// <summary>With its unit: <c>1.2 MB</c>, by powers of a thousand.</summary>
    public static string Bytes(long bytes)
    {
        string text = Short(bytes);
        return char.IsAsciiDigit(text[^1]) ? text + " B" : $"{text[..^1]} {text[^1]}B";
    }

    /// <summary><c>1 party</c>, <c>3 parties</c>.</summary>
    public static string Count(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>Minutes and seconds, from an hour on hours too: <c>02:05</c>, <c>1:02:05</c>.</summary>
    public static string Time(long nanoseconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Max(0, nanoseconds / 1_000_000_000));
        return time.TotalHours < 1
            ? time.ToString(@"mm\:ss", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
    }

    /// <summary>What a party is to the app.</summary>
    public static string Kind(PartyKind kind) => kind switch
    {
        PartyKind.FirstParty => "first party",
        PartyKind.ThirdParty => "third party",
        PartyKind.Background => "background",
        _ => "unknown",
    };

    private static string Short(long number)
    {
        double left = Math.Max(0, number);
        int power = 0;
        for (; left >= 999.5 && power < s_powers.Length - 1; power++)
            left /= 1000;
        return left < 9.95 && power > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{left:0.0}{s_powers[power]}")
            : string.Create(CultureInfo.InvariantCulture, $"{left:0}{s_powers[power]}");
    }
}
