using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class DnsPlausibilityTests
{
    public static TheoryData<byte[]> Messages() =>
    [
        new DnsBytes(DnsBytes.Query).Question("example.com", 1).ToArray(),
        new DnsBytes(DnsBytes.Query).Question("", 2).ToArray(),
        new DnsBytes(DnsBytes.Query).Question("version.bind", 16, 3).ToArray(),
        new DnsBytes(DnsBytes.Query).Question("tv.local", 1, 0x8001).ToArray(),
        new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name("tv.local"), 1, [10, 0, 0, 1], 0x8001).ToArray(),
        new DnsBytes(0x2800).Question("example.com", 6).ToArray(),
        new DnsBytes(DnsBytes.Query).Additional(DnsBytes.Name(""), 41, [], 1_232).ToArray(),
        // A server that makes nothing of a question may send its header back alone.
        new DnsBytes(0x8181).ToArray(),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Messages_of_any_kind_are_plausible(byte[] message)
    {
        Assert.Equal(ParseStatus.Ok, DnsView.Parse(message, out DnsView dns));
        Assert.True(dns.IsPlausible);
    }

    [Fact]
    public void Random_bytes_hardly_are()
    {
        var random = new Random(1);
        byte[] bytes = new byte[300];
        int plausible = 0;
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            Assert.Equal(ParseStatus.Ok, DnsView.Parse(bytes, out DnsView dns));
            plausible += dns.IsPlausible ? 1 : 0;
        }
        Assert.InRange(plausible, 0, 20);
    }

    [Fact]
    public void An_operation_that_nobody_assigned_is_not() =>
        Assert.False(
            DnsView.Parse(new DnsBytes(0x1800).Question("example.com", 1).ToArray(), out DnsView dns) == ParseStatus.Ok && dns.IsPlausible);
}
