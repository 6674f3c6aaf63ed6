using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis;

/// <summary>Fragments that came before the one that tells the ports: counted on their flow once it is known.</summary>
internal sealed class HeldPackets(in Frame first, int source, long timeNs)
{
    public int Source { get; } = source;

    public byte Protocol { get; } = first.Protocol;

    public MacAddress SourceMac { get; } = first.SourceMac;

    public MacAddress DestinationMac { get; } = first.DestinationMac;

    public long FirstNs { get; } = timeNs;

    public long LastNs { get; private set; }

    /// <summary>True for those that carry a mirror's copy: they have no flow.</summary>
    public bool IsMirrored { get; set; }

    public int Packets { get; private set; }

    public long Bytes { get; private set; }

    public void Add(long bytes, long timeNs)
    {
        Packets++;
        Bytes += bytes;
        LastNs = timeNs;
    }
}
