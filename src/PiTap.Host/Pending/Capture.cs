#pragma warning disable CA1822
using PiTap.Model;

namespace PiTap.Capture;

// The shape of the live capture, so that the host builds without it. To be deleted with its first version.
internal sealed class LiveCaptureOptions
{
    public required string Interface { get; init; }
    public string? Filter { get; init; }
    public int SnapLengthBytes { get; init; } = 262144;
    public int KernelBufferBytes { get; init; } = 8 << 20;
    public bool Promiscuous { get; init; } = true;
    public IReadOnlyList<int> ManagementPorts { get; init; } = [22];
    public Action<string>? Notice { get; init; }
    public void Validate() { }
}

internal sealed class LivePacketSource : IPacketSource
{
    public string Name => "";
    public string? Failure => null;
    public string KernelFilter => "";
    public ReadStatus Read(out CapturedPacket packet)
    {
        packet = default;
        return ReadStatus.End;
    }
    public SourceCounters Counters() => new() { Source = Name };
    public void Dispose() { }
}

internal sealed class MultiPacketSource : IPacketSource
{
    public IReadOnlyList<LivePacketSource> Sources => [];
    public string Name => "";
    public string? Failure => null;
    public static MultiPacketSource Open(IReadOnlyList<LiveCaptureOptions> options) => throw new CaptureException("there is no capture yet");
    public void Stop() { }
    public ReadStatus Read(out CapturedPacket packet)
    {
        packet = default;
        return ReadStatus.End;
    }
    public SourceCounters Counters() => new() { Source = Name };
    public void Dispose() { }
}
