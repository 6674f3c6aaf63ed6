namespace PiTap.Model.Tests;

public sealed class DeviceRecordTests
{
    [Theory]
    [InlineData("(other devices)")]
    [InlineData(" (Other Devices) ")]
    [InlineData("(other\u00a0devices)")]
    [InlineData("(other  devices)")]
    [InlineData("\uff08other devices\uff09")]
    [InlineData("other devices")]
    public void No_device_may_call_itself_what_stands_for_many(string name) => Assert.Equal("id", Named(name).DisplayName);

    [Theory]
    [InlineData("other devices 2")]
    [InlineData("Annas iPhone")]
    [InlineData("()")]
    public void Any_other_name_is_its_own(string name) => Assert.Equal(name, Named(name).DisplayName);

    private static DeviceRecord Named(string name) => new() { Id = "id", DhcpName = name, FirstSeenNs = 1, LastSeenNs = 1 };
}
