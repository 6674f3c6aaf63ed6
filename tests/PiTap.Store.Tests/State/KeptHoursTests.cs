using System.Globalization;
using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.State;

/// <summary>All hours of minute totals together are bounded, whatever times packets claim and however many devices there are.</summary>
public sealed class KeptHoursTests
{
    private const long HourNs = 60 * PacketTime.NanosecondsPerMinute;

    [Fact]
    [Trait("cap", "Store.KeptHours.MaxRows")]
    public void Of_more_than_four_million_rows_the_fullest_hour_gives_way()
    {
        KeptHours kept = new();
        string[] devices = [.. Enumerable.Range(0, 500).Select(static i => i.ToString("x8", CultureInfo.InvariantCulture))];
        kept.Note(Filled(0, devices.AsSpan(0, 20)));
        for (int hour = 1; kept.Fullest is null; hour++)
            kept.Note(Filled(hour * HourNs, devices));
        Assert.InRange(kept.Rows, 4L << 20, (4L << 20) + 30_000);
        Assert.NotEqual(0, kept.Fullest);
        HourDocument fullest = Filled(kept.Fullest!.Value, devices);
        fullest.Shrink();
        Assert.InRange(fullest.Count, 22_501, 22_500 + 60);
        kept.Note(fullest);
        Assert.Null(kept.Fullest);
    }

    [Fact]
    [Trait("cap", "Store.KeptHours.MaxHours")]
    public void Packets_of_any_number_of_hours_leave_sixteen_thousand_of_which_those_with_most_rows_stay()
    {
        using TempFolder folder = new();
        const int hours = 17_000;
        long real = HourDocument.HourOf(Samples.Epoch);
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            store.Write(new RecordBatch { Minutes = [Minute(real, "a"), Minute(real, "b")] });
            store.Write(new RecordBatch { Minutes = [.. Enumerable.Range(1, hours).Select(i => Minute(real + i * HourNs, "a"))] });
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        MinuteRecord[] minutes = [.. reader.Minutes(StoreQuery.All)];
        Assert.InRange(minutes.Length, 15_000, 16_384 + 1);
        Assert.Equal(2, minutes.Count(minute => minute.MinuteNs == real));
        Assert.Equal(minutes.OrderBy(static one => one.MinuteNs).ThenBy(static one => one.Device, StringComparer.Ordinal), minutes);
        long lost = Assert.Single(reader.Runs()).Losses.Single(static loss => loss.Name == "store-hours-lost").Count;
        Assert.Equal(hours + 2, minutes.Length + lost);
    }

    private static MinuteRecord Minute(long minuteNs, string device) => new(minuteNs, device, 1, 0, 60, 0);

    private static HourDocument Filled(long hourNs, ReadOnlySpan<string> devices)
    {
        HourDocument hour = new() { HourNs = hourNs };
        foreach (string device in devices)
        {
            for (int minute = 0; minute < 60; minute++)
                hour.Add(Minute(hourNs + minute * PacketTime.NanosecondsPerMinute, device));
        }
        return hour;
    }
}
