namespace PiTap.Model.Tests;

public sealed class DeviceTracesTests
{
    private const string Guest = "02:00:00:00:00:01";

    private static DeviceTraces Traces(string? name, params string[] addresses) => new(Guest,
        [new DeviceRecord { Id = Guest, DhcpName = name, Addresses = [.. addresses.Select(Address)], FirstSeenNs = 1, LastSeenNs = 2 }]);

    private static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);

    [Theory]
    [InlineData("phone", "phone")]
    [InlineData("phone", "PHONE.local")]
    [InlineData("phone", "phone.fritz.box")]
    [InlineData("phone.lan", "phone.home.arpa.")]
    [InlineData("phone.lan.", "phone")]
    [InlineData("a.phone.lan", "a.phone.lan")]
    [InlineData("küche.local", @"k\195\188che.local")]
    public void A_name_that_only_a_device_of_the_network_can_have_counts(string name, string text) =>
        Assert.True(Traces(name).IsText(text));

    [Theory]
    [InlineData("graph.facebook.com", "graph.facebook.com")]
    [InlineData("graph.facebook.com", "graph.facebook.com.local")]
    [InlineData("graph.facebook.com.lan", "graph.facebook.com")]
    [InlineData("8.8.8.8", "8.8.8.8")]
    [InlineData("2001:db8::8", "2001:db8::8")]
    [InlineData("02:00:00:00:00:02", "02:00:00:00:00:02")]
    [InlineData("(other hosts)", "(other hosts)")]
    [InlineData(".local", ".local")]
    [InlineData(".", "")]
    public void A_name_that_may_be_anothers_does_not(string name, string text) => Assert.False(Traces(name).IsText(text));

    [Theory]
    [InlineData("192.168.1.7", true)]
    [InlineData("fe80::7", true)]
    [InlineData("fd00::7", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("2001:db8::8", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.251", false)]
    public void Of_the_addresses_it_sent_from_those_count_that_no_server_of_the_internet_has(string address, bool isIts)
    {
        DeviceTraces traces = Traces(null, address);
        Assert.Equal((isIts, isIts), (traces.IsAddress(Address(address)), traces.IsText(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("192.168.1.7")]
    public void An_address_that_is_no_devices_identifier_means_no_record_of_others(string address)
    {
        DeviceTraces traces = new(address, []);
        Assert.False(traces.IsAddress(Address(address)) || traces.IsText(address));
        Assert.True(traces.IsDevice(address));
    }
}
