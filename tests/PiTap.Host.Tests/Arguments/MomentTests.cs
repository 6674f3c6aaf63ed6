using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Tests.Arguments;

public sealed class MomentTests
{
    private static readonly TimeZoneInfo s_east = TimeZoneInfo.CreateCustomTimeZone("East", TimeSpan.FromHours(2), "East", "East");
    private static readonly ZoneClock s_clock = new(s_east, new DateTimeOffset(2021, 2, 12, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("2021-02-12T17:00:00Z", "2021-02-12T17:00:00.000000000Z")]
    [InlineData("2021-02-12T17:00:00.5+01:00", "2021-02-12T16:00:00.500000000Z")]
    [InlineData("2021-02-12T17:00:00-05:00", "2021-02-12T22:00:00.000000000Z")]
    [InlineData("2021-02-12T17:00:00", "2021-02-12T15:00:00.000000000Z")]
    [InlineData("2021-02-12 17:00:00", "2021-02-12T15:00:00.000000000Z")]
    [InlineData("2021-02-12", "2021-02-11T22:00:00.000000000Z")]
    [InlineData("14:13:45", "2021-02-10T12:13:45.000000000Z")]
    [InlineData("14:13", "2021-02-10T12:13:00.000000000Z")]
    [InlineData("00:30:00.25", "2021-02-09T22:30:00.250000000Z")]
    [InlineData("2h", "2021-02-12T10:00:00.000000000Z")]
    [InlineData("2300-01-01", "2262-04-11T23:47:16.854775807Z")]
    [InlineData("9999-12-31T23:59:59.999999999Z", "2262-04-11T23:47:16.854775807Z")]
    [InlineData("1600-01-01", "1677-09-21T00:12:43.145224192Z")]
    [InlineData("0001-01-01T00:00:00Z", "1677-09-21T00:12:43.145224192Z")]
    public void A_moment_is_read_in_the_zone_of_the_tables(string text, string time)
    {
        // The last day that there is something of, in that zone: the 10th, though in UTC it is still the 9th.
        Assert.True(PacketTime.TryParse("2021-02-09T23:00:00Z", out long lastNs));
        Assert.Equal(time, PacketTime.Format(Moment.Parse(text, s_clock)!.At(s_east, lastNs)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("25:00")]
    [InlineData("14:13:99")]
    [InlineData("2021-13-01")]
    [InlineData("1613149200")]
    public void What_is_no_moment_is_refused(string text) => Assert.Null(Moment.Parse(text, s_clock));
}
