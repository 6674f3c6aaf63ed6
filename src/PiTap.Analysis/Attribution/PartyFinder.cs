using System.Buffers;
using PiTap.Catalogue;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Profiles;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Finds who is behind a name or an address: the name's own domain, what the name is an alias of, the address, its network. Each is less
/// sure than the one before, and a network never names the company that an app talks to.
/// </summary>
internal sealed class PartyFinder(Lookups lookups, CompanyTraits companies, AppProfile? profile)
{
    /// <summary>What embeds itself in other people's sites under their names: of these an alias says more than the name.</summary>
    private static readonly HashSet<PartyCategory> s_cloaked =
    [
        PartyCategory.Ads, PartyCategory.Analytics, PartyCategory.Attribution, PartyCategory.Consent, PartyCategory.Crash,
        PartyCategory.Engagement, PartyCategory.Experiments, PartyCategory.Fraud,
    ];

    private static readonly SearchValues<char> s_hostCharacters =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private readonly NameCheck _check = new(lookups, companies);

    public KnownParty Find(in Contacted contacted)
    {
        KnownParty? local = FindLocal(contacted);
        if (contacted.Name is not { } name || (local is not null && !IsPublicNameOf(contacted, local)))
            return local ?? FindByAddress(contacted);
        // What no host is called was made up by whoever sent it, and may read like a finding of PiTap's.
        bool isHost = IsHostName(name);
        DomainParty party = default;
        bool isKnown = isHost && lookups.Domains.TryFind(name, out party);
        bool isOwn = profile is not null && profile.Owns(name);
        for (int i = contacted.Aliases.Count - 1; i >= 0; i--)
        {
            if (!IsHostName(contacted.Aliases[i]) || !lookups.Domains.TryFind(contacted.Aliases[i], out DomainParty other)
                || ((isKnown || isOwn) && (NameOf(other) == NameOf(party) || !s_cloaked.Contains(other.Category))))
            {
                continue;
            }
            return Named(contacted.Aliases[i], other, $"alias {contacted.Aliases[i]}, {other.Reason}", Confidence.Likely);
        }
        if (isOwn)
        {
            (string reason, Confidence trust) =
                Trust(contacted, profile!.Publisher, $"domain of {profile.Publisher}, by the profile {profile.Id}");
            return new KnownParty(profile.Publisher, reason, trust)
            {
                Company = profile.Publisher,
                HomeCountry = lookups.Domains.HomeCountryOf(profile.Publisher),
                Name = name,
                IsOwn = true,
            };
        }
        if (isKnown)
        {
            (string reason, Confidence trust) = Trust(contacted, NameOf(party), party.Reason);
            return Named(name, party, reason, trust);
        }
        string registrable = isHost ? lookups.Suffixes.GetRegistrable(name).ToString().ToLowerInvariant() : "";
        if (registrable.Length == 0)
            return FindByAddress(contacted);
        string where = local is null ? "" : $", at the local address {contacted.Addresses[0]}";
        return new KnownParty(registrable, $"domain {registrable}, which no table has{where}", Confidence.Guess) { Name = name };
    }

    /// <summary>
    /// True for a name in the public tree that the device itself told one near host: that may be a proxy, and a local address is no reason
    /// to keep silent about whom the device wanted.
    /// </summary>
    private bool IsPublicNameOf(in Contacted contacted, KnownParty local) =>
        local.Party == PartyAttribution.LocalNetwork && IsToldByDevice(contacted.HostSource)
        && IsHostName(contacted.Name) && lookups.Suffixes.IsPublic(contacted.Name);

    /// <summary>
    /// True for letters, digits, hyphens and underscores between single dots, one of which may stand at the end, and for the wildcard of
    /// a certificate. A dot inside a label is written with a backslash, and so is whatever else DNS allows and hosts do not have.
    /// </summary>
    private static bool IsHostName(ReadOnlySpan<char> name)
    {
        if (name.StartsWith("*."))
            name = name[2..];
        return name is not ['.', ..] && !name.Contains("..", StringComparison.Ordinal) && !name.ContainsAnyExcept(s_hostCharacters);
    }

    private static KnownParty Named(string name, in DomainParty party, string reason, Confidence most) =>
        new(NameOf(party), reason, party.Confidence < most ? party.Confidence : most)
        {
            Company = party.Company,
            Service = party.Service,
            Category = party.Category,
            HomeCountry = party.HomeCountry,
            Name = name,
        };

    /// <summary>The company, or what is known instead: some lists name a service alone.</summary>
    private static string NameOf(in DomainParty party) => party.Company ?? party.Service;

    /// <summary>
    /// How sure a name is, with the reason. Servers that share an address may be taken for one another where only a lookup told the name;
    /// where the device did, the address has to bear it out.
    /// </summary>
    private (string Reason, Confidence Trust) Trust(in Contacted contacted, string company, string reason)
    {
        if (!IsToldByDevice(contacted.HostSource))
            return (reason, Confidence.Likely);
        string? doubt = _check.Doubt(company, contacted.Addresses);
        return doubt is null ? (reason, Confidence.Certain) : ($"{reason}, {doubt}", Confidence.Likely);
    }

    private static bool IsToldByDevice(HostSource source) =>
        source is not (HostSource.Dns or HostSource.Certificate or HostSource.Mdns or HostSource.None);

    private static KnownParty? FindLocal(in Contacted contacted)
    {
        if (contacted.Addresses.Count == 0)
            return contacted.HostSource == HostSource.Mdns ? Local(PartyAttribution.LocalNetwork, "announced by multicast DNS") : null;
        bool isShared = true;
        for (int i = 0; i < contacted.Addresses.Count; i++)
        {
            IpAddress address = contacted.Addresses[i];
            bool isToAll = LocalSignals.IsForAll(address);
            if (!isToAll && !address.IsLocal)
                return null;
            isShared &= isToAll;
        }
        string what = isShared ? "is for everybody around" : "is of the local network";
        return Local(isShared || contacted.IsHousekeeping ? PartyAttribution.LocalSignalling : PartyAttribution.LocalNetwork,
            $"address {contacted.Addresses[0]} {what}");
    }

    private static KnownParty Local(string party, string reason) => new(party, reason, Confidence.Certain) { IsLocal = true };

    private KnownParty FindByAddress(in Contacted contacted)
    {
        if (contacted.Addresses.Count == 0)
            return new KnownParty("unknown", "neither a name nor an address", Confidence.None);
        IpAddress address = contacted.Addresses[0];
        if (lookups.OwnParties.TryFindAddress(address, out PartyRow? row))
        {
            return new KnownParty(row.Company.Name, $"address {row.Match}", Confidence.Certain)
            {
                Company = row.Company.Name,
                Service = row.Service,
                Category = row.Category,
                HomeCountry = row.Company.HomeCountry,
            };
        }
        (HostedIn hosted, RegisteredTo network) = lookups.Addresses.Find(address);
        if (hosted.Reserved is { } reserved)
            return new KnownParty("unknown", $"address {reserved.Match}, {reserved.Reason}", Confidence.None);
        if (!network.IsKnown)
            return new KnownParty("unknown", $"no network is known to have {address}", Confidence.None);
        bool isNamed = lookups.OwnParties.TryFindNetwork(network.Number, out PartyRow? owner);
        return new KnownParty(
            $"{PartyAttribution.InNetwork}{(isNamed ? owner!.Company.Name : network.Organisation ?? $"AS{network.Number}")}",
            network.Reason!, Confidence.Guess)
        {
            NetworkCompany = owner?.Company.Name,
            NetworkCategory = owner?.Category ?? PartyCategory.None,
            HomeCountry = owner?.Company.HomeCountry,
        };
    }
}
