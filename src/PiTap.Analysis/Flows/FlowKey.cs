using System.Numerics;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// The 5-tuple, direction taken out: the lower endpoint first. Five numbers, so that hashing and comparing one costs a few instructions; a
/// packet does it once.
/// </summary>
internal readonly struct FlowKey : IEquatable<FlowKey>
{
    /// <summary>The flow that this one is tunnelled in, by its number; 0 outside tunnels.</summary>
    private readonly uint _tunnel;

    public FlowKey(IpAddress source, ushort sourcePort, IpAddress destination, ushort destinationPort, byte protocol, uint tunnel, out bool sourceIsLow)
    {
        int order = source.CompareTo(destination);
        sourceIsLow = order < 0 || (order == 0 && sourcePort <= destinationPort);
        (Low, High) = sourceIsLow ? (source, destination) : (destination, source);
        (LowPort, HighPort) = sourceIsLow ? (sourcePort, destinationPort) : (destinationPort, sourcePort);
        Protocol = protocol;
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

    public override bool Equals(object? obj) => obj is FlowKey other && Equals(other);

    public override int GetHashCode() => (int)Hash(0);

    /// <summary>
    /// A multiply-and-fold hash. The seed differs from process to process, so that nobody can prepare flows that fall into one bucket;
    /// no output depends on the order of buckets.
    /// </summary>
    public ulong Hash(ulong seed)
    {
        // A factor that is known can be made zero by an address, and then the other one counts for nothing.
        ulong second = BitOperations.RotateLeft(seed, 29) ^ 0xa076_1d64_78bd_642f;
        const ulong Prime1 = 0x9e37_79b9_7f4a_7c15;
        const ulong Prime2 = 0xd6e8_feb8_6659_fd93;
        ulong ports = (ulong)LowPort << 48 | (ulong)HighPort << 32 | (ulong)Protocol << 24 ^ _tunnel;
        ulong hash = Fold(Low.Low ^ seed, High.Low ^ second);
        hash ^= Fold(ports ^ Prime2, hash ^ Prime1);
        // Both upper halves are zero for IPv4, the usual case.
        if ((Low.High | High.High) != 0)
            hash ^= Fold(Low.High ^ second, High.High ^ seed);
        return hash;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
