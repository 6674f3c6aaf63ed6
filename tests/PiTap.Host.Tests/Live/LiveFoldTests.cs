using System.Globalization;
using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Tests.Live;

public sealed class LiveFoldTests
{
    private const string Phone = "02:00:00:00:00:01";
    private const long Second = PacketTime.NanosecondsPerSecond;

    private readonly LiveFold _fold = new();

    [Fact]
    public void What_comes_on_top_is_added_and_the_first_mention_is_new()
    {
        Assert.Equal(FoldOutcome.New, Fold(0, Contact("a.example", flows: 1, up: 100)));
        Assert.Equal(FoldOutcome.Changed, Fold(Second, Contact("a.example", flows: 1, up: 50, encrypted: 2)));
        Assert.Equal(FoldOutcome.Same, _fold.Fold(new RecordBatch(), Second));
        LiveContact contact = Assert.Single(_fold.ToState(3 * Second).Contacts);
        Assert.Equal((2, 2, 150, 3 * Second, 2 * Second),
            (contact.Record.Flows, contact.Record.FlowsEncrypted, contact.Record.BytesUp, contact.AgeNs, contact.IdleNs));
    }

    [Fact]
    public void A_contact_whose_flows_got_a_better_name_is_gone()
    {
        Fold(0, Contact("198.18.2.2", flows: 1, up: 100));
        Assert.Equal(FoldOutcome.New, Fold(1, Contact("198.18.2.2", flows: -1, up: -100), Contact("a.example", flows: 1, up: 140)));
        LiveContact contact = Assert.Single(_fold.ToState(2).Contacts);
        Assert.Equal(("a.example", 140), (contact.Record.Host, contact.Record.BytesUp));
    }

    [Fact]
    public void Taking_back_from_a_contact_that_is_not_there_makes_none()
    {
        Assert.Equal(FoldOutcome.Changed, Fold(0, Contact("gone.example", flows: -1, up: -100)));
        Assert.Empty(_fold.ToState(1).Contacts);
    }

    [Fact]
    public void A_rate_is_that_of_the_latest_seconds_and_ends_with_the_traffic()
    {
        for (int quarter = 0; quarter < 40; quarter++)
            Fold(quarter * Second / 4, Contact("a.example", flows: 1, up: 250));
        Assert.InRange(Assert.Single(_fold.ToState(10 * Second).Contacts).UpPerSecond, 900, 1_100);
        Assert.Equal(0, Assert.Single(_fold.ToState(15 * Second).Contacts).UpPerSecond);
    }

    [Fact]
    public void Beyond_the_cap_the_longest_silent_contacts_give_way_and_are_counted()
    {
        const int all = 2 * LiveFold.MaxContacts;
        for (int i = 0; i < all; i++)
            Fold(i, Contact(Name(i), flows: 1, up: 1));
        LiveTotals totals = _fold.ToState(all).Totals;
        Assert.InRange(totals.Contacts, LiveFold.MaxContacts / 2, LiveFold.MaxContacts);
        Assert.Equal(all, totals.Contacts + totals.ContactsEvicted);
        Assert.Equal(Name(all - 1), _fold.ToState(all).Newest(1)[0].Record.Host);
        // The first one had given way: what comes now counts from here.
        Fold(all, Contact(Name(0), flows: 0, up: 7));
        LiveContact again = _fold.ToState(all).Newest(1)[0];
        Assert.Equal((Name(0), 0, 7), (again.Record.Host, again.Record.Flows, again.Record.BytesUp));
    }

    [Fact]
    public void Long_names_give_way_sooner()
    {
        for (int i = 0; i < LiveFold.MaxContacts; i++)
            Fold(i, Contact(new string('x', 245) + Name(i)[..8], flows: 1, up: 1));
        int kept = _fold.ToState(0).Totals.Contacts;
        Assert.InRange(kept * 253, 1, LiveFold.MaxHostCharacters);
    }

    [Fact]
    public void Devices_are_capped_and_counted_too()
    {
        const int all = 2 * LiveFold.MaxDevices;
        for (int i = 0; i < all; i++)
            _fold.Fold(new RecordBatch { Devices = [new DeviceRecord { Id = Name(i), FirstSeenNs = i, LastSeenNs = i }] }, i);
        LiveState state = _fold.ToState(all);
        Assert.Equal(LiveState.MaxDevices, state.Devices.Count);
        Assert.InRange(state.Totals.Devices, LiveFold.MaxDevices / 2, LiveFold.MaxDevices);
        Assert.Equal(all, state.Totals.Devices + state.Totals.DevicesEvicted);
    }

    [Fact]
    public void The_newest_the_busiest_and_the_largest_are_shown_however_many_there_are()
    {
        Fold(0, Contact("large.example", flows: 1, up: 1_000_000));
        for (int i = 0; i < 1_000; i++)
            Fold(20 * Second + i, Contact(Name(i), flows: 1, up: 10));
        Fold(40 * Second, Contact(Name(5), flows: 0, up: 900));
        for (int i = 0; i < 100; i++)
            Fold(41 * Second + i, Contact("new" + Name(i), flows: 1, up: 1));
        LiveState state = _fold.ToState(42 * Second);
        Assert.Equal("large.example", state.Largest(5)[0].Record.Host);
        Assert.Equal(Name(5), state.Busiest(5)[0].Record.Host);
        Assert.Equal("new" + Name(99), state.Newest(5)[0].Record.Host);
        Assert.InRange(state.Contacts.Count, LiveState.MaxNewest, LiveState.MaxNewest + LiveState.MaxBusiest + LiveState.MaxLargest);
        Assert.Equal(1_101, state.Totals.Contacts);
    }

    [Fact]
    public void The_largest_contact_stays_however_silent_it_is_and_however_many_come()
    {
        Fold(0, Contact("large.example", flows: 1, up: 1_000_000));
        for (int i = 0; i < 3 * LiveFold.MaxContacts; i++)
            Fold(Second + i, Contact(Name(i), flows: 1, up: 1));
        LiveState state = _fold.ToState(2 * Second);
        Assert.Equal("large.example", Assert.Single(state.Largest(1)).Record.Host);
        Assert.True(state.Totals.Contacts <= LiveFold.MaxContacts);
    }

    [Fact]
    public void A_device_has_a_name_traffic_and_a_rate()
    {
        _fold.Fold(
            new RecordBatch
            {
                Devices = [new DeviceRecord { Id = Phone, DhcpName = "phone", FirstSeenNs = 1, LastSeenNs = 2 }],
                Contacts = [Contact("a.example", flows: 1, up: 1)],
                Minutes = [new MinuteRecord(0, Phone, 1, 1, 4_000, 2_000), new MinuteRecord(0, "", 1, 0, 1_000, 0)],
            },
            Second);
        LiveState state = _fold.ToState(Second);
        LiveDevice device = Assert.Single(state.Devices);
        Assert.Equal(("phone", 4_000, 2_000, 2_000, 1_000),
            (device.Record.DisplayName, device.BytesUp, device.BytesDown, device.UpPerSecond, device.DownPerSecond));
        Assert.Equal((2_500, 1_000), (state.Totals.UpPerSecond, state.Totals.DownPerSecond));
        Assert.Equal("phone", Assert.Single(state.Contacts).DeviceName);
    }

    [Fact]
    public void Nothing_of_a_forgotten_device_is_shown()
    {
        _fold.Fold(new RecordBatch { Devices = [new DeviceRecord { Id = Phone, FirstSeenNs = 1, LastSeenNs = 2 }] }, 0);
        Fold(0, Contact("a.example", flows: 1, up: 1), Contact("a.example", flows: 1, up: 1) with { Device = "02:00:00:00:00:02" });
        _fold.Forget(new DeviceTraces(Phone, []));
        LiveState state = _fold.ToState(1);
        Assert.Empty(state.Devices);
        Assert.Equal("02:00:00:00:00:02", Assert.Single(state.Contacts).Record.Device);
    }

    [Fact]
    public void In_the_rows_of_other_devices_nothing_of_it_is_shown_either()
    {
        const string other = "02:00:00:00:00:02";
        IpAddress its = IpAddress.FromV4(0x0a000007), server = IpAddress.FromV4(0xc0000201);
        DeviceRecord phone = new() { Id = Phone, DhcpName = "phone", Addresses = [its], FirstSeenNs = 1, LastSeenNs = 2 };
        Fold(0,
            Contact("a.example", 1, 1) with { Device = other, Addresses = [new ContactAddress(its, 5), new ContactAddress(server, 6)] },
            Contact("10.0.0.7", 1, 1) with { Device = other },
            Contact("phone.lan", 1, 1) with { Device = other });
        ContactRecord shared = _fold.ToState(1).Contacts.Single(static contact => contact.Record.Host == "a.example").Record;
        Assert.Equal([its, server], shared.Addresses.Select(static entry => entry.Address));
        _fold.Forget(new DeviceTraces(Phone, [phone]));
        ContactRecord left = Assert.Single(_fold.ToState(1).Contacts).Record;
        Assert.Equal(("a.example", server), (left.Host, Assert.Single(left.Addresses).Address));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_contact_that_is_known_by_a_better_source_stays_the_same_row(bool isGainFirst)
    {
        Fold(0, Contact("a.example", flows: 1, up: 100) with { HostSource = HostSource.Dns });
        ContactRecord gain = Contact("a.example", flows: 1, up: 140);
        ContactRecord loss = Contact("a.example", flows: -1, up: -100) with { HostSource = HostSource.Dns };
        Assert.Equal(FoldOutcome.Changed, Fold(5 * Second, isGainFirst ? [gain, loss] : [loss, gain]));
        LiveContact contact = Assert.Single(_fold.ToState(6 * Second).Contacts);
        ContactRecord record = contact.Record;
        Assert.Equal((1, 140, HostSource.TlsSni, 6 * Second), (record.Flows, record.BytesUp, record.HostSource, contact.AgeNs));
    }

    private FoldOutcome Fold(long nowNs, params ContactRecord[] contacts) => _fold.Fold(new RecordBatch { Contacts = contacts }, nowNs);

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"{i:D6}.example");

    private static ContactRecord Contact(string host, long flows, long up, long encrypted = 0) => new()
    {
        Device = Phone,
        Host = host,
        HostSource = HostSource.TlsSni,
        Flows = flows,
        FlowsEncrypted = encrypted,
        BytesUp = up,
    };
}
