using System.Globalization;
using System.Runtime.CompilerServices;
using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Model;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>Contacts rolled up into parties.</summary>
public sealed class PartyRollupTests
{
    [Fact]
    public void Hosts_of_one_company_in_one_role_are_one_party_with_all_countries_services_and_sums()
    {
        PartyRecord party = Assert.Single(PartyRollup.Of(
        [
            Contact("a.agora.io", 10, Who("Agora", Confidence.Likely, ["US"], "rtc", "Edge")),
            Contact("b.agora.io", 20, Who("Agora", Confidence.Certain, ["CN"], "analytics", "Statistics")),
        ]));
        Assert.Equal(("Agora", Confidence.Certain), (party.Attribution.Party, party.Attribution.PartyConfidence));
        Assert.Equal(["CN", "US"], party.Attribution.HostedIn);
        Assert.Equal(["analytics", "rtc"], party.Categories);
        Assert.Equal(["Edge", "Statistics"], party.Services);
        Assert.Equal(["b.agora.io", "a.agora.io"], party.Hosts);
        Assert.Equal((2, 2, 30, 10, 20), (party.Contacts, party.Flows, party.BytesUp, party.FirstSeenNs, party.LastSeenNs));
    }

    [Fact]
    public void A_cover_name_is_no_host_of_a_party()
    {
        ContactRecord cover = Contact("cloudflare-ech.com", 10, Who("in the network of Cloudflare", Confidence.Guess, ["US"])) with
        {
            HostSource = HostSource.EchCover,
            Addresses = [new ContactAddress(IpAddress.FromV4(0x68100001), 10)],
        };
        Assert.Equal(["104.16.0.1"], Assert.Single(PartyRollup.Of([cover])).Hosts);
    }

    [Fact]
    public void Undeclared_parties_come_first_then_third_ones_and_the_local_network_last()
    {
        PartyAttribution third = Who("third", Confidence.Certain, []) with { Role = PartyRole.ThirdParty };
        ContactRecord[] contacts =
        [
            Contact("1", 100, Who("local", Confidence.Certain, []) with { Role = PartyRole.Local }),
            Contact("2", 90, Who("platform", Confidence.Certain, []) with { Role = PartyRole.Platform }),
            Contact("3", 80, Who("own", Confidence.Certain, []) with { Role = PartyRole.FirstParty }),
            Contact("4", 70, third with { Party = "declared", IsDeclared = true }),
            Contact("5", 1, third with { Party = "undeclared", IsDeclared = false }),
            Contact("6", 60, Who("unknown", Confidence.Guess, [])),
        ];
        Assert.Equal(["undeclared", "declared", "unknown", "own", "platform", "local"],
            PartyRollup.Of(contacts).Select(static party => party.Attribution.Party));
    }

    [Fact]
    [Trait("cap", "Model.PartyRecord.MaxHosts")]
    [Trait("cap", "Analysis.PartyDescription.MaxReasons")]
    public void A_party_names_thirty_two_hosts_and_three_reasons()
    {
        PartyRecord party = Assert.Single(PartyRollup.Of(Enumerable.Range(0, 40).Select(static i => Contact(
            Number(i), i, Who("Agora", Confidence.Certain, ["US"]) with { HostedInReason = "r" + Number(i) }))));
        Assert.Equal((32, 40), (party.Hosts.Count, party.Contacts));
        Assert.Equal("r39; r38; r37", party.Attribution.HostedInReason);
    }

    /// <summary>Whoever makes up names and picks addresses makes up reasons, too, as many as contacts.</summary>
    [Fact]
    [Trait("cap", "Analysis.PartyDescription.MaxReasons")]
    public void A_party_remembers_no_contact_that_it_does_not_tell_of()
    {
        PartyDescription description = new(PartyRecord.MaxHosts);
        WeakReference small = PutSmall(description);
        for (int i = 1; i <= PartyRecord.MaxHosts; i++)
            description.Put(Contact(Number(i), i, Who("Agora", Confidence.Certain, ["US"]) with { HostedInReason = "r" + Number(i) }));
        GC.Collect();
        Assert.False(small.IsAlive);
        Assert.Equal("r32; r31; r30", description.ToRecord().Attribution.HostedInReason);
    }

    /// <summary>In a method of its own, so that nothing else holds it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PutSmall(PartyDescription description)
    {
        ContactRecord contact = Contact("small", 0, Who("Agora", Confidence.Certain, ["US"]) with { HostedInReason = "another" });
        description.Put(contact);
        return new WeakReference(contact);
    }

    [Fact]
    [Trait("cap", "Analysis.PlaceFinder.MaxReasons")]
    public void Where_servers_stand_has_three_reasons_at_most()
    {
        // Anycast of four services, each with a reason of its own.
        string[] addresses = ["1.1.1.1", "8.8.8.8", "9.9.9.9", "208.67.222.222"];
        ContactRecord contact = Contact("www.example.com", 1, null) with
        {
            Addresses = [.. addresses.Select(static text => new ContactAddress(Address(text), 1))],
        };
        PartyAttribution who = new Attributor(Lookups.Load()).Attribute(contact).Attribution!;
        Assert.Equal(3, who.HostedInReason!.Split("; ").Length);
    }

    [Fact]
    [Trait("cap", "Model.ContactAliases.MaxKept")]
    public void Of_a_long_answer_the_last_four_aliases_are_kept_and_later_answers_change_nothing()
    {
        IReadOnlyList<string> kept = ContactAliases.Of(["a", "b", "c", "d", "e", "f"]);
        Assert.Equal(["c", "d", "e", "f"], kept);
        Assert.Same(kept, ContactAliases.Join(kept, ["g"]));
        Assert.Equal(["g"], ContactAliases.Join([], ["g"]));
    }

    private static PartyAttribution Who(
        string party, Confidence confidence, IReadOnlyList<string> hosted, string? category = null, string? service = null) => new()
        {
            Party = party,
            PartyReason = "test",
            PartyConfidence = confidence,
            RoleReason = "test",
            HostedIn = hosted,
            HostedInConfidence = Confidence.Certain,
            Category = category,
            Service = service,
        };

    private static ContactRecord Contact(string host, long bytes, PartyAttribution? who) => new()
    {
        Device = "02:00:00:00:00:01",
        Host = host,
        HostSource = HostSource.TlsSni,
        Flows = 1,
        FlowsEncrypted = 1,
        BytesUp = bytes,
        FirstSeenNs = bytes,
        LastSeenNs = bytes,
        Attribution = who,
    };

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);
}
