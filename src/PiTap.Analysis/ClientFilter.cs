using System.Globalization;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;

namespace PiTap.Analysis;

/// <summary>Whose traffic is kept: addresses, subnets and MACs. A packet passes if either side matches.</summary>
public sealed class ClientFilter
{
    private readonly (ulong High, ulong Low, IpAddress Network)[] _networks;
    private readonly MacAddress[] _macs;

    private ClientFilter((ulong, ulong, IpAddress)[] networks, MacAddress[] macs)
    {
        _networks = networks;
        _macs = macs;
    }

    /// <summary>
    /// Reads entries such as <c>192.168.4.7</c>, <c>192.168.4.0/24</c>, <c>2001:db8::/64</c> and <c>02:00:00:00:00:01</c>.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="filter">The filter; null if an entry is bad.</param>
    /// <param name="error">A sentence that names the bad entry; empty if all are good.</param>
    public static bool TryParse(IEnumerable<string> entries, out ClientFilter? filter, out string error)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var networks = new List<(ulong, ulong, IpAddress)>();
        var macs = new List<MacAddress>();
        filter = null;
        foreach (string entry in entries)
        {
            if (MacAddress.TryParse(entry, out MacAddress mac))
            {
                macs.Add(mac);
                continue;
            }
            int slash = entry.IndexOf('/', StringComparison.Ordinal);
            string addressText = slash < 0 ? entry : entry[..slash];
            if (!IpAddress.TryParse(addressText, out IpAddress address))
            {
                error = $"'{entry}' is no address, subnet or MAC: write 192.168.4.7, 192.168.4.0/24, 2001:db8::/64 or 02:00:00:00:00:01";
                return false;
            }
            int familyBits = address.IsV4 ? 32 : 128;
            int bits = familyBits;
            if (slash >= 0 && !TryReadBits(entry.AsSpan(slash + 1), familyBits, out bits))
            {
                error = $"'{entry}': the number behind the slash is from 0 to {familyBits}";
                return false;
            }
            networks.Add(Network(address, bits + 128 - familyBits));
        }
        error = "";
        filter = new ClientFilter([.. networks], [.. macs]);
        return true;
    }

    /// <summary>True if either side of the packet is one of the clients.</summary>
    public bool Passes(in Frame frame)
    {
        if (Contains(frame.SourceMac) || Contains(frame.DestinationMac))
            return true;
        if (frame.IsIp)
            return Contains(frame.Source) || Contains(frame.Destination);
        return frame.EtherType == EtherTypes.Arp
            && Wire.Link.ArpView.Parse(frame.IpPayload, out Wire.Link.ArpView arp) == ParseStatus.Ok
            && (Contains(arp.SenderAddress) || Contains(arp.TargetAddress));
    }

    private static bool TryReadBits(ReadOnlySpan<char> text, int max, out int bits) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= max;

    private static (ulong, ulong, IpAddress) Network(IpAddress address, int bits)
    {
        ulong high = bits == 0 ? 0 : ulong.MaxValue << 64 - Math.Min(bits, 64);
        ulong low = bits <= 64 ? 0 : ulong.MaxValue << 128 - bits;
        return (high, low, new IpAddress(address.High & high, address.Low & low));
    }

    private bool Contains(MacAddress mac) => !mac.IsNone && Array.IndexOf(_macs, mac) >= 0;

    private bool Contains(IpAddress address)
    {
        foreach ((ulong high, ulong low, IpAddress network) in _networks)
        {
            if (address.IsV4 == network.IsV4 && (address.High & high) == network.High && (address.Low & low) == network.Low)
                return true;
        }
        return false;
    }
}
