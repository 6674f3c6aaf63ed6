using System.Diagnostics.CodeAnalysis;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>A block that is set apart for a purpose: no server on the Internet stands there.</summary>
/// <param name="Match">The block, for example <c>192.0.2.0/24</c>.</param>
/// <param name="Reason">What for, and by which document: <c>reserved for documentation (RFC 5737)</c>.</param>
public sealed record ReservedRow(string Match, string Reason);

/// <summary>
/// Blocks that IANA's registries of special-purpose addresses (RFC 6890; https://www.iana.org/assignments/iana-ipv4-special-registry and
/// iana-ipv6-special-registry, read 2026-11-28) do not call globally reachable. Those of the local network are not here, as
/// 255.255.255.255: they are <see cref="IpAddress.IsLocal"/> or for everybody around. Immutable; a lookup allocates nothing.
/// </summary>
public static class ReservedAddresses
{
    private static readonly BlockMap<ReservedRow> s_blocks = new(
    [
        Row("0.0.0.0/8", "for hosts without an address", "RFC 791"),
        Row("192.0.0.0/24", "for protocols", "RFC 6890"),
        Row("192.0.2.0/24", "for documentation", "RFC 5737"),
        Row("192.88.99.0/24", "as it was for relays of 6to4", "RFC 7526"),
        Row("198.18.0.0/15", "for benchmarks", "RFC 2544"),
        Row("198.51.100.0/24", "for documentation", "RFC 5737"),
        Row("203.0.113.0/24", "for documentation", "RFC 5737"),
        Row("240.0.0.0/4", "for later", "RFC 1112"),
        Row("64:ff9b:1::/48", "for translation inside a network", "RFC 8215"),
        Row("100::/64", "for what is to be discarded", "RFC 6666"),
        Row("100:0:0:1::/64", "for what stands for no address", "RFC 9780"),
        Row("2001:2::/48", "for benchmarks", "RFC 5180"),
        Row("2001:10::/28", "as it was for identifiers of hosts", "RFC 4843"),
        Row("2001:db8::/32", "for documentation", "RFC 3849"),
        Row("3fff::/20", "for documentation", "RFC 9637"),
        Row("5f00::/16", "for segment routing", "RFC 9602"),
    ]);

    /// <summary>Finds the block that has the address.</summary>
    public static bool TryFind(IpAddress address, [NotNullWhen(true)] out ReservedRow? row)
    {
        row = null;
        return !address.IsLimitedBroadcast && s_blocks.TryFind(address, out row);
    }

    private static (AddressBlock Block, ReservedRow Row) Row(string match, string purpose, string document) =>
        AddressBlock.TryParse(match, out AddressBlock block)
            ? (block, new ReservedRow(match, $"reserved {purpose} ({document})"))
            : throw new ArgumentException($"'{match}' is no block of addresses", nameof(match));
}
