namespace PiTap.Model;

/// <summary>What went between a device and a host, or a party. As what came on top, or was taken back, any may be negative.</summary>
/// <param name="Flows">Flows.</param>
/// <param name="FlowsEncrypted">Flows whose verdict is encrypted.</param>
/// <param name="FlowsReadable">Flows whose verdict is readable.</param>
/// <param name="FlowsOpaque">Flows whose verdict is opaque.</param>
/// <param name="PacketsUp">Packets from the device.</param>
/// <param name="PacketsDown">Packets to the device.</param>
/// <param name="BytesUp">Bytes from the device.</param>
/// <param name="BytesDown">Bytes to the device.</param>
public readonly record struct TrafficCounts(
    long Flows, long FlowsEncrypted, long FlowsReadable, long FlowsOpaque, long PacketsUp, long PacketsDown, long BytesUp, long BytesDown)
{
    /// <summary>Bytes of both directions.</summary>
    public long Bytes => BytesUp + BytesDown;

    /// <summary>The same, and none below nothing.</summary>
    public TrafficCounts AtLeastNone() => new(
        Math.Max(0, Flows), Math.Max(0, FlowsEncrypted), Math.Max(0, FlowsReadable), Math.Max(0, FlowsOpaque),
        Math.Max(0, PacketsUp), Math.Max(0, PacketsDown), Math.Max(0, BytesUp), Math.Max(0, BytesDown));

    /// <summary>Both together.</summary>
    public static TrafficCounts operator +(in TrafficCounts left, in TrafficCounts right) => new(
        left.Flows + right.Flows, left.FlowsEncrypted + right.FlowsEncrypted, left.FlowsReadable + right.FlowsReadable,
        left.FlowsOpaque + right.FlowsOpaque, left.PacketsUp + right.PacketsUp, left.PacketsDown + right.PacketsDown,
        left.BytesUp + right.BytesUp, left.BytesDown + right.BytesDown);

    /// <summary>The first without the second.</summary>
    public static TrafficCounts operator -(in TrafficCounts left, in TrafficCounts right) => new(
        left.Flows - right.Flows, left.FlowsEncrypted - right.FlowsEncrypted, left.FlowsReadable - right.FlowsReadable,
        left.FlowsOpaque - right.FlowsOpaque, left.PacketsUp - right.PacketsUp, left.PacketsDown - right.PacketsDown,
        left.BytesUp - right.BytesUp, left.BytesDown - right.BytesDown);
}
