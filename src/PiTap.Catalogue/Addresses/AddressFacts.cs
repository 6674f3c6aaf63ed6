using System.Text;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>Where an address is hosted and who announces it: two facts, of which neither follows from the other.</summary>
/// <param name="HostedIn">The country that the server stands in.</param>
/// <param name="RegisteredTo">The network that the address belongs to.</param>
public readonly record struct AddressFacts(HostedIn HostedIn, RegisteredTo RegisteredTo);

/// <summary>The country that a server stands in, as two sources estimate it from what networks publish.</summary>
/// <param name="First">What the first source says: ISO 3166-1 code, null if it knows none.</param>
/// <param name="Second">What the second source says.</param>
/// <param name="Anycast">Not null where servers in many places share the address or its block: no source is to be believed then.</param>
public readonly record struct HostedIn(string? First, string? Second, AnycastRow? Anycast)
{
    /// <summary>Not null where no server stands, as the block is set apart: what a source says of it is a mistake.</summary>
    public ReservedRow? Reserved { get; init; }

    /// <summary>
    /// The country to show: what the first source says, else the second; null where none is known, and for anycast and what is reserved.
    /// </summary>
    public string? Country => Anycast is null && Reserved is null ? First ?? Second : null;

    /// <summary>True if both sources know the address and name different countries.</summary>
    public bool DoSourcesDisagree => First is not null && Second is not null && First != Second;

    /// <summary>
    /// <c>Certain</c> where both sources agree: a third one then agrees with them in 569 of 577 addresses of servers that phones talked to.
    /// <c>Likely</c> where only one knows the address, <c>Guess</c> where they disagree, <c>None</c> where no country is given.
    /// </summary>
    public Confidence Confidence => Country is null ? Confidence.None
        : DoSourcesDisagree ? Confidence.Guess
        : First is null || Second is null ? Confidence.Likely
        : Confidence.Certain;

    /// <summary>Why: for people, in a few words; null where nothing is known. Allocates the text.</summary>
    public string? Reason => Reserved is not null ? Reserved.Reason
        : Anycast is not null ? $"{Anycast.Service} answers at {Anycast.Match} in many places"
        : Country is null ? null
        : DoSourcesDisagree ? $"sources disagree: {First} and {Second}"
        : Confidence == Confidence.Certain ? "two sources agree"
        : "one source only";
}

/// <summary>
/// The autonomous system that announces an address. It names the network, which need not be the company that an app talks to there.
/// </summary>
/// <param name="Number">Its number (RFC 6793); 0 where none is known to announce the address.</param>
/// <param name="OrganisationUtf8">What its organisation is called; empty if that is not known.</param>
/// <param name="Country">ISO 3166-1 code of the country that it is registered in; null if that is not known.</param>
public readonly record struct RegisteredTo(uint Number, ReadOnlyMemory<byte> OrganisationUtf8, string? Country)
{
    /// <summary>True if a system is known.</summary>
    public bool IsKnown => Number != 0;

    /// <summary>The organisation's name; null if it is not known. Allocates the text.</summary>
    public string? Organisation => OrganisationUtf8.IsEmpty ? null : Encoding.UTF8.GetString(OrganisationUtf8.Span);

    /// <summary>Taken from routing tables: <c>Certain</c> on the day of the set; <c>None</c> where nothing is known.</summary>
    public Confidence Confidence => IsKnown ? Confidence.Certain : Confidence.None;

    /// <summary>For example <c>address in AS131950</c>; null where nothing is known. Allocates the text.</summary>
    public string? Reason => IsKnown ? $"address in AS{Number}" : null;
}
