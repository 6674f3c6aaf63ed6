using System.Globalization;
using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>A moment as people write it: with a zone, or in the zone that tables show times in.</summary>
internal sealed class Moment
{
    private static readonly string[] s_timeOfDay = ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF"];

    private readonly long _timeNs;
    private readonly TimeSpan? _timeOfDay;

    private Moment(long timeNs, TimeSpan? timeOfDay)
    {
        _timeNs = timeNs;
        _timeOfDay = timeOfDay;
    }

    /// <summary>
    /// RFC 3339; the same, or a date, without a zone; a time of the day; or a duration before now. What is beyond the times that packets
    /// can have is the first or the last one of these. Null if the text is none.
    /// </summary>
    public static Moment? Parse(string text, TimeProvider clock)
    {
        if (Duration.TryParse(text, out long agoNs))
            return new Moment(PacketTime.FromDateTimeOffset(clock.GetUtcNow()) - agoNs, null);
        if (TimeOnly.TryParseExact(text, s_timeOfDay, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
            return new Moment(0, time.ToTimeSpan());
        if (text.Length < 10 || !char.IsAsciiDigit(text[0]) || !PacketTime.TryParse(text, out long timeNs))
            return null;
        return new Moment(HasZone(text) ? timeNs : FromLocal(timeNs, clock.LocalTimeZone), null);
    }

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    /// <param name="zone">Where people are.</param>
    /// <param name="lastNs">The latest time that there is something of: a time of the day is one of that day.</param>
    public long At(TimeZoneInfo zone, long lastNs)
    {
        if (_timeOfDay is not { } time)
            return _timeNs;
        DateTime utc = DateTime.UnixEpoch.AddTicks(lastNs / 100);
        DateTime day = (utc + zone.GetUtcOffset(utc)).Date;
        return FromLocal(PacketTime.FromDateTimeOffset(new DateTimeOffset(day + time, TimeSpan.Zero)), zone);
    }

    private static bool HasZone(string text) =>
        text.EndsWith("Z", StringComparison.OrdinalIgnoreCase) || text.AsSpan(10).ContainsAny('+', '-');

    /// <summary>A time that was read as if it were UTC, in truth of this zone.</summary>
    private static long FromLocal(long timeNs, TimeZoneInfo zone)
    {
        if (timeNs is long.MinValue or long.MaxValue)
            return timeNs;
        DateTime local = DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(timeNs / 100), DateTimeKind.Unspecified);
        return timeNs - zone.GetUtcOffset(local).Ticks * 100;
    }
}
