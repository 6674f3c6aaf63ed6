using PiTap.Analysis.Core;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// Which tunnels of Ethernet are a mirror's: one that carries both directions of a conversation one way holds copies of what passed
/// elsewhere, as what a tunnel really connects goes in by one end and comes out by the other. The oldest give way.
/// </summary>
internal sealed class MirrorPairs(Losses losses)
{
    /// <summary>Tunnels that are watched at one time.</summary>
    private const int MaxPairs = 16;

    private readonly Pair[] _pairs = new Pair[MaxPairs];
    private int _next;

    private struct Pair
    {
        public IpAddress From, To;
        public MacAddress Sender, Receiver;
        public bool IsMirror;
    }

    /// <summary>True if what goes from one end to the other is known to be copies.</summary>
    public bool IsMirror(IpAddress from, IpAddress to)
    {
        int place = PlaceOf(from, to);
        return place >= 0 && _pairs[place].IsMirror;
    }

    /// <summary>Notes a frame in a tunnel; true if it proves that the tunnel is a mirror's.</summary>
    public bool Proves(IpAddress from, IpAddress to, MacAddress sender, MacAddress receiver)
    {
        if (sender.IsNone || receiver.IsNone || receiver.IsGroup)
            return false;
        int back = PlaceOf(to, from);
        if (back >= 0)
            _pairs[back].IsMirror = false;
        int place = PlaceOf(from, to);
        if (place < 0)
        {
            place = _next;
            _next = (_next + 1) % MaxPairs;
            if (_pairs[place].IsMirror)
                losses.Count(Losses.MirrorsEvicted);
            _pairs[place] = new Pair { From = from, To = to };
        }
        ref Pair pair = ref _pairs[place];
        pair.IsMirror = back < 0 && (pair.IsMirror || (pair.Sender == receiver && pair.Receiver == sender));
        (pair.Sender, pair.Receiver) = (sender, receiver);
        return pair.IsMirror;
    }

    private int PlaceOf(IpAddress from, IpAddress to)
    {
        for (int i = 0; i < MaxPairs; i++)
        {
            if (_pairs[i].From == from && _pairs[i].To == to)
                return i;
        }
        return -1;
    }
}
