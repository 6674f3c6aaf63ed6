using System.Text.Json;

namespace PiTap.Host.Tests.Commands;

/// <summary>What the verbs that print records can be asked for, on the capture that the project comes with.</summary>
public sealed class QueryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public QueryTests()
    {
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", Db, SampleCapture.Demo));
    }

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("demo-phone")]
    [InlineData("DEMO-Phone")]
    [InlineData("demo")]
    [InlineData("10.42.0.23")]
    [InlineData("10.42.0.0/24")]
    [InlineData("fe80::ff:fe00:4207")]
    [InlineData("02:00:00:00:42:07")]
    [InlineData("02-00-00-00-42-07")]
    [InlineData("02:00:00:00:42:07 ")]
    public void A_device_is_asked_for_by_what_tables_show_of_it(string device)
    {
        string[] flows = Ask("flows", "--device", device);
        Assert.NotEmpty(flows);
        Assert.All(flows, static line => Assert.Equal("02:00:00:00:42:07", Field(line, "device").GetString()));
        Assert.NotEmpty(Ask("contacts", "--device", device));
        Assert.NotEmpty(Ask("names", "--device", device));
        Assert.Single(Ask("devices", "--device", device));
    }

    [Fact]
    public void A_prefix_means_all_devices_that_begin_so() => Assert.Equal(2, Ask("devices", "--device", "02:00:00:00:42").Length);

    [Theory]
    [InlineData("collect.metrics.example.net", 2)]
    [InlineData("example.net", 2)]
    [InlineData("metrics", 2)]
    [InlineData("\u2026ics.example.net", 2)]
    [InlineData("198.51.100.1", 0)]
    public void A_host_is_asked_for_by_a_name_or_a_part_of_it(string host, int flows) =>
        Assert.Equal(flows, Ask("flows", "--host", host).Length);

    [Fact]
    public void A_host_is_asked_for_by_its_address_whether_or_not_it_has_a_name()
    {
        string tracker = Field(Ask("flows", "--host", "metrics")[0], "server").GetString()!;
        Assert.All(Ask("flows", "--host", tracker), static line =>
            Assert.Equal("collect.metrics.example.net", Field(line, "host").GetString()));
        Assert.NotEmpty(Ask("flows", "--host", "10.42.0.1"));
        Assert.Contains(Ask("contacts", "--host", tracker), static line => line.Contains("metrics", StringComparison.Ordinal));
        Assert.NotEmpty(Ask("contacts", "--host", "10.42.0.1"));
        Assert.NotEmpty(Ask("names", "--host", tracker));
    }

    [Theory]
    [InlineData("No device matches 'demo-fone'; there are demo-phone,", "flows", "--device", "demo-fone")]
    [InlineData("No device matches '10.42.0.99'", "contacts", "--device", "10.42.0.99")]
    [InlineData("No device matches '02:00:00:00:00:99'", "names", "--device", "02:00:00:00:00:99")]
    [InlineData("No host matches 'metricz'; the nearest is collect.metrics.example.net.", "contacts", "--host", "metricz")]
    [InlineData("No host matches 'metrics.example'; the nearest is collect.metrics.example.net.", "flows", "--host", "metrics.example")]
    [InlineData("the store holds 2026-11-23 14:13:42 UTC to 2026-11-23 14:13:49 UTC", "flows", "--since", "2030-01-01")]
    [InlineData("No flow matches all that was asked for.", "flows", "--verdict", "encrypted", "--host", "metrics")]
    [InlineData("No contact matches all that was asked for.", "contacts", "--protocol", "sip")]
    public void Where_nothing_matches_standard_error_says_so_and_what_would(string sentence, params string[] arguments)
    {
        foreach (string format in (string[])["table", "jsonl", "csv"])
        {
            using TestSurface test = new();
            Assert.Equal(0, test.Run([.. arguments, "--format", format, "--db", Db]));
            Assert.Contains(sentence, test.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_device_has_the_same_name_in_every_table()
    {
        foreach (string verb in (string[])["flows", "parties", "contacts", "names", "devices"])
            Assert.Contains("demo-phone", Table(verb), StringComparison.Ordinal);
        using TestSurface replay = new();
        replay.Run("replay", "--no-store", SampleCapture.Demo);
        Assert.Contains("demo-phone  example.com", replay.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_local_network_is_one_line_of_a_table_unless_it_is_asked_for()
    {
        string table = Table("contacts");
        Assert.DoesNotContain("ff02::", table, StringComparison.Ordinal);
        Assert.DoesNotContain("10.42.0.1 ", table, StringComparison.Ordinal);
        Assert.Matches("\nLocal network: 12 contacts, 22 flows of 2 devices, .* --all shows them\\.\n", table);
        Assert.Contains("ff02::", Table("contacts", "--all"), StringComparison.Ordinal);
        Assert.Contains("10.42.0.1 ", Table("contacts", "--host", "10.42.0.1"), StringComparison.Ordinal);
        Assert.Equal(18, Ask("contacts").Length);
        Assert.Contains("Local network: ", Table("flows"), StringComparison.Ordinal);
        Assert.DoesNotContain("mdns", Table("flows").Split("Local network")[0], StringComparison.Ordinal);
        Assert.Equal(32, Ask("flows").Length);
    }

    [Fact]
    public void Tables_say_why_a_flow_was_judged_so_and_what_the_verdicts_mean()
    {
        Assert.Matches("http +readable +3 HTTP requests in the clear", Table("flows", "--host", "metrics"));
        Assert.Contains("Readable: anyone on the way could read it.", Table("contacts"), StringComparison.Ordinal);
        Assert.Contains($"'pitap flows --db {Db}'", Table("contacts"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_or_a_protocol_may_be_asked_for()
    {
        string[] readable = Ask("flows", "--verdict", "readable");
        Assert.NotEmpty(readable);
        Assert.All(readable, static line => Assert.Equal("readable", Field(line, "verdict").GetString()));
        Assert.All(Ask("contacts", "--verdict", "encrypted"), static line => Assert.True(Field(line, "flowsEncrypted").GetInt64() > 0));
        Assert.All(Ask("flows", "--protocol", "tls"), static line => Assert.Equal("tls", Field(line, "appProto").GetString()));
        int apart = Ask("flows", "--protocol", "tls").Length + Ask("flows", "--protocol", "http").Length;
        Assert.Equal(apart, Ask("flows", "--protocol", "TLS,http").Length);
        Assert.All(Ask("flows", "--protocol", "tcp"), static line => Assert.Equal("tcp", Field(line, "proto").GetString()));
        Assert.NotEmpty(Ask("names", "--protocol", "mdns"));
        Assert.NotEmpty(Ask("names", "--protocol", "udp"));
    }

    [Theory]
    [InlineData("contacts", "tcp")]
    [InlineData("parties", "tls,udp")]
    public void What_is_rolled_up_over_flows_is_not_asked_for_by_a_transport(string verb, string protocols)
    {
        using TestSurface test = new();
        Assert.Equal(2, test.Run(verb, "--protocol", protocols, "--db", Db));
        Assert.Contains("is none of tls, quic,", test.Error, StringComparison.Ordinal);
        using TestSurface help = new();
        Assert.Equal(0, help.Run(verb, "--help"));
        Assert.DoesNotContain("tcp", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_sorted_and_limited_as_asked()
    {
        long[] bytes = [.. Ask("flows", "--sort", "bytes")
            .Select(static line => Field(line, "bytesUp").GetInt64() + Field(line, "bytesDown").GetInt64())];
        Assert.Equal(bytes.OrderDescending(), bytes);
        string[] hosts = [.. Ask("contacts", "--sort", "host").Select(static line => Field(line, "host").GetString()!)];
        Assert.Equal(hosts.Order(StringComparer.Ordinal), hosts);
        Assert.Equal(3, Ask("flows", "--limit", "3").Length);
        Assert.Equal(Ask("flows", "--sort", "bytes")[..2], Ask("flows", "--sort", "bytes", "--limit", "2"));
        string limited = Table("contacts", "--limit", "1");
        Assert.Contains("img.talk.example.com", limited, StringComparison.Ordinal);
        Assert.DoesNotContain("api.talk.example.com", limited, StringComparison.Ordinal);
        Assert.Contains("Local network: 12 contacts", limited, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_of_the_day_is_one_of_the_last_day_in_the_store()
    {
        int all = Ask("flows").Length;
        int later = Ask("flows", "--since", "14:13:45").Length;
        Assert.InRange(later, 1, all - 1);
        Assert.Equal(later, Ask("flows", "--since", "2026-11-23T15:13:45+01:00").Length);
        Assert.Equal(all, Ask("flows", "--until", "9999-12-31").Length);
        Assert.Equal(all, Ask("flows", "--since", "0001-01-01").Length);
        TimeZoneInfo east = TimeZoneInfo.CreateCustomTimeZone("East", TimeSpan.FromHours(2), "East", "East");
        using TestSurface test = new(clock: new ZoneClock(east));
        Assert.Equal(0, test.Run("flows", "--since", "16:13:45", "--all", "--db", Db));
        Assert.StartsWith("Start (+02:00)", test.Output, StringComparison.Ordinal);
        Assert.Contains("2026-11-23 16:13:4", test.Output, StringComparison.Ordinal);
        Assert.Equal(later + 1, test.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private string[] Ask(params string[] arguments)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run([.. arguments, "--format", "jsonl", "--db", Db]));
        return test.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Table(params string[] arguments)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run([.. arguments, "--db", Db]));
        return test.Output;
    }

    private static JsonElement Field(string line, string name)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty(name).Clone();
    }
}
