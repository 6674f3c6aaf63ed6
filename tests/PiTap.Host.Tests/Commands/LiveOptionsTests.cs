using System.CommandLine;
using PiTap.Capture.Live;
using PiTap.Host.Commands;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Tests.Commands;

public sealed class LiveOptionsTests
{
    [Fact]
    public void What_is_not_said_is_the_rooms_own_default()
    {
        LiveSettings settings = Read("--interface wlan0 --db /x/pitap.db");
        LiveCaptureOptions capture = Assert.Single(settings.Captures);
        LiveCaptureOptions defaults = new() { Interface = "wlan0" };
        Assert.Equal("wlan0", capture.Interface);
        Assert.Null(capture.Filter);
        Assert.Equal(defaults.SnapLengthBytes, capture.SnapLengthBytes);
        Assert.Equal(defaults.KernelBufferBytes, capture.KernelBufferBytes);
        Assert.True(capture.Promiscuous);
        Assert.NotEmpty(capture.ManagementPorts);
        Assert.Equal(defaults.ManagementPorts, capture.ManagementPorts);
        Assert.Null(settings.Duration);
        Assert.Equal(TimeSpan.FromSeconds(15), settings.FlushInterval);
        Assert.Null(settings.Analysis.Clients);
        Assert.NotNull(settings.Analysis.FlowIdleTimeoutNs);
        Assert.Empty(settings.Analysis.IgnoreSuffixes);
        StoreOptions store = settings.Store(static _ => { });
        Assert.Equal(new StoreOptions { Path = "/x/pitap.db" }.RetainDays, store.RetainDays);
        Assert.Equal(new StoreOptions { Path = "/x/pitap.db" }.MaxSizeBytes, store.MaxSizeBytes);
    }

    [Fact]
    public void Every_option_arrives()
    {
        LiveSettings settings = Read(
            "-i wlan0 --interface eth0 --filter udp --snaplen 128 --buffer 64MiB --no-promiscuous --clients 10.0.0.0/8,02:00:00:00:00:01 "
            + "--ignore *.example.org,.Example.net --ignore example.com --management-ports 22,8080 "
            + "--db p.db --duration 90s --flush-interval 60 --flow-timeout 5m "
            + "--retain-days 7 --max-size 1GiB");
        Assert.Equal(["wlan0", "eth0"], settings.Captures.Select(static capture => capture.Interface));
        Assert.All(settings.Captures, static capture =>
        {
            Assert.Equal("udp", capture.Filter);
            Assert.Equal(128, capture.SnapLengthBytes);
            Assert.Equal(64 << 20, capture.KernelBufferBytes);
            Assert.False(capture.Promiscuous);
            Assert.Equal([22, 8080], capture.ManagementPorts);
        });
        Assert.NotNull(settings.Analysis.Clients);
        Assert.Equal(["example.org", "example.net", "example.com"], settings.Analysis.IgnoreSuffixes);
        Assert.Equal(300_000_000_000, settings.Analysis.FlowIdleTimeoutNs);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Duration);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.FlushInterval);
        StoreOptions store = settings.Store(static _ => { });
        Assert.Equal("p.db", store.Path);
        Assert.Equal(7, store.RetainDays);
        Assert.Equal(1L << 30, store.MaxSizeBytes);
    }

    [Fact]
    public void None_means_none()
    {
        LiveSettings settings = Read("-i lo --management-ports none --flow-timeout none");
        Assert.Empty(settings.Captures[0].ManagementPorts);
        Assert.Null(settings.Analysis.FlowIdleTimeoutNs);
    }

    [Theory]
    [Trait("cap", "Host.LiveOptions.MaxFlushSeconds")]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("15s")]
    [InlineData("-1")]
    public void A_flush_interval_out_of_range_is_refused(string value)
    {
        Command command = new("live");
        new LiveOptions().AddTo(command);
        Assert.Equal($"--flush-interval: '{value}' is no whole number from 1 to 3600.",
            command.Parse(["-i", "lo", "--flush-interval", value]).Errors[0].Message);
    }

    [Fact]
    public void Mirrors_send_to_this_machine_s_own_addresses()
    {
        Func<IpAddress, bool> isTarget = Assert.IsType<Func<IpAddress, bool>>(Read("-i lo").Analysis.IsMirrorTarget);
        Assert.True(IpAddress.TryParse("127.0.0.1", out IpAddress own));
        Assert.True(IpAddress.TryParse("10.254.253.252", out IpAddress other));
        Assert.Equal((true, false), (isTarget(own), isTarget(other)));
    }

    private static LiveSettings Read(string arguments)
    {
        LiveOptions options = new();
        Command command = new("live");
        options.AddTo(command);
        ParseResult parsed = command.Parse(arguments.Split(' '));
        Assert.Empty(parsed.Errors);
        return options.Read(parsed, static _ => { });
    }
}
