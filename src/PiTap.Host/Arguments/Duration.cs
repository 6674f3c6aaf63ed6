using System.Globalization;
using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>
/// Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>, <c>1h30m</c>. In nanoseconds.
/// </summary>
internal static class Duration
{
    private const long MaxNs = 36_500L * 24 * 3600 * PacketTime.NanosecondsPerSecond;

    /// <summary>One or more whole numbers, each with its unit; more than nothing, at most a hundred years.</summary>
    public static bool TryParse(string text, out long durationNs)
    {
        durationNs = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out long count))
                return false;
            rest = rest[digits..];
            int letters = rest.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            long unitNs = UnitNs(unit);
            if (unitNs == 0 || count > MaxNs / unitNs || (durationNs += count * unitNs) > MaxNs)
                return false;
        }
        return durationNs > 0;
    }

    /// <summary>For example <c>1h 30m</c>, with at most two units.</summary>
    public static string Format(long durationNs)
    {
        TimeSpan span = TimeSpan.FromTicks(durationNs / 100);
        IFormatProvider plain = CultureInfo.InvariantCulture;
        return span switch
        {
            { TotalDays: >= 1 } => string.Create(plain, $"{span.Days}d {span.Hours}h"),
            { TotalHours: >= 1 } => string.Create(plain, $"{span.Hours}h {span.Minutes}m"),
            { TotalMinutes: >= 1 } => string.Create(plain, $"{span.Minutes}m {span.Seconds}s"),
            _ => string.Create(plain, $"{span.TotalSeconds:0.###}s"),
        };
    }

    private static long UnitNs(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" => PacketTime.NanosecondsPerSecond / 1000,
        "s" => PacketTime.NanosecondsPerSecond,
        "m" or "min" => PacketTime.NanosecondsPerMinute,
        "h" => 60 * PacketTime.NanosecondsPerMinute,
        "d" => 24 * 60 * PacketTime.NanosecondsPerMinute,
        _ => 0,
    };
}
