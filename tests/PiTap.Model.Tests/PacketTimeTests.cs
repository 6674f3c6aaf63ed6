namespace PiTap.Model.Tests;

public sealed class PacketTimeTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(1_613_149_200_123_456_789, "2021-02-12T17:00:00.123456789Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    [InlineData(long.MinValue, "1677-09-21T00:12:43.145224192Z")]
    public void A_time_survives_its_text(long timeNs, string text)
    {
        Assert.Equal(text, PacketTime.Format(timeNs));
        Assert.True(PacketTime.TryParse(text, out long parsed));
        Assert.Equal(timeNs, parsed);
    }

    [Theory]
    [InlineData("2021-02-12T18:00:00.5+01:00", 1_613_149_200_500_000_000)]
    [InlineData("2021-02-12T17:00:00Z", 1_613_149_200_000_000_000)]
    public void Other_RFC_3339_forms_are_read(string text, long timeNs)
    {
        Assert.True(PacketTime.TryParse(text, out long parsed));
        Assert.Equal(timeNs, parsed);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(59_999_999_999, 0)]
    [InlineData(long.MinValue + 1, long.MinValue)]
    [InlineData(60_000_000_000, 60_000_000_000)]
    [InlineData(-1, -60_000_000_000)]
    public void A_minute_starts_at_its_start(long timeNs, long minuteNs) =>
        Assert.Equal(minuteNs, PacketTime.FloorToMinute(timeNs));
}
