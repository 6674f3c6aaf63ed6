using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

/// <summary>Which devices are meant. A device chooses its name itself.</summary>
public sealed class RosterTests
{
    private const string Phone = "02:00:00:00:00:01";
    private const string Other = "02:00:00:00:00:02";

    [Theory]
    [InlineData(Phone, "02-00-00-00-00-01")]
    [InlineData(DeviceRecord.OtherDevices, DeviceRecord.OtherDevices)]
    public void An_identifier_means_its_device_and_not_one_that_calls_itself_so(string id, string text) =>
        Assert.Equal([id], new Roster([Device(Other, id), Device(id, null)]).Find(text));

    [Theory]
    [InlineData("(other devices)")]
    [InlineData(" (Other Devices) ")]
    public void What_stands_for_many_devices_is_no_name_of_one(string name)
    {
        Roster roster = new([Device(Phone, name)]);
        Assert.Equal(Phone, roster.Label(Phone));
        Assert.Empty(roster.Find(DeviceRecord.OtherDevices));
    }

    [Fact]
    public void A_name_that_two_devices_have_means_both() =>
        Assert.Equal([Phone, Other], new Roster([Device(Phone, "phone"), Device(Other, "Phone")]).Find("phone"));

    private static DeviceRecord Device(string id, string? name) =>
        new() { Id = id, DhcpName = name, FirstSeenNs = 1, LastSeenNs = 2 };
}
