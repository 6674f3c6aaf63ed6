namespace PiTap.Model.Tests;

/// <summary>How much a record holds, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class CapTests
{
    private static ContactAddress[] Addresses(int count) =>
        [.. Enumerable.Range(1, count).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i), i))];

    private static ContactRecord Contact(params ContactAddress[] addresses) =>
        new() { Device = "d", Host = "h", HostSource = HostSource.Dns, Addresses = addresses };

    [Fact]
    [Trait("cap", "Model.ContactAddresses.MaxKept")]
    [Trait("cap", "Model.ContactAddresses.MaxInBatch")]
    [Trait("cap", "Model.ContactAddresses.MaxShown")]
    public void A_contact_keeps_sixteen_addresses_a_batch_tells_of_128_and_eight_are_shown()
    {
        Assert.Equal(16, ContactAddresses.Add([], Addresses(200)).Count);
        Assert.Equal(128, ContactAddresses.Join([], Addresses(200)).Count);
        List<ContactAddress> batch = [];
        foreach (ContactAddress entry in Addresses(200))
            ContactAddresses.AddTo(batch, entry.Address, entry.Bytes);
        Assert.Equal(128, batch.Count);
        Assert.Equal(8, Contact(Addresses(16)).TopAddresses().Count);
    }

    [Fact]
    [Trait("cap", "Model.LiveState.MaxNewest")]
    [Trait("cap", "Model.LiveState.MaxBusiest")]
    [Trait("cap", "Model.LiveState.MaxLargest")]
    public void Of_each_kind_of_contacts_a_live_state_has_thirty_two_at_most()
    {
        LiveState state = new() { Contacts = [.. Enumerable.Repeat(new LiveContact { Record = Contact(), DeviceName = "d" }, 100)] };
        Assert.Equal((32, 32, 32), (state.Newest(1_000).Count, state.Busiest(1_000).Count, state.Largest(1_000).Count));
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::ffff:0:255.255.255.255")]
    [Trait("cap", "Model.IpAddress.MaxTextLength")]
    public void The_room_for_an_address_holds_the_longest_and_not_more(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Span<byte> room = stackalloc byte[IpAddress.MaxTextLength];
        Assert.Equal(address.ToString().Length, address.Format(room));
        // INET6_ADDRSTRLEN without the end of a C string (RFC 3493 section 6.3).
        Assert.Equal(46 - 1, room.Length);
    }
}
