using PiTap.Wire.Frames;

namespace PiTap.Analysis.Core;

/// <summary>
/// Notices packets that come twice within moments: a switch's mirror port copies what goes in and what comes out, and on all interfaces of
/// a bridge the same packet is seen on each. They are told by what no router changes: addresses, and the beginning of what IP carries.
/// </summary>
internal sealed class DoubledPackets
{
    /// <summary>Packets that are remembered, a place each by hash; a later one takes the place.</summary>
    private const int Places = 512;

    /// <summary>What is compared: headers, and the beginning of the payload.</summary>
    private const int ComparedBytes = 64;

    /// <summary>A copy comes within microseconds; what is sent again takes a round trip.</summary>
    private const long WithinNs = 2_000_000;

    private readonly SeededHash _hash = SeededHash.Create();
    private readonly (ulong Hash, long TimeNs)[] _places = new (ulong, long)[Places];

    /// <summary>True if the packet came just before; a third copy counts as another first one.</summary>
    public bool IsSecond(in Frame frame, long timeNs)
    {
        ReadOnlySpan<byte> payload = frame.IpPayload;
        if (payload.IsEmpty)
            return false;
        ulong hash = _hash.Of(payload.Length <= ComparedBytes ? payload : payload[..ComparedBytes]);
        hash = _hash.Of(hash ^ (uint)payload.Length, frame.Source.Low, frame.Destination.Low);
        ref (ulong Hash, long TimeNs) place = ref _places[hash % Places];
        bool isSecond = place.Hash == hash && (ulong)(timeNs - place.TimeNs) <= WithinNs;
        place = isSecond ? default : (hash, timeNs);
        return isSecond;
    }
}
