using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Catalogue.Profiles;
using PiTap.Host.Machine;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>Who names and addresses belong to, by the data beside a store. Loaded when somebody asks.</summary>
internal sealed class Who
{
    private readonly Lazy<Lookups> _lookups;
    private readonly Lazy<AppProfile?> _appProfile;

    /// <param name="db">The store; null for PiTap's own data alone.</param>
    /// <param name="profile">The profile of the app that devices are taken to run; null for none.</param>
    public Who(string? db, string? profile = null)
    {
        Profile = profile;
        _lookups = new Lazy<Lookups>(() => db is null ? Lookups.Load() : new ImportedSets(db).Load());
        _appProfile = new Lazy<AppProfile?>(() => profile is null ? null : AppProfiles.Find(db, profile));
        Attributor = new Lazy<Attributor>(() => new Attributor(_lookups.Value, _appProfile.Value));
    }

    /// <summary>The profile of the app that devices are taken to run; null for none.</summary>
    public string? Profile { get; }

    /// <summary>Attributes records.</summary>
    public Lazy<Attributor> Attributor { get; }

    /// <summary>
    /// Loads the data now: what is wrong with them is said before anything begins, and whom the profile declares although nobody knows
    /// them.
    /// </summary>
    public void Load(Surface surface)
    {
        _ = Attributor.Value;
        if (_appProfile.Value is { } profile && AppProfiles.UnknownRecipients(profile, _lookups.Value.Domains) is { } sentence)
            surface.Say(sentence);
    }

    /// <summary>The contact with who it is.</summary>
    public ContactRecord Attribute(ContactRecord contact) => Attributor.Value.Attribute(contact);

    /// <summary>The device with who made its network adapter.</summary>
    public DeviceRecord Attribute(DeviceRecord device) => Attributor.Value.Attribute(device);

    /// <summary>What a country is called; its code if nobody has that.</summary>
    public string CountryName(string code) => _lookups.Value.CountryNames.TryFind(code, out string? name) ? name : code;
}
