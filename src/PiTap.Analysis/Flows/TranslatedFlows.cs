using PiTap.Analysis.Core;
using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Flows;

/// <summary>
/// Which flows are only copies of others with this machine's own address in a device's place: a capture on all interfaces of a box that
/// translates addresses (RFC 3022) has each packet twice. A packet that goes out just after one with the same destination and contents came
/// in from another address was passed on with its sender replaced. The flow that was silent for longest gives way.
/// </summary>
internal sealed class TranslatedFlows(Losses losses)
{
    /// <summary>Flows that are known to be copies: 128 bytes each.</summary>
    private const int MaxFlows = 4_096;

    /// <summary>Packets that came in and are remembered, a place each by hash; a later one takes the place.</summary>
    private const int Places = 512;

    /// <summary>What is compared of the payload.</summary>
    private const int ComparedBytes = 64;

    /// <summary>Passing a packet on takes microseconds.</summary>
    private const long WithinNs = 2_000_000;

    /// <summary>Silent for so long, the address and port may be another flow's: then it has to prove itself again.</summary>
    private const long SilenceNs = 10 * PacketTime.NanosecondsPerMinute;

    private readonly SeededHash _hash = SeededHash.Create();
    private readonly Incoming[] _places = new Incoming[Places];
    private readonly LinkedList<(FlowKey Key, long TimeNs)> _byAge = new();
    private readonly Dictionary<FlowKey, LinkedListNode<(FlowKey Key, long TimeNs)>> _flows =
        new(FlowKey.Comparer(SeededHash.Create()));

    private struct Incoming
    {
        public ulong Hash;
        public long TimeNs;
        public IpAddress Source;
        public bool HasSeveral;
    }

    /// <summary>True for a packet of a flow that is known to be a copy.</summary>
    public bool Has(in FlowKey key, long timeNs)
    {
        if (_flows.Count == 0 || !_flows.TryGetValue(key, out LinkedListNode<(FlowKey Key, long TimeNs)>? node))
            return false;
        _byAge.Remove(node);
        if (timeNs - node.Value.TimeNs > SilenceNs)
        {
            _flows.Remove(key);
            return false;
        }
        node.Value = (key, timeNs);
        _byAge.AddLast(node);
        return true;
    }

    public void Add(in FlowKey key, long timeNs)
    {
        if (_flows.Count == MaxFlows)
        {
            losses.Count(Losses.TranslationsEvicted);
            _flows.Remove(_byAge.First!.Value.Key);
            _byAge.RemoveFirst();
        }
        _flows.Add(key, _byAge.AddLast((key, timeNs)));
    }

    /// <summary>Notes a packet that came in and may be passed on.</summary>
    public void NoteIncoming(in Frame frame, long timeNs)
    {
        ulong hash = HashOf(frame);
        ref Incoming place = ref _places[hash % Places];
        // Of two senders nobody can tell whose packet it is that goes out.
        bool hasSeveral = place.Hash == hash && IsWithin(place.TimeNs, timeNs) && (place.HasSeveral || place.Source != frame.Source);
        place = new Incoming { Hash = hash, TimeNs = timeNs, Source = frame.Source, HasSeveral = hasSeveral };
    }

    /// <summary>True if a packet that goes out is one that just came in, with another sender.</summary>
    public bool IsCopy(in Frame frame, long timeNs)
    {
        ulong hash = HashOf(frame);
        ref Incoming place = ref _places[hash % Places];
        return place.Hash == hash && IsWithin(place.TimeNs, timeNs) && !place.HasSeveral && place.Source != frame.Source;
    }

    private static bool IsWithin(long beforeNs, long timeNs) => (ulong)(timeNs - beforeNs) <= WithinNs;

    /// <summary>Of what no translation changes, if it changes the sender: not the checksum, and not a SYN's largest segment.</summary>
    private ulong HashOf(in Frame frame)
    {
        ReadOnlySpan<byte> payload = frame.Payload;
        ulong hash = _hash.Of(payload.Length <= ComparedBytes ? payload : payload[..ComparedBytes]);
        hash = _hash.Of(hash, frame.Destination.Low, frame.Destination.High ^ (ulong)frame.DestinationPort << 8 ^ frame.Protocol);
        return _hash.Of(hash, (ulong)frame.TcpSequence << 32 | frame.TcpAcknowledgement, (ulong)payload.Length << 8 | (byte)frame.TcpFlags);
    }
}
