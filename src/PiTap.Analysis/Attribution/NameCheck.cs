using PiTap.Catalogue;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Parties;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>
/// Holds a name that a device told against the address that it told it to: anybody can send any name to a server of their own. A company
/// may be met in a network of its own and in one that only delivers for others; one that has no network also where servers are rented out.
/// </summary>
internal sealed class NameCheck(Lookups lookups, CompanyTraits companies)
{
    /// <summary>What speaks against a company at one of the addresses, to be added to a reason; null for nothing.</summary>
    public string? Doubt(string company, IReadOnlyList<IpAddress> addresses)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (addresses[i].IsLocal)
                return $"at the local address {addresses[i]}";
            if (Doubt(company, addresses[i]) is { } doubt)
                return doubt;
        }
        return null;
    }

    private string? Doubt(string company, IpAddress address)
    {
        if (lookups.OwnParties.TryFindAddress(address, out PartyRow? row) && row.Company.Name == company)
            return null;
        (HostedIn hosted, RegisteredTo network) = lookups.Addresses.Find(address);
        if (hosted.Reserved is { } reserved)
            return $"but {address} is {reserved.Reason}";
        if (!network.IsKnown)
            return $"but no network is known to have {address}";
        return lookups.OwnParties.TryFindNetwork(network.Number, out row) && MayBeIn(company, row)
            ? null
            : $"but AS{network.Number} is not known to be of {company}, nor to serve for it";
    }

    private bool MayBeIn(string company, PartyRow network)
    {
        string owner = network.Company.Name;
        // In a network that only delivers for others nobody answers to a name that is not theirs.
        return owner == company || network.Category == PartyCategory.Cdn
            || (!companies.HasNetwork(company) && companies.ServesOthers(owner));
    }
}
