using System.Text.Json;
using PiTap.Catalogue;

namespace PiTap.Host.Tests.Commands;

public sealed class DataTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void Each_set_is_shown_with_rows_and_day(int width)
    {
        using TestSurface test = new(isTerminal: true, width: width, environment: ["NO_COLOR=1"]);
        Assert.Equal(0, test.Run("data", "show"));
        string output = test.Output;
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.All(Lookups.Load().Sets, set =>
        {
            Assert.Contains(set.Name, output, StringComparison.Ordinal);
            Assert.Contains($"{set.Rows:N0}", output, StringComparison.Ordinal);
            Assert.Contains($"{set.Date:yyyy-MM-dd}", output, StringComparison.Ordinal);
        });
        Assert.Empty(test.Error);
    }

    [Fact]
    public void Without_a_terminal_licence_and_source_are_there_in_full()
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run("data", "show"));
        string output = test.Output;
        Assert.All(Lookups.Load().Sets, set =>
        {
            Assert.Contains(set.Licence, output, StringComparison.Ordinal);
            Assert.Contains(set.Source, output, StringComparison.Ordinal);
            Assert.Contains(set.Version, output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void As_JSON_each_set_says_everything()
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run("data", "show", "--json"));
        using JsonDocument json = JsonDocument.Parse(test.Output);
        JsonElement[] sets = [.. json.RootElement.GetProperty("sets").EnumerateArray()];
        Assert.Equal(Lookups.Load().Sets.Select(static set => set.Name), sets.Select(static set => set.GetProperty("name").GetString()));
        JsonElement hosted = Assert.Single(sets, static set => set.GetProperty("name").GetString() == "hosted");
        Assert.Equal("@ip-location-db/geo-whois-asn-country-mmdb", hosted.GetProperty("package").GetString());
        Assert.All(sets, static set =>
        {
            Assert.True(set.GetProperty("whole").GetBoolean());
            Assert.True(set.GetProperty("rows").GetInt64() > 0);
            Assert.True(set.GetProperty("bytes").GetInt64() > 0);
            Assert.All((string[])["title", "version", "date", "licence", "source"],
                name => Assert.NotEmpty(set.GetProperty(name).GetString()!));
        });
    }

    [Fact]
    public void Wrong_usage_names_the_whole_command()
    {
        using TestSurface test = new();
        Assert.Equal(2, test.Run("data", "show", "--bogus"));
        Assert.Contains("See 'pitap data show --help'.", test.Error, StringComparison.Ordinal);
    }
}
