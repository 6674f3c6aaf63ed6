#pragma warning disable CA1822
using PiTap.Model;

namespace PiTap.Capture;

// The shape of the capture room, so that the host builds without it. To be deleted with its first version.
internal sealed class CaptureException(string message) : Exception(message);

internal sealed class LiveCaptureOptions
{
    public required string Interface { get; init; }
    public string? Filter { get; init; }
    public int SnapLength { get; init; } = 262144;
    public int BufferBytes { get; init; } = 64 << 20;
    public bool IsPromiscuous { get; init; } = true;
    public IReadOnlyList<int> ManagementPorts { get; init; } = [22];
}

internal sealed class FilePacketSource : IPacketSource
{
    public const string StandardInput = "-";
    public string Name => "";
    public string? Failure => null;
    public long BytesRead => 0;
    public long? LengthBytes => 0;
    public static FilePacketSource Open(string path) => throw new CaptureException("there is no capture yet: " + path);
    public ReadStatus Read(out CapturedPacket packet)
    {
        packet = default;
        return ReadStatus.End;
    }
    public SourceCounters Counters() => new() { Source = Name };
    public void Dispose() { }
}

internal static class LivePacketSource
{
    public static IPacketSource Open(LiveCaptureOptions options) => throw new CaptureException("there is no capture yet");
}
