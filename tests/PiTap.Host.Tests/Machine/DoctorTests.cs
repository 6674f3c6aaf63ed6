using System.Text.Json;
using PiTap.Host.Commands;
using PiTap.Host.Machine;

namespace PiTap.Host.Tests.Machine;

public sealed class DoctorTests
{
    private static readonly MachineFacts s_pi = new()
    {
        Runtime = ".NET 10.0.0 on Debian, Arm64",
        LibpcapVersion = "libpcap version 1.10.3",
        HasNetRaw = true,
        Interfaces = [new InterfaceFact("lo", "unknown"), new InterfaceFact("wlan0", "up")],
        StorePath = "/var/lib/pitap/pitap.db",
        FreeBytes = 1L << 34,
        Now = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero),
        GpioNodes = ["/dev/gpiochip0"],
        I2cNodes = ["/dev/i2c-1"],
        SpiNodes = ["/dev/spidev0.0"],
    };

    [Fact]
    public void A_whole_machine_can_do_everything()
    {
        using TestSurface test = new();
        DoctorCommand.WriteText(test.Surface, DoctorReport.Judge(s_pi));
        Assert.Equal(
            """
            ok        Runs on .NET 10.0.0 on Debian, Arm64.
            ok        The store /var/lib/pitap/pitap.db can be written.
            ok        16.0 GiB are free for the store.
            ok        The clock says 2026-05-01 12:00 UTC, which is plausible.
            ok        libpcap version 1.10.3 is there.
            ok        This user may capture packets (CAP_NET_RAW).
            ok        Interfaces: lo (unknown), wlan0 (up).
            ok        GPIO for LEDs and buttons: /dev/gpiochip0.
            ok        I2C for a small display: /dev/i2c-1.
            ok        SPI for a display: /dev/spidev0.0.

            This machine can read capture files and capture live.

            """, test.Output);
    }

    [Fact]
    public void What_is_missing_for_live_capture_is_said_with_what_to_do()
    {
        DoctorReport report = DoctorReport.Judge(s_pi with { LibpcapVersion = null, HasNetRaw = false, Interfaces = [] });
        Assert.True(report.CanReplay);
        Assert.False(report.CanCapture);
        Check[] missing = [.. report.Checks.Where(static check => check.State == CheckState.Missing)];
        Assert.Equal(["libpcap", "cap-net-raw", "interfaces"], missing.Select(static check => check.Name));
        Assert.All(missing, static check => Assert.NotNull(check.Advice));
    }

    [Fact]
    public void Without_a_panel_everything_else_works()
    {
        DoctorReport report = DoctorReport.Judge(s_pi with { GpioNodes = [], I2cNodes = [], SpiNodes = [] });
        Assert.True(report.CanCapture);
        Assert.Equal(3, report.Checks.Count(static check => check.StateText == "optional"));
    }

    [Fact]
    public void A_store_that_cannot_be_written_stops_everything()
    {
        DoctorReport report = DoctorReport.Judge(s_pi with { StoreProblem = "the folder / is read-only for this user" });
        Assert.False(report.CanReplay);
        Assert.False(report.CanCapture);
        Assert.Contains("cannot be written: the folder / is read-only", report.Checks.Single(static check => check.Name == "store").Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_stops_everything() => Assert.False(DoctorReport.Judge(s_pi with { FreeBytes = 1024 }).CanReplay);

    [Theory]
    [InlineData(1970, "missing")]
    [InlineData(2026, "ok")]
    [InlineData(2200, "missing")]
    public void A_clock_that_was_never_set_is_noticed(int year, string state)
    {
        DoctorReport report = DoctorReport.Judge(s_pi with { Now = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal(state, report.Checks.Single(static check => check.Name == "clock").StateText);
        Assert.True(report.CanCapture);
    }

    [Theory]
    [InlineData("CapEff:\t0000000000002000", true)]
    [InlineData("CapEff:\t000001ffffffffff", true)]
    [InlineData("CapEff:\t0000000000001000", false)]
    [InlineData("CapPrm:\t000001ffffffffff", false)]
    [InlineData("CapEff:\tx", false)]
    public void The_capability_is_read_from_the_kernel_s_text(string line, bool hasIt) =>
        Assert.Equal(hasIt, MachineProbe.HasNetRaw(["Name:\tpitap", line]));

    [Fact]
    public void This_very_machine_is_looked_at_without_a_trace()
    {
        using TestFolder folder = new();
        using TestSurface test = new();
        Assert.Equal(0, test.Run("doctor", "--db", folder.File("new/pitap.db")));
        Assert.Contains("can be written", test.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_store_path_that_is_a_folder_ends_with_1()
    {
        using TestFolder folder = new();
        using TestSurface test = new();
        Assert.Equal(1, test.Run("doctor", "--db", folder.Path));
    }

    [Fact]
    public void The_report_as_JSON_names_each_check()
    {
        using TestSurface test = new();
        DoctorCommand.WriteJson(test.Surface, DoctorReport.Judge(s_pi with { I2cNodes = [] }));
        using JsonDocument document = JsonDocument.Parse(test.Output);
        Assert.True(document.RootElement.GetProperty("canReplay").GetBoolean());
        JsonElement[] checks = [.. document.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.Equal(
            ["runtime", "store", "space", "clock", "libpcap", "cap-net-raw", "interfaces", "gpio", "i2c", "spi"],
            checks.Select(static check => check.GetProperty("name").GetString()));
        Assert.Equal("optional", checks[8].GetProperty("state").GetString());
    }
}
