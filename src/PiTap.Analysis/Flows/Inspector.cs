using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Flows;

/// <summary>The facts of one packet that its readers need beside its bytes.</summary>
/// <param name="flow">The flow that it belongs to.</param>
/// <param name="fromLow">True if the lower endpoint of the flow's key sent it.</param>
/// <param name="timeNs">Its time, nanoseconds since the Unix epoch.</param>
/// <param name="senderMac">Who sent it on the link; none without a link layer.</param>
internal readonly struct PacketContext(Flow flow, bool fromLow, long timeNs, MacAddress senderMac)
{
    public Flow Flow { get; } = flow;

    public FlowFacts Facts => Flow.Facts;

    public bool FromLow { get; } = fromLow;

    public long TimeNs { get; } = timeNs;

    public MacAddress SenderMac { get; } = senderMac;
}

/// <summary>A packet found inside a tunnel: a part of the packet that carried it. Empty for none.</summary>
internal readonly ref struct InnerPacket(LinkType link, ReadOnlySpan<byte> data)
{
    public LinkType Link { get; } = link;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>Looks into the payload of one flow until it is settled: one kind for TCP, one for datagrams, one for tunnels of IP.</summary>
internal abstract class Inspector
{
    /// <summary>
    /// Looks at a packet of the flow. False once the flow is settled: then everything rented went back, and the inspector is not asked
    /// again.
    /// </summary>
    public abstract bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner);

    /// <summary>The flow ends: what is pending is looked at, and everything rented goes back.</summary>
    public abstract void Finish(Flow flow);
}
