using System.Globalization;
using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Tests.Live;

/// <summary>Parties of the live state, added up from contacts.</summary>
public sealed class PartyFoldTests
{
    private const string Phone = "02:00:00:00:00:01";
    private const long Second = PacketTime.NanosecondsPerSecond;

    /// <summary>The party of a host is its last two labels, of one without a name "network"; an alias is its party's name.</summary>
    private readonly LiveFold _fold = new(static contact => contact with
    {
        Attribution = new PartyAttribution
        {
            Party = contact.Aliases.Count > 0 ? contact.Aliases[0]
                : contact.HostSource == HostSource.None ? "network"
                : string.Join('.', contact.Host.Split('.')[^2..]),
            PartyReason = "test",
            RoleReason = "test",
            HostedIn = ["US"],
        },
    });

    [Fact]
    public void Contacts_of_one_company_are_one_party_with_their_sum_and_rate()
    {
        Fold(0, Contact("a.example.com", up: 100), Contact("b.example.com", up: 50), Contact("c.example.org", up: 1));
        Fold(Second, Contact("a.example.com", up: 100));
        LiveState state = _fold.ToState(2 * Second);
        LiveParty party = Assert.Single(state.Parties, static party => party.Record.Attribution.Party == "example.com");
        Assert.Equal((250, 3, 2, 2 * Second, Second), (party.Bytes, party.Record.Flows, party.Record.Contacts, party.AgeNs, party.IdleNs));
        Assert.Equal(["a.example.com", "b.example.com"], party.Record.Hosts);
        Assert.True(party.UpPerSecond > 0);
        Assert.Equal(2, state.Totals.Parties);
    }

    [Fact]
    public void A_party_is_there_at_once_when_a_device_meets_it()
    {
        Assert.Equal(FoldOutcome.New, Fold(0, Contact("a.example.com", up: 1)));
        Assert.Single(_fold.ToState(0).Parties);
    }

    [Fact]
    public void A_party_whose_flows_got_a_better_name_is_gone()
    {
        Fold(0, Contact("198.18.2.2", up: 100) with { HostSource = HostSource.None });
        Assert.Equal("network", Assert.Single(_fold.ToState(0).Parties).Record.Attribution.Party);
        Fold(1, Contact("198.18.2.2", up: -100, flows: -1) with { HostSource = HostSource.None }, Contact("a.example.com", up: 140));
        LiveParty party = Assert.Single(_fold.ToState(2).Parties);
        Assert.Equal(("example.com", 140), (party.Record.Attribution.Party, party.Bytes));
    }

    [Fact]
    public void A_contact_of_which_more_becomes_known_moves_with_all_that_it_had()
    {
        Fold(0, Contact("metrics.example.com", up: 100), Contact("www.example.com", up: 7));
        Fold(1, Contact("metrics.example.com", up: 10) with { Aliases = ["tracker"] });
        LiveParty[] parties = Largest(_fold.ToState(2));
        Assert.Equal(["tracker", "example.com"], parties.Select(static party => party.Record.Attribution.Party));
        Assert.Equal([110, 7], parties.Select(static party => party.Bytes));
    }

    [Fact]
    public void What_went_to_contacts_that_gave_way_still_counts_for_the_party()
    {
        const int all = 2 * LiveFold.MaxContacts;
        for (int i = 0; i < all; i++)
            Fold(i, Contact($"{Number(i)}.example.com", up: 1));
        LiveState state = _fold.ToState(all);
        Assert.True(state.Totals.ContactsEvicted > 0);
        LiveParty party = Assert.Single(state.Parties);
        Assert.Equal((all, all, all), (party.Bytes, party.Record.Flows, party.Record.Contacts));
        Assert.Equal(0, party.IdleNs - 1);
    }

    [Fact]
    public void Two_devices_have_parties_of_their_own()
    {
        Fold(0, Contact("a.example.com", up: 1), Contact("a.example.com", up: 2) with { Device = "02:00:00:00:00:02" });
        Assert.Equal(2, _fold.ToState(0).Parties.Count);
    }

    [Fact]
    public void A_device_that_is_forgotten_leaves_no_party()
    {
        Fold(0, Contact("a.example.com", up: 1), Contact("b.example.com", up: 2) with { Device = "02:00:00:00:00:02" });
        _fold.Forget(new DeviceTraces(Phone, []));
        Assert.Equal("02:00:00:00:00:02", Assert.Single(_fold.ToState(0).Parties).Record.Device);
    }

    [Fact]
    public void A_device_that_is_forgotten_leaves_nothing_in_what_is_left_of_contacts_that_gave_way()
    {
        const string tablet = "02:00:00:00:00:02", ofTablet = "192.168.1.7";
        Assert.True(IpAddress.TryParse(ofTablet, out IpAddress address));
        Fold(0, Contact(ofTablet, up: 1) with { HostSource = HostSource.None, Addresses = [new ContactAddress(address, 1)] });
        for (int i = 1; i <= LiveFold.MaxContacts; i++)
            Fold(i, Contact($"198.18.{Number(i >> 8)}.{Number(i & 0xff)}", up: 2) with { HostSource = HostSource.None });
        LiveParty before = Assert.Single(_fold.ToState(9_999).Parties);
        Assert.Contains(ofTablet, before.Record.Hosts);
        _fold.Forget(new DeviceTraces(tablet,
            [new DeviceRecord { Id = tablet, Addresses = [address], FirstSeenNs = 1, LastSeenNs = 1 }]));
        LiveParty after = Assert.Single(_fold.ToState(9_999).Parties);
        Assert.DoesNotContain(ofTablet, after.Record.Hosts);
    }

    [Fact]
    [Trait("cap", "Host.PartyFold.MaxParties")]
    public void A_thousand_parties_are_kept_and_those_that_were_silent_for_longest_give_way()
    {
        for (int i = 0; i < 1_500; i++)
            Fold(i, Contact($"a.{Number(i)}", up: 1));
        LiveState state = _fold.ToState(1_500);
        Assert.InRange(state.Totals.Parties, 500, 1_024);
        Assert.Equal(1_500, state.Totals.Parties + state.Totals.PartiesEvicted);
        Assert.Equal("a.1499", state.NewestParties(1)[0].Record.Hosts[0]);
        // The first one gave way with its contact in place: when that moves, it is a party again.
        Fold(1_501, Contact("a.0", up: 5));
        Assert.Contains(_fold.ToState(1_501).Parties, static party => party.Record.Hosts[0] == "a.0" && party.Bytes == 6);
    }

    [Fact]
    public void The_largest_parties_are_kept_however_many_new_ones_come_after_them()
    {
        for (int i = 0; i < LiveState.MaxParties; i++)
            Fold(0, Contact($"a.large{Number(i)}", up: 1_000 + i));
        for (int i = 1; i <= 4 * PartyFold.MaxParties; i++)
            Fold(i, Contact($"a.made-up{Number(i)}", up: 1));
        LiveState state = _fold.ToState(4 * PartyFold.MaxParties + 1);
        Assert.True(state.Totals.PartiesEvicted > 0);
        Assert.All(Largest(state), static party =>
            Assert.StartsWith("a.large", party.Record.Attribution.Party, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("cap", "Model.LiveState.MaxParties")]
    [Trait("cap", "Model.LiveParty.MaxHosts")]
    public void A_state_shows_twenty_four_of_each_order_and_four_hosts()
    {
        for (int i = 0; i < 200; i++)
            Fold(i, Contact($"a.{Number(i)}", up: 1), Contact($"{Number(i)}.big.example", up: 1000));
        LiveState state = _fold.ToState(200);
        Assert.Equal(24, state.NewestParties(99).Count);
        Assert.Equal(24, state.BusiestParties(99).Count);
        Assert.Equal(24, Largest(state).Length);
        Assert.InRange(state.Parties.Count, 24, 72);
        Assert.Equal(4, Largest(state)[0].Record.Hosts.Count);
    }

    [Fact]
    public void A_partys_sums_and_rates_are_those_of_its_contacts_however_they_changed()
    {
        Random random = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            ContactRecord contact = Contact($"{Number(random.Next(6))}.{Number(random.Next(4))}.example", up: random.Next(-20, 1_000),
                flows: random.Next(-1, 3));
            // Some are found to be somebody else's.
            Fold(i * Second / 20, random.Next(30) == 0 ? contact with { Aliases = [$"tracker {Number(random.Next(3))}"] } : contact);
        }
        const long now = 2_000 * Second / 20;
        LiveState state = _fold.ToState(now);
        var sums = state.Contacts.GroupBy(static contact => contact.Record.Aliases is [string alias, ..] ? alias
            : string.Join('.', contact.Record.Host.Split('.')[^2..])).ToDictionary(static group => group.Key);
        Assert.Equal(sums.Count, state.Parties.Count);
        foreach (LiveParty party in state.Parties)
        {
            LiveContact[] its = [.. sums[party.Record.Attribution.Party]];
            Assert.Equal(its.Aggregate(default(TrafficCounts), static (sum, one) => sum + one.Record.Counts()), party.Record.Counts());
            long rate = its.Sum(static one => one.UpPerSecond);
            Assert.InRange(party.UpPerSecond, rate - 500, rate + its.Length);
            Assert.Equal(its.Length, party.Record.Contacts);
            // Those that turned out to be others' had been met, too.
            Assert.InRange(party.IdleNs, 0, its.Min(static one => one.IdleNs));
            Assert.InRange(party.AgeNs, its.Max(static one => one.AgeNs), now);
            Assert.Equal(its.OrderByDescending(static one => one.Bytes).ThenBy(static one => one.Record.Host, StringComparer.Ordinal)
                .Take(LiveParty.MaxHosts).Select(static one => one.Record.Host), party.Record.Hosts);
        }
    }

    [Fact]
    public void A_state_copies_none_of_the_contacts_that_it_does_not_show()
    {
        for (int i = 0; i < LiveFold.MaxContacts; i++)
            Fold(i, Contact($"{Number(i)}.example.com", up: i));
        _ = _fold.ToState(LiveFold.MaxContacts);
        Fold(LiveFold.MaxContacts, Contact("0.example.com", up: 1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        LiveState state = _fold.ToState(LiveFold.MaxContacts);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(LiveFold.MaxContacts, Assert.Single(state.Parties).Record.Contacts);
        // A copy of a contact has some two hundred bytes.
        Assert.InRange(allocated, 0, LiveFold.MaxContacts * 40);
    }

    private static LiveParty[] Largest(LiveState state) =>
        [.. state.Parties.OrderByDescending(static party => party.Bytes).Take(LiveState.MaxParties)];

    private FoldOutcome Fold(long nowNs, params ContactRecord[] contacts) =>
        _fold.Fold(new RecordBatch { Contacts = contacts }, nowNs);

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static ContactRecord Contact(string host, long up, long flows = 1) => new()
    {
        Device = Phone,
        Host = host,
        HostSource = HostSource.TlsSni,
        Flows = flows,
        FlowsOpaque = flows,
        BytesUp = up,
        FirstSeenNs = 1,
        LastSeenNs = 2,
    };
}
