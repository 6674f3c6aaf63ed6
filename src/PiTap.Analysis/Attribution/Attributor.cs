using PiTap.Catalogue;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Profiles;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Says who a device talked to: party, role and countries, each with its reason. One thread; what was worked out once is kept, up to
/// <see cref="MaxKept"/>, as many flows go to the same server.
/// </summary>
public sealed class Attributor
{
    /// <summary>Attributions that are kept; then all go.</summary>
    public const int MaxKept = 8_192;

    private const string CompanyTable = "PiTap's table of companies";
    private const string NetworkTable = "PiTap's table of networks";

    private readonly record struct Key(string? Host, HostSource Source, IpAddress Address, string? Alias, bool IsHousekeeping);

    private readonly Lookups _lookups;
    private readonly PartyFinder _parties;
    private readonly PlaceFinder _places;
    private readonly RoleRules _roles;
    private readonly Dictionary<Key, PartyAttribution> _known = [];

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

    /// <summary>The flow with who its server is; of one that came in, who opened it.</summary>
    public FlowRecord Attribute(FlowRecord flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Contacted contacted = Contacted.Of(flow);
        Key key = new(contacted.Host, contacted.HostSource, contacted.Addresses[0],
            contacted.Aliases.Count == 0 ? null : contacted.Aliases[^1], contacted.IsHousekeeping);
        if (!_known.TryGetValue(key, out PartyAttribution? attribution))
        {
            if (_known.Count == MaxKept)
                _known.Clear();
            attribution = Work(contacted);
            _known.Add(key, attribution);
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
        return MacAddress.TryParse(device.Id, out MacAddress mac) ? device with { Vendor = _lookups.Vendors.FindName(mac) } : device;
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
