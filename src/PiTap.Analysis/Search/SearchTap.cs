using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Streams;

namespace PiTap.Analysis.Search;

/// <summary>Shows one flow to the searcher until the flow's budget is used up.</summary>
internal sealed class SearchTap(IPayloadSearcher searcher, MemoryAccount budget, Losses losses)
{
    /// <summary>
    /// What a flow that is searched keeps in memory beside its segments, about: this object, and the inspector that would be gone.
    /// </summary>
    private const int FlowBytes = 2_048;

    private int _accounted;
    private int _lowState;
    private int _highState;

    /// <summary>True while the searcher wants more of the flow.</summary>
    public bool IsOpen => _accounted > 0;

    /// <summary>False if the memory for searching is used up.</summary>
    public bool TryOpen() => budget.TryAdjust(ref _accounted, FlowBytes);

    /// <summary>A direction begins anew: another connection on the same ports.</summary>
    public void Begin(bool isLow) => StateOf(isLow) = 0;

    public void OnBytes(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> room = Take(packet.Flow, bytes);
        if (!room.IsEmpty)
            searcher.OnStream(Origin(packet), room, ref StateOf(packet.FromLow));
    }

    public void OnGap(in PacketContext packet, long bytes)
    {
        if (!IsOpen)
            return;
        losses.Count(Losses.SearchGapBytes, bytes);
        searcher.OnGap(Origin(packet), bytes, ref StateOf(packet.FromLow));
    }

    public void OnDatagram(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> room = Take(packet.Flow, bytes);
        if (!room.IsEmpty)
            searcher.OnDatagram(Origin(packet), room);
    }

    /// <summary>The flow ends, or the searcher has seen enough of it.</summary>
    public void Close() => budget.TryAdjust(ref _accounted, 0);

    /// <summary>What the flow's budget has room for; nothing once it is used up.</summary>
    private ReadOnlySpan<byte> Take(Flow flow, ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen)
            return default;
        int room = Limits.SearchBytesPerFlow - flow.SearchedBytes;
        if (bytes.Length <= room)
        {
            flow.SearchedBytes += bytes.Length;
            return bytes;
        }
        flow.SearchedBytes = Limits.SearchBytesPerFlow;
        losses.Count(Losses.SearchFlowsCut);
        Close();
        return bytes[..room];
    }

    private ref int StateOf(bool isLow) => ref isLow ? ref _lowState : ref _highState;

    private static PayloadOrigin Origin(in PacketContext packet)
    {
        Flow flow = packet.Flow;
        Flow seen = flow.Tunnel ?? flow;
        return new PayloadOrigin(seen.Sequence, seen.Device.Id, packet.FromLow == flow.ClientIsLow, packet.TimeNs);
    }
}
