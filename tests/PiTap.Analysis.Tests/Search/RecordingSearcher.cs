using PiTap.Analysis.Search;

namespace PiTap.Analysis.Tests.Search;

/// <summary>Keeps what it is shown.</summary>
internal sealed class RecordingSearcher : IPayloadSearcher
{
    private readonly Dictionary<(long Flow, bool IsFromClient), List<byte>> _streams = [];

    /// <summary>Datagrams with who sent them.</summary>
    public List<(bool IsFromClient, byte[] Bytes)> Datagrams { get; } = [];

    public List<(bool IsFromClient, long Bytes)> Gaps { get; } = [];

    /// <summary>The state as it was found at each call, by direction.</summary>
    public List<(bool IsFromClient, int State)> States { get; } = [];

    public long Bytes { get; private set; }

    public HashSet<string> Devices { get; } = [];

    public byte[] Stream(bool isFromClient, long flow = 1) => [.. _streams.GetValueOrDefault((flow, isFromClient), [])];

    public void OnStream(in PayloadOrigin origin, ReadOnlySpan<byte> bytes, ref int state)
    {
        Assert.False(bytes.IsEmpty);
        if (!_streams.TryGetValue((origin.Flow, origin.IsFromClient), out List<byte>? stream))
            _streams.Add((origin.Flow, origin.IsFromClient), stream = []);
        stream.AddRange(bytes);
        States.Add((origin.IsFromClient, state));
        state += bytes.Length;
        Bytes += bytes.Length;
        Devices.Add(origin.Device);
    }

    public void OnGap(in PayloadOrigin origin, long bytes, ref int state)
    {
        Gaps.Add((origin.IsFromClient, bytes));
        state = 0;
    }

    public void OnDatagram(in PayloadOrigin origin, ReadOnlySpan<byte> bytes)
    {
        Datagrams.Add((origin.IsFromClient, bytes.ToArray()));
        Bytes += bytes.Length;
        Devices.Add(origin.Device);
    }
}
