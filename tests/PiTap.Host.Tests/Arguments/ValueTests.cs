using PiTap.Host.Arguments;

namespace PiTap.Host.Tests.Arguments;

public sealed class ValueTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("64 mib", 64L << 20)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1k", 1024)]
    [InlineData("3T", 3L << 40)]
    [InlineData("12B", 12)]
    public void A_size_is_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("1XiB")]
    [InlineData("9223372036854775808")]
    [InlineData("9000000TiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(10_240, "10.0 KiB")]
    [InlineData(1_048_576 * 123L, "123 MiB")]
    [InlineData(long.MaxValue, "8.00 EiB")]
    public void A_size_has_a_text(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));

    [Theory]
    [InlineData("500ms", 500_000_000)]
    [InlineData("30s", 30_000_000_000)]
    [InlineData("5m", 300_000_000_000)]
    [InlineData("5min", 300_000_000_000)]
    [InlineData("2h", 7_200_000_000_000)]
    [InlineData("1d", 86_400_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    public void A_duration_is_read(string text, long durationNs)
    {
        Assert.True(Duration.TryParse(text, out long parsed));
        Assert.Equal(durationNs, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("5 s")]
    [InlineData("5w")]
    [InlineData("36501d")]
    [InlineData("99999999999999999999s")]
    [InlineData("none")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(1_500_000_000, "1.5s")]
    [InlineData(61_000_000_000, "1m 1s")]
    [InlineData(5_400_000_000_000, "1h 30m")]
    [InlineData(90_000_000_000_000, "1d 1h")]
    public void A_duration_has_a_text(long durationNs, string text) => Assert.Equal(text, Duration.Format(durationNs));

    [Theory]
    [InlineData(true, "/data", "/home/x", "/var/lib/pitap/pitap.db")]
    [InlineData(false, "/data", "/home/x", "/data/pitap/pitap.db")]
    [InlineData(false, "relative", "/home/x", "/home/x/.local/share/pitap/pitap.db")]
    [InlineData(false, "", "/home/x", "/home/x/.local/share/pitap/pitap.db")]
    [InlineData(false, null, "/home/x", "/home/x/.local/share/pitap/pitap.db")]
    [InlineData(true, null, null, "/var/lib/pitap/pitap.db")]
    [InlineData(false, null, null, null)]
    [InlineData(false, "relative", "", null)]
    [InlineData(false, null, ".", null)]
    [InlineData(false, null, "home/x", null)]
    public void The_store_has_a_place_when_nobody_names_one(bool isRoot, string? xdg, string? home, string? path) =>
        Assert.Equal(path, DefaultPaths.Database(isRoot, xdg, home));
}
