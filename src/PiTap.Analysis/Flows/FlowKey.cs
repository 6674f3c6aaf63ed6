using PiTap.Analysis.Core;
using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Flows;

/// <summary>
/// The 5-tuple, direction taken out: the lower endpoint first. Five numbers, so that hashing and comparing one costs a few instructions; a
/// packet does it once.
/// </summary>
internal readonly struct FlowKey : IEquatable<FlowKey>
{
    /// <summary>The flow that this one is tunnelled in, by its number; 0 outside tunnels.</summary>
    private readonly uint _tunnel;

    /// <summary>The key of a packet. <paramref name="tunnel"/> is the number of the flow that it was found in; 0 outside tunnels.</summary>
    public FlowKey(in Frame frame, uint tunnel, out bool sourceIsLow)
    {
        int order = frame.Source.CompareTo(frame.Destination);
        sourceIsLow = order < 0 || (order == 0 && frame.SourcePort <= frame.DestinationPort);
        (Low, High) = sourceIsLow ? (frame.Source, frame.Destination) : (frame.Destination, frame.Source);
        (LowPort, HighPort) = sourceIsLow ? (frame.SourcePort, frame.DestinationPort) : (frame.DestinationPort, frame.SourcePort);
        Protocol = frame.Protocol;
        _tunnel = tunnel;
    }

    public IpAddress Low { get; }

    public IpAddress High { get; }

    public ushort LowPort { get; }

    public ushort HighPort { get; }

    public byte Protocol { get; }

    public bool Equals(FlowKey other) =>
        Low.Low == other.Low.Low && High.Low == other.High.Low && LowPort == other.LowPort && HighPort == other.HighPort
        && Protocol == other.Protocol && Low.High == other.Low.High && High.High == other.High.High && _tunnel == other._tunnel;

    /// <summary>Compares keys in tables beside <see cref="FlowTable"/>.</summary>
    public static IEqualityComparer<FlowKey> Comparer(SeededHash hash) =>
        EqualityComparer<FlowKey>.Create(static (a, b) => a.Equals(b), key => (int)key.Hash(hash));

    public override bool Equals(object? obj) => obj is FlowKey other && Equals(other);

    public override int GetHashCode() => throw new NotSupportedException("Flows are hashed with a seed.");

    /// <summary>A packet does this once.</summary>
    public ulong Hash(in SeededHash hash)
    {
        ulong value = hash.Of(hash.Of(Low.Low, High.Low), (ulong)LowPort << 48 | (ulong)HighPort << 32 | Protocol, _tunnel);
        // Both upper halves are zero for IPv4, the usual case.
        return (Low.High | High.High) == 0 ? value : hash.Of(value, Low.High, High.High);
    }
}
