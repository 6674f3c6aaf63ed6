using System.Globalization;

namespace PiTap.Model;

/// <summary>Packet time: nanoseconds since 1970-01-01T00:00:00Z in an Int64 (years 1678 to 2262), and its text.</summary>
public static class PacketTime
{
    /// <summary>Nanoseconds in a second.</summary>
    public const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Nanoseconds in a minute.</summary>
    public const long NanosecondsPerMinute = 60 * NanosecondsPerSecond;

    private const long NanosecondsPerTick = 100;

    /// <summary>Nanoseconds since the epoch of a moment on a clock; beyond an Int64, the nearest that it reaches.</summary>
    public static long FromDateTimeOffset(DateTimeOffset moment)
    {
        long ticks = moment.UtcTicks - DateTime.UnixEpoch.Ticks;
        return ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue
            : ticks < long.MinValue / NanosecondsPerTick ? long.MinValue
            : ticks * NanosecondsPerTick;
    }

    /// <summary>The start of the minute that a time falls into, for times before the epoch too.</summary>
    public static long FloorToMinute(long timeNs)
    {
        long rest = timeNs % NanosecondsPerMinute;
        long behind = rest < 0 ? rest + NanosecondsPerMinute : rest;
        return timeNs < long.MinValue + behind ? long.MinValue : timeNs - behind;
    }

    /// <summary>RFC 3339 with nine decimals and a Z: <c>2021-02-12T17:00:00.123456789Z</c>.</summary>
    public static string Format(long timeNs)
    {
        long seconds = Math.DivRem(timeNs, NanosecondsPerSecond, out long fraction);
        if (fraction < 0)
        {
            fraction += NanosecondsPerSecond;
            seconds--;
        }
        DateTime moment = DateTime.UnixEpoch.AddSeconds(seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{moment:yyyy-MM-ddTHH:mm:ss}.{fraction:D9}Z");
    }

    /// <summary>Reads what <see cref="Format"/> writes, and RFC 3339 with fewer decimals or another offset.</summary>
    public static bool TryParse(string? text, out long timeNs)
    {
        timeNs = 0;
        if (text is null)
            return false;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        int end = point;
        long fraction = 0;
        if (point >= 0)
        {
            long unit = NanosecondsPerSecond / 10;
            for (end = point + 1; end < text.Length && char.IsAsciiDigit(text[end]); end++, unit /= 10)
                fraction += (text[end] - '0') * unit;
        }
        string whole = point < 0 ? text : text[..point] + text[end..];
        if (!DateTimeOffset.TryParse(whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
            return false;
        timeNs = FromDateTimeOffset(moment);
        timeNs = timeNs is long.MinValue || timeNs > long.MaxValue - fraction ? timeNs : timeNs + fraction;
        return true;
    }
}
