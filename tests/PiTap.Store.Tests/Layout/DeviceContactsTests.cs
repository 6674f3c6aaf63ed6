using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Layout;

public sealed class DeviceContactsTests
{
    private readonly DeviceContacts _contacts = new(Samples.Device);

    private void Add(string host, long flows, HostSource source = HostSource.TlsSni) =>
        _contacts.Add(Samples.Contact(host, flows, bytes: flows * 100) with { HostSource = source }, writtenNs: 1);

    private (long Flows, long Bytes) Sum() =>
        (_contacts.Records.Sum(static contact => contact.Flows), _contacts.Records.Sum(static contact => contact.BytesUp));

    [Fact]
    public void A_host_that_calls_itself_what_stands_for_others_is_one_of_them_and_names_nothing()
    {
        _contacts.Add(Samples.Contact(DeviceContacts.OtherHosts, 2) with { HostSource = HostSource.TlsSni, Aliases = ["a.example"] }, 1);
        ContactRecord others = Assert.Single(_contacts.Records);
        Assert.Equal((DeviceContacts.OtherHosts, HostSource.None, 2), (others.Host, others.HostSource, others.Flows));
        Assert.Empty(others.Aliases);
    }

    [Fact]
    public void Flows_add_up_wherever_their_contact_was_moved_before_they_got_a_better_name()
    {
        const string address = "192.0.2.1";
        Add(address, 2, HostSource.None);
        for (int i = 1; i < DeviceContacts.MaxHosts; i++)
            Add($"{i}.example", 1);
        // The address gives way, and both its flows are among the others from then on.
        Add("new.example", 1);
        ContactRecord others = Assert.Single(_contacts.Records, static contact => contact.Host == DeviceContacts.OtherHosts);
        Assert.Equal((2, DeviceContacts.MaxHosts + 1), (others.Flows, _contacts.Count));
        (long flows, long bytes) = Sum();
        // One of them turns out to be with a host that has a row: it is taken from where it is.
        Add(address, -1, HostSource.None);
        Add("new.example", 1);
        Assert.Equal((flows, bytes), Sum());
        // One begins and ends without a row of its own.
        Add("198.51.100.1", 1, HostSource.None);
        Add("198.51.100.1", -1, HostSource.None);
        Assert.Equal((flows, bytes), Sum());
        Assert.Equal(1, _contacts.Records.Single(static contact => contact.Host == DeviceContacts.OtherHosts).Flows);
    }

    [Fact]
    public void A_first_delta_with_many_addresses_becomes_a_sum_with_the_first_of_them()
    {
        ContactAddress[] many = [.. Enumerable.Range(1, 50).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i), i))];
        _contacts.Add(Samples.Contact("a.example", 1) with { Addresses = many }, writtenNs: 1);
        Assert.Equal(many[..ContactAddresses.MaxKept], Assert.Single(_contacts.Records).Addresses);
    }
}
