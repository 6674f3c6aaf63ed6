using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>A block of addresses in prefix notation, IPv4 or IPv6 (RFC 4632 section 3.1, RFC 4291 section 2.3).</summary>
/// <param name="First">Its lowest address.</param>
/// <param name="Last">Its highest address.</param>
public readonly record struct AddressBlock(IpAddress First, IpAddress Last)
{
    private const int V4MappedBits = 96;

    /// <summary>
    /// Reads <c>203.0.113.0/24</c>, <c>2001:db8::/32</c> or a single address; false if bits are set behind the prefix or it is no address.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressBlock block)
    {
        block = default;
        if (text is null)
            return false;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out IpAddress first))
            return false;
        int bits = first.IsV4 ? 32 : 128;
        if (slash >= 0)
        {
            int most = bits;
            if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > most)
                return false;
        }
        if (first.IsV4)
            bits += V4MappedBits;
        ulong highHost = bits >= 64 ? 0 : ulong.MaxValue >> bits;
        ulong lowHost = bits switch { 128 => 0, > 64 => ulong.MaxValue >> (bits - 64), _ => ulong.MaxValue };
        if ((first.High & highHost) != 0 || (first.Low & lowHost) != 0)
            return false;
        block = new AddressBlock(first, new IpAddress(first.High | highHost, first.Low | lowHost));
        return true;
    }

    /// <summary>True for an address of the block.</summary>
    public bool Contains(IpAddress address) => First <= address && address <= Last;
}
