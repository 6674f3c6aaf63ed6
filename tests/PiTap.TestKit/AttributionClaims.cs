using PiTap.Model;

namespace PiTap.TestKit;

/// <summary>What an attribution claims without saying why.</summary>
public static class AttributionClaims
{
    /// <summary>The names of claims without a reason, or with one and without confidence where that belongs to it.</summary>
    public static IEnumerable<string> WithoutReason(PartyAttribution who)
    {
        ArgumentNullException.ThrowIfNull(who);
        bool isKnown = who.Company is not null || who.Service is not null || who.Category is not null;
        if (who.Party.Length == 0 || who.PartyReason.Length == 0 || (isKnown && who.PartyConfidence == Confidence.None))
            yield return nameof(who.Party);
        if (who.Category is not null && who.Company is null)
            yield return nameof(who.Category);
        if (who.RoleReason.Length == 0)
            yield return nameof(who.Role);
        if (who.IsDeclared is not null && (who.Role != PartyRole.ThirdParty || string.IsNullOrEmpty(who.DeclaredReason)))
            yield return nameof(who.IsDeclared);
        if (who.HomeCountry is not null && string.IsNullOrEmpty(who.HomeCountryReason))
            yield return nameof(who.HomeCountry);
        if (who.HostedIn.Count > 0 && (string.IsNullOrEmpty(who.HostedInReason) || who.HostedInConfidence == Confidence.None))
            yield return nameof(who.HostedIn);
        if (who.RegisteredTo is { } network && (network.Reason.Length == 0 || network.Confidence == Confidence.None))
            yield return nameof(who.RegisteredTo);
    }

    /// <summary>The same of a party's row, with what it adds up.</summary>
    public static IEnumerable<string> WithoutReason(PartyRecord party)
    {
        ArgumentNullException.ThrowIfNull(party);
        foreach (string claim in WithoutReason(party.Attribution))
            yield return claim;
        bool isSaid = party.Attribution.PartyReason.Length > 0 && party.Attribution.PartyConfidence != Confidence.None;
        if (party.Services.Count > 0 && !isSaid)
            yield return nameof(party.Services);
        if (party.Categories.Count > 0 && (!isSaid || party.Attribution.Company is null))
            yield return nameof(party.Categories);
        if (party.Contacts == 0 || party.Hosts.Count == 0)
            yield return nameof(party.Hosts);
    }

    /// <summary>The same of a device: who made its adapter.</summary>
    public static IEnumerable<string> WithoutReason(DeviceRecord device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.Vendor is null != string.IsNullOrEmpty(device.VendorReason))
            yield return nameof(device.Vendor);
    }
}
