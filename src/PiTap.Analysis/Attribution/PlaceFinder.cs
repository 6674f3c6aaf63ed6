using PiTap.Catalogue.Addresses;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>Where servers stand and who announces their addresses.</summary>
internal sealed class PlaceFinder(AddressTable table)
{
    /// <summary>Reasons that one sentence gives.</summary>
    private const int MaxReasons = 3;

    /// <summary>
    /// The countries of all addresses, and why; of several as sure as of the least sure one. Where sources disagree both are there.
    /// </summary>
    public (IReadOnlyList<string> Countries, string? Reason, Confidence Confidence) Hosted(IReadOnlyList<IpAddress> addresses)
    {
        SortedSet<string> countries = new(StringComparer.Ordinal);
        List<string> reasons = [];
        Confidence least = Confidence.None;
        for (int i = 0; i < addresses.Count; i++)
        {
            HostedIn hosted = table.Find(addresses[i]).HostedIn;
            if (hosted.Country is { } country)
            {
                least = countries.Count == 0 || hosted.Confidence < least ? hosted.Confidence : least;
                countries.Add(country);
                // One of the two it is: to choose would be to claim more than is known.
                if (hosted.DoSourcesDisagree)
                    countries.Add(hosted.Second!);
            }
            if (hosted.Reason is { } reason && !reasons.Contains(reason) && reasons.Count < MaxReasons)
                reasons.Add(reason);
        }
        return ([.. countries], reasons.Count == 0 ? null : string.Join("; ", reasons), least);
    }

    /// <summary>The first address's network; null if none is known.</summary>
    public RegisteredNetwork? Registered(IReadOnlyList<IpAddress> addresses)
    {
        if (addresses.Count == 0)
            return null;
        RegisteredTo network = table.Find(addresses[0]).RegisteredTo;
        return network.IsKnown
            ? new RegisteredNetwork(network.Number, network.Organisation, network.Country, network.Reason!, network.Confidence)
            : null;
    }
}
