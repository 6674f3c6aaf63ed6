using System.Globalization;

namespace PiTap.Host.Output;

/// <summary>Times as people read them: in their own zone (<c>TZ</c>), named in the header of each column, or above a list.</summary>
internal sealed class ShownTime(TimeProvider clock)
{
    private readonly TimeZoneInfo _zone = clock.LocalTimeZone;
    private readonly TimeSpan _now = clock.LocalTimeZone.GetUtcOffset(clock.GetUtcNow());

    /// <summary>A column of times, with the zone's offset of today: for example <c>Start (UTC)</c> or <c>Start (+01:00)</c>.</summary>
    public Column Column(string name, int rank, string inList = "{0}", string? brief = null) => new(Header(name), Rank: rank)
    {
        BriefHeader = brief is null ? null : Header(brief),
        InList = inList,
        ListNote = $"Times are {Text(_now)}.",
    };

    /// <summary>To the second; a time of which the zone had another offset (in summer, for example) says so.</summary>
    public Cell Cell(long timeNs)
    {
        (DateTime local, TimeSpan offset) = Local(timeNs);
        string other = offset == _now ? "" : " " + Text(offset);
        return new Cell(
            local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + other,
            local.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + other);
    }

    /// <summary>To the second, with its zone: for sentences.</summary>
    public string Sentence(long timeNs)
    {
        (DateTime local, TimeSpan offset) = Local(timeNs);
        return local.ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture) + Text(offset);
    }

    private string Header(string name) => $"{name} ({Text(_now)})";

    private (DateTime Local, TimeSpan Offset) Local(long timeNs)
    {
        DateTime utc = DateTime.UnixEpoch.AddTicks(Math.DivRem(timeNs, 100, out long rest) - (rest < 0 ? 1 : 0));
        TimeSpan offset = _zone.GetUtcOffset(new DateTimeOffset(utc, TimeSpan.Zero));
        return (utc + offset, offset);
    }

    private static string Text(TimeSpan offset) => offset == TimeSpan.Zero ? "UTC"
        : (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
