using System.Runtime.CompilerServices;

namespace PiTap.Wire.Application.Rtp;

/// <summary>
/// Decides whether the datagrams of one direction are RTP: packets of one source whose sequence numbers go up. A single packet proves
/// nothing, since any byte from 0x80 to 0xbf begins one; but that four random ones repeat a source of 32 bits has no chance worth naming.
/// Several sources may take turns, as audio, video and its retransmissions do (RFC 8843); a payload type may change, as with comfort noise
/// and tones, but such a packet does not count.
/// </summary>
public struct RtpTracker
{
    /// <summary>Packets in step that make a flow RTP.</summary>
    public const int PacketsToDecide = 4;

    /// <summary>The same where STUN or DTLS on the flow has prepared for media.</summary>
    public const int PacketsToDecideWhenExpected = 2;

    /// <summary>Sources followed at once; a further one takes the place of the one seen longest ago.</summary>
    private const int MaxSources = 4;

    /// <summary>Sequence numbers may jump by this much: packets are lost and overtake each other.</summary>
    private const int MaxStep = 16;

    private Sources _sources;
    private uint _clock;

    /// <summary>Looks at a packet; true once the direction is RTP.</summary>
    public bool Observe(in RtpView packet, bool isExpected)
    {
        _clock++;
        Span<Source> sources = _sources;
        ref Source source = ref FindOrReplace(sources, packet);
        source.LastSeen = _clock;
        int step = (short)(packet.SequenceNumber - source.Sequence);
        if (source.InStep == 0 || step is < -MaxStep or > MaxStep)
        {
            source.InStep = 1;
            source.PayloadType = packet.PayloadType;
            source.Sequence = packet.SequenceNumber;
        }
        else if (step > 0)
        {
            // A repeated or overtaken packet neither proves nor disproves anything.
            source.Sequence = packet.SequenceNumber;
            if (source.PayloadType == packet.PayloadType)
                source.InStep = (byte)Math.Min(source.InStep + 1, PacketsToDecide);
            source.PayloadType = packet.PayloadType;
        }
        return source.InStep >= (isExpected ? PacketsToDecideWhenExpected : PacketsToDecide);
    }

    private static ref Source FindOrReplace(Span<Source> sources, in RtpView packet)
    {
        int oldest = 0;
        for (int i = 0; i < MaxSources; i++)
        {
            if (sources[i].InStep > 0 && sources[i].Ssrc == packet.Ssrc)
                return ref sources[i];
            if (sources[i].LastSeen < sources[oldest].LastSeen)
                oldest = i;
        }
        sources[oldest] = new Source { Ssrc = packet.Ssrc };
        return ref sources[oldest];
    }

    private struct Source
    {
        public uint Ssrc;
        public uint LastSeen;
        public ushort Sequence;
        public byte PayloadType;
        public byte InStep;
    }

    [InlineArray(MaxSources)]
    private struct Sources
    {
        private Source _first;
    }
}
