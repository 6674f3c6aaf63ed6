using PiTap.Catalogue;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Profiles;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Says who a device talked to: party, role and countries, each with its reason. One thread; of flows, many of which go to the same server,
/// what was worked out is kept for a while.
/// </summary>
public sealed class Attributor
{
    private const string CompanyTable = "PiTap's table of companies";
    private const string NetworkTable = "PiTap's table of networks";

    private readonly Lookups _lookups;
    private readonly PartyFinder _parties;
    private readonly PlaceFinder _places;
    private readonly RoleRules _roles;
    private readonly AttributionCache _known = new();

    /// <summary>Takes the data and, if devices are taken to run an app, that app's profile.</summary>
    public Attributor(Lookups lookups, AppProfile? profile = null)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        CompanyTraits companies = new(lookups.OwnParties);
        _lookups = lookups;
        _parties = new PartyFinder(lookups, companies, profile);
        _places = new PlaceFinder(lookups.Addresses);
        _roles = new RoleRules(companies, profile);
    }

    /// <summary>Attributions that were kept and gave way to others.</summary>
    public long Evicted => _known.Evicted;

    /// <summary>The flow with who its server is; of one that came in, who opened it.</summary>
    public FlowRecord Attribute(FlowRecord flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Contacted contacted = Contacted.Of(flow);
        if (!_known.TryFind(contacted, out PartyAttribution? attribution))
        {
            attribution = Work(contacted);
            _known.Add(contacted, attribution);
        }
        return flow with { Attribution = attribution };
    }

    /// <summary>The contact with who its host is.</summary>
    public ContactRecord Attribute(ContactRecord contact)
    {
        ArgumentNullException.ThrowIfNull(contact);
        return contact with { Attribution = Work(Contacted.Of(contact)) };
    }

    /// <summary>The device with who made its network adapter.</summary>
    public DeviceRecord Attribute(DeviceRecord device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return MacAddress.TryParse(device.Id, out MacAddress mac)
            ? device with { Vendor = _lookups.Vendors.FindName(mac, out string? reason), VendorReason = reason }
            : device;
    }

    private PartyAttribution Work(in Contacted contacted)
    {
        KnownParty party = _parties.Find(contacted);
        (PartyRole role, string roleReason) = _roles.Judge(party, contacted.IsHousekeeping);
        (bool? isDeclared, string? declaredReason) = role == PartyRole.ThirdParty ? _roles.Declared(party) : default;
        (IReadOnlyList<string> countries, string? hostedReason, Confidence hostedConfidence) = _places.Hosted(contacted.Addresses);
        return new PartyAttribution
        {
            Party = party.Party,
            PartyReason = party.Reason,
            PartyConfidence = party.Confidence,
            Company = party.Company,
            Service = party.Service,
            Category = party.Category == PartyCategory.None ? null : party.Category.Word(),
            HomeCountry = party.HomeCountry,
            HomeCountryReason = party.HomeCountry is null ? null : party.Company is null ? NetworkTable : CompanyTable,
            Role = role,
            RoleReason = roleReason,
            IsDeclared = isDeclared,
            DeclaredReason = declaredReason,
            HostedIn = countries,
            HostedInReason = hostedReason,
            HostedInConfidence = hostedConfidence,
            RegisteredTo = _places.Registered(contacted.Addresses),
        };
    }
}
