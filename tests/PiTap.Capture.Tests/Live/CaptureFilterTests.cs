using System.Net;
using PiTap.Capture.Live;

namespace PiTap.Capture.Tests.Live;

public sealed class CaptureFilterTests
{
    private static readonly IPAddress[] s_own = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")];

    [Theory]
    [InlineData("tcp prot 80")]
    [InlineData("tcp) or (udp")]
    [InlineData("port 99999")]
    public void A_wrong_expression_is_refused_in_libpcaps_words(string expression)
    {
        CaptureException error =
            Assert.Throws<CaptureException>(() => new LiveCaptureOptions { Interface = "lo", Filter = expression }.Validate());
        string? message = CaptureFilter.Check(expression);
        Assert.NotNull(message);
        Assert.NotEmpty(message);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(expression, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Management_traffic_is_left_out_of_whatever_the_user_asks_for()
    {
        Assert.Equal("", CaptureFilter.Combine(null, s_own, []));
        Assert.Equal("udp", CaptureFilter.Combine("udp", [], [22]));
        string all = CaptureFilter.Combine("tcp or vlan 5", s_own, [22, 8080]);
        Assert.Equal(
            "not (((src host 192.0.2.1 or src host 2001:db8::1) and (tcp src port 22 or tcp src port 8080)) or "
            + "((dst host 192.0.2.1 or dst host 2001:db8::1) and (tcp dst port 22 or tcp dst port 8080))) and (tcp or vlan 5)",
            all);
        Assert.Null(CaptureFilter.Check(all));
    }

    [Fact]
    public void The_most_addresses_and_ports_still_make_a_filter_that_the_kernel_takes()
    {
        IPAddress[] own = [.. Enumerable.Range(1, CaptureFilter.MaxOwnAddresses).Select(i => IPAddress.Parse($"2001:db8:1:2:3:4:5:{i:x}"))];
        string all = CaptureFilter.Combine("udp or tcp", own, [.. Enumerable.Range(1, 16).Select(i => 100 * i)]);
        Assert.Null(CaptureFilter.Check(all));
    }

    [Fact]
    public void The_loopback_interface_has_its_address() =>
        Assert.Contains(IPAddress.Loopback, CaptureFilter.AddressesOf("lo"));

    [Theory]
    [InlineData(0, 1 << 23, 1 << 23, 22, "snap length")]
    [InlineData(65_535, 1, 1 << 23, 22, "kernel buffer")]
    [InlineData(65_535, 1 << 23, 1, 22, "ring")]
    [InlineData(65_535, 1 << 23, (1 << 23) + 8, 22, "power of two")]
    [InlineData(65_535, 1 << 23, 1 << 23, 0, "TCP port")]
    public void Options_that_cannot_be_are_named(int snapLength, int kernelBuffer, int ring, int port, string what)
    {
        var options = new LiveCaptureOptions
        {
            Interface = "lo",
            SnapLengthBytes = snapLength,
            KernelBufferBytes = kernelBuffer,
            RingBytes = ring,
            ManagementPorts = [port],
        };
        Assert.Contains(what, Assert.Throws<CaptureException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("cap", "Capture.LossTally.MaxPlausibleStep")]
    public void Loss_counters_survive_wrapping_and_a_new_handle()
    {
        var tally = new LossTally();
        tally.Update(new Libpcap.Statistics { DroppedByKernel = uint.MaxValue - 1, DroppedByInterface = 7 });
        // The first difference is larger than half the range: no loss, but what an interface that is gone reports.
        Assert.Equal((0L, 7L), (tally.DroppedByKernel, tally.DroppedByInterface));
        tally.Update(new Libpcap.Statistics { DroppedByKernel = 3, DroppedByInterface = 9 });
        Assert.Equal((5L, 9L), (tally.DroppedByKernel, tally.DroppedByInterface));
        tally.BeginDevice();
        tally.Update(new Libpcap.Statistics { DroppedByKernel = 4, DroppedByInterface = 0 });
        Assert.Equal((9L, 9L), (tally.DroppedByKernel, tally.DroppedByInterface));
    }
}
