using PiTap.Catalogue.Parties;
using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>Who is there, before it is said what that is to an app.</summary>
internal sealed record KnownParty(string Party, string Reason, Confidence Confidence)
{
    public string? Company { get; init; }

    public string? Service { get; init; }

    public PartyCategory Category { get; init; }

    public string? HomeCountry { get; init; }

    /// <summary>True where addresses are of the local network alone.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Who runs the network that the address is in, by PiTap's table, where that is all there is to say.</summary>
    public string? NetworkCompany { get; init; }

    /// <summary>What kind of network that is.</summary>
    public PartyCategory NetworkCategory { get; init; }

    /// <summary>True for a domain that the app's profile has as its publisher's own.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The name that the party was found by, be it an alias; null where it was found by the address.</summary>
    public string? Name { get; init; }
}
