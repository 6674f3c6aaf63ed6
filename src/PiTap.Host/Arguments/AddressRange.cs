using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>A network as people write it: <c>10.42.0.0/24</c>, <c>2001:db8::/32</c>.</summary>
internal sealed class AddressRange
{
    private readonly IpAddress _network;
    private readonly int _bits;

    private AddressRange(IpAddress network, int bits)
    {
        _network = network;
        _bits = bits;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IpAddress.TryParse(text[..slash], out IpAddress network)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            || bits > (network.IsV4 ? 32 : 128))
            return false;
        range = new AddressRange(network, network.IsV4 ? bits + 96 : bits);
        return true;
    }

    public bool Contains(IpAddress address)
    {
        if (address.IsV4 != _network.IsV4)
            return false;
        (ulong high, ulong low) = _bits <= 64 ? (Mask(_bits), 0UL) : (ulong.MaxValue, Mask(_bits - 64));
        return ((address.High ^ _network.High) & high) == 0 && ((address.Low ^ _network.Low) & low) == 0;
    }

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
