using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Profiles;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// What a party is to the app. Only an app's profile tells the app's own from others; without one, what is there for other people's apps
/// by its nature is a third party, and what may be an app of its own stays unknown.
/// </summary>
internal sealed class RoleRules(CompanyTraits companies, AppProfile? profile)
{
    private static readonly HashSet<PartyCategory> s_forApps =
    [
        PartyCategory.Ads, PartyCategory.Analytics, PartyCategory.Attribution, PartyCategory.Consent, PartyCategory.Crash,
        PartyCategory.Engagement, PartyCategory.Experiments, PartyCategory.Fraud, PartyCategory.Identity, PartyCategory.Push,
        PartyCategory.Rtc,
    ];

    /// <summary>What a system does, and an app may do too, on other people's behalf.</summary>
    private static readonly HashSet<PartyCategory> s_ofSystems =
        [PartyCategory.Push, PartyCategory.Time, PartyCategory.Certificates];

    private static readonly HashSet<PartyCategory> s_infrastructure =
        [PartyCategory.Resolver, PartyCategory.Time, PartyCategory.Certificates];

    private static readonly HashSet<PartyCategory> s_rented = [PartyCategory.Cloud, PartyCategory.Cdn];

    /// <summary>
    /// What a party is to the app, and why. Lookups and signals alone make nobody infrastructure: they can carry anything out, so that only
    /// who is known for them is, and whoever is near.
    /// </summary>
    public (PartyRole Role, string Reason) Judge(KnownParty party, bool isHousekeeping)
    {
        if (party.IsLocal)
            return (PartyRole.Local, party.Reason);
        if (party.IsOwn)
            return (PartyRole.FirstParty, party.Reason);
        if (profile is not null && party.Company == profile.Publisher)
            return (PartyRole.FirstParty, $"{profile.Publisher} publishes the app, by the profile {profile.Id}");
        string category = $"category {party.Category.Word()}";
        if (party.Category == PartyCategory.Os)
            return (PartyRole.Platform, category);
        if (s_ofSystems.Contains(party.Category) && party.Company is { } company && companies.MakesSystems(company))
            return (PartyRole.Platform, $"{category}, and {party.Company} makes systems");
        if (s_infrastructure.Contains(party.Category))
            return (PartyRole.Infrastructure, category);
        bool isRented = s_rented.Contains(party.Category);
        if (isHousekeeping && (party.Category == PartyCategory.None || isRented))
            return (PartyRole.Unknown, "lookups, time or signals alone, and no table has it as there for these");
        if (s_forApps.Contains(party.Category))
            return (PartyRole.ThirdParty, $"{category} works for other people's apps");
        bool isForRent = party.NetworkCategory is PartyCategory.Carrier or PartyCategory.Cloud
            || (party.NetworkCompany is { } network && companies.ServesOthers(network));
        if (isRented || isForRent)
            return (PartyRole.Unknown, "a server that anybody may have rented");
        if (profile is not null && (party.Company ?? party.NetworkCompany ?? party.Name) is not null)
            return (PartyRole.ThirdParty, $"not {profile.Publisher}, whose domains the profile {profile.Id} has");
        bool isKnown = party.Company is not null || party.Service is not null;
        return (PartyRole.Unknown, isKnown ? $"{category}: it may be the app's own" : "no table says what it is");
    }

    /// <summary>Whether the app's policy names the party; null where there is no profile, or nothing to look for in it.</summary>
    public (bool? IsDeclared, string? Reason) Declared(KnownParty party)
    {
        if (profile is null)
            return default;
        if (profile.TryFindDeclared(party.Name, party.Company ?? party.NetworkCompany, out DeclaredRecipient? recipient))
            return (true, $"named by {recipient.Source.Url}");
        return (false, $"not named by {profile.PolicyUrl}");
    }
}
