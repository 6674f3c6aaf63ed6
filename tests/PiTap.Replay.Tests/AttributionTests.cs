using PiTap.Analysis;
using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Catalogue.Profiles;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Replay.Tests;

/// <summary>Who is who in the recorded captures.</summary>
public sealed class AttributionTests
{
    private static readonly Lookups s_lookups = Lookups.Load();

    public static TheoryData<string> Captures() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests/PiTap.Replay.Tests/captures"), "capture.pcap*",
            SearchOption.AllDirectories).Select(static file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Nothing_is_claimed_without_a_reason(string capture)
    {
        ReplayRun run = ReplayRun.Of(Path.Combine(Repository.Root, capture), new AnalysisOptions());
        Assert.NotEmpty(run.Contacts);
        foreach (AppProfile? profile in (AppProfile?[])[null, Clubhouse()])
        {
            Attributor attributor = new(s_lookups, profile);
            ContactRecord[] contacts = [.. run.Contacts.Select(attributor.Attribute)];
            Assert.All(contacts, static contact => Assert.Empty(AttributionClaims.WithoutReason(contact.Attribution!)));
            PartyRecord[] parties = [.. PartyRollup.Of(contacts)];
            Assert.NotEmpty(parties);
            Assert.All(parties, static party => Assert.Empty(AttributionClaims.WithoutReason(party)));
            Assert.NotEmpty(run.Devices);
            Assert.All(run.Devices.Values, device => Assert.Empty(AttributionClaims.WithoutReason(attributor.Attribute(device))));
            Assert.All(run.Flows, flow => Assert.Empty(AttributionClaims.WithoutReason(attributor.Attribute(flow).Attribution!)));
        }
    }

    [Fact]
    public void In_the_case_of_2021_Agora_and_EnjoyVC_are_undeclared_and_nobody_else()
    {
        ReplayRun run = ReplayRun.Of(
            Path.Combine(Repository.Root, "tests/PiTap.Replay.Tests/captures/clubhouse-2021/capture.pcapng"), new AnalysisOptions());
        Attributor attributor = new(s_lookups, Clubhouse());
        ContactRecord[] contacts = [.. run.Contacts.Select(attributor.Attribute)];
        Assert.Equal(["Agora", "in the network of EnjoyVC"], Parties(contacts, static who => who.IsDeclared == false));
        Assert.Equal(["Clubhouse"], Parties(contacts, static who => who.Role == PartyRole.FirstParty));
        Assert.Empty(Parties(contacts, static who => who.IsDeclared == true));
        Assert.All(contacts.Where(static contact => contact.Attribution!.Role == PartyRole.FirstParty),
            static contact => Assert.Contains("clubhouse", contact.Host, StringComparison.Ordinal));
    }

    private static string[] Parties(ContactRecord[] contacts, Func<PartyAttribution, bool> isOne) =>
    [
        .. contacts.Select(static contact => contact.Attribution!).Where(isOne).Select(static who => who.Party).Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static AppProfile Clubhouse() => Profiles.Load(null).TryFind("clubhouse-2021", out AppProfile? profile)
        ? profile
        : throw new InvalidOperationException("The profile is gone.");
}
