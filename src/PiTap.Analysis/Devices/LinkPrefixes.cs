using PiTap.Analysis.Core;
using PiTap.Model;
using PiTap.Wire.Network;

namespace PiTap.Analysis.Devices;

/// <summary>Prefixes of IPv6 that routers announce for the link. The one announced longest ago gives way.</summary>
internal sealed class LinkPrefixes(Losses losses)
{
    /// <summary>What providers give to a site (RFC 6177 section 2): a shorter one would take the world for the link.</summary>
    private const int MinBits = 48;

    private const int HalfBits = 64;

    private readonly (ulong HighMask, ulong LowMask, IpAddress Prefix, long Noted)[] _prefixes =
        new (ulong, ulong, IpAddress, long)[Limits.Prefixes];
    private int _count;
    private long _notes;

    public void Note(AnnouncedPrefix announced)
    {
        if (announced.Length < MinBits || announced.Prefix.IsLinkLocal || announced.Prefix.IsMulticast)
            return;
        ulong highMask = announced.Length >= HalfBits ? ulong.MaxValue : ulong.MaxValue << HalfBits - announced.Length;
        ulong lowMask = announced.Length <= HalfBits ? 0 : ulong.MaxValue << 2 * HalfBits - announced.Length;
        var prefix = new IpAddress(announced.Prefix.High & highMask, announced.Prefix.Low & lowMask);
        int place = 0;
        while (place < _count && (_prefixes[place].Prefix != prefix || _prefixes[place].LowMask != lowMask))
            place++;
        if (place == _prefixes.Length)
        {
            place = 0;
            for (int i = 1; i < _count; i++)
                place = _prefixes[i].Noted < _prefixes[place].Noted ? i : place;
            losses.Count(Losses.PrefixesEvicted);
        }
        _prefixes[place] = (highMask, lowMask, prefix, ++_notes);
        _count = Math.Max(_count, place + 1);
    }

    public bool Contains(IpAddress address)
    {
        foreach ((ulong highMask, ulong lowMask, IpAddress prefix, _) in _prefixes.AsSpan(0, _count))
        {
            if ((address.High & highMask) == prefix.High && (address.Low & lowMask) == prefix.Low)
                return true;
        }
        return false;
    }
}
