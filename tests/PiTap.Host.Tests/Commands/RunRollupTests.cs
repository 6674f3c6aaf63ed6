using PiTap.Host.Commands;
using PiTap.Model;

namespace PiTap.Host.Tests.Commands;

/// <summary>Contacts of one run, added up from its flows.</summary>
public sealed class RunRollupTests
{
    [Fact]
    public void Who_contacted_the_device_is_a_contact_under_its_address_and_what_it_sent_came_down()
    {
        FlowRecord flow = SampleRecords.Flow with { DeviceSide = DeviceSide.Server, BytesDown = 5 };
        ContactRecord contact = Assert.Single(RunRollup.Contacts([flow]));
        Assert.Equal((flow.Client.ToString(), HostSource.None), (contact.Host, contact.HostSource));
        Assert.Equal((5, 3, 2, 1), (contact.BytesUp, contact.BytesDown, contact.PacketsUp, contact.PacketsDown));
        Assert.Equal(flow.Client, Assert.Single(contact.Addresses).Address);
        Assert.Empty(contact.Aliases);
    }

    [Fact]
    public void Whom_the_device_contacted_is_a_contact_under_its_name()
    {
        FlowRecord flow = SampleRecords.Flow with { DeviceSide = DeviceSide.Client, BytesDown = 5 };
        ContactRecord contact = Assert.Single(RunRollup.Contacts([flow]));
        Assert.Equal((flow.Host, flow.HostSource, 3, 5), (contact.Host, contact.HostSource, contact.BytesUp, contact.BytesDown));
    }
}
