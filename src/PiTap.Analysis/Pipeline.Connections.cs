using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis;

/// <content>
/// A TCP connection is not the same as a flow: a silent one goes on in a further flow, and another one begins on the ports of one whose end
/// was not seen.
/// </content>
public sealed partial class Pipeline
{
    /// <summary>Bytes by which the first one seen may lie behind a SYN that comes late.</summary>
    private const uint MaxLateBytes = ushort.MaxValue;

    /// <summary>Stands for the first byte where a protocol does not number any.</summary>
    private const uint NoSequence = 1;

    /// <summary>
    /// The first packet of a direction. Where a capture shows the senders' MACs only (Linux cooked), a device that was contacted first is
    /// known by its address until it sends.
    /// </summary>
    private void BeginDirection(OpenFlow flow, in Frame frame, ref uint firstByte, bool isDevice, long timeNs)
    {
        firstByte = frame.Protocol == IpProtocols.Tcp ? frame.TcpFirstByte : NoSequence;
        if (!isDevice || !flow.DeviceMac.IsNone || frame.SourceMac.IsNone || frame.SourceMac.IsGroup || flow.Device == _devices.None)
            return;
        Roles.SetDevice(flow, frame.SourceMac, flow.DeviceIsLow, timeNs, _devices);
        _devices.NoteAddress(frame.Source, flow.Device);
    }

    private static bool IsSyn(in Frame frame) => (frame.TcpFlags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn;

    /// <summary>
    /// True for a SYN on a connection that is over (RFC 9293 section 3.6.1). One with the number of that connection is a try repeated after
    /// a refusal; behind an orderly end it can only be another.
    /// </summary>
    private static bool BeginsAnother(OpenFlow flow, in Frame frame, bool fromLow) =>
        IsSyn(frame) && ((flow.FinFromLow && flow.FinFromHigh) || FirstOf(flow, fromLow) == 0 || IsOfAnother(flow, frame, fromLow));

    /// <summary>True if a SYN, or the answer to one, has another number than the connection that is known.</summary>
    private static bool IsOfAnother(OpenFlow flow, in Frame frame, bool fromLow)
    {
        uint first = FirstOf(flow, fromLow);
        return first != 0 && first - frame.TcpFirstByte > MaxLateBytes;
    }

    private static uint FirstOf(OpenFlow flow, bool fromLow) => fromLow ? flow.FirstFromLow : flow.FirstFromHigh;

    /// <summary>True for a SYN that does not begin what was read so far: that must not begin anew for it.</summary>
    private bool IsStray(OpenFlow flow, in Frame frame, bool fromLow) =>
        (frame.TcpFlags & TcpFlags.Syn) != 0 && _options.FlowIdleTimeoutNs is not null && FirstOf(flow, fromLow) != frame.TcpFirstByte;

    /// <summary>
    /// A SYN on an open connection, or what came of one: see <see cref="Reopening"/>. The flow of the packet, which is another one if a
    /// connection began.
    /// </summary>
    private OpenFlow FollowSyn(OpenFlow flow, in Frame frame, bool fromLow, int source, long bytes, long timeNs)
    {
        if (_options.FlowIdleTimeoutNs is null)
            return flow;
        if (IsSyn(frame))
        {
            if (IsOfAnother(flow, frame, fromLow))
                NoteReopening(flow, frame, fromLow, source, bytes, timeNs);
            return flow;
        }
        return flow.Reopening is Reopening next && IsTaken(flow, next, frame, fromLow) ? Split(flow, next, frame, fromLow) : flow;
    }

    private static void NoteReopening(OpenFlow flow, in Frame frame, bool fromLow, int source, long bytes, long timeNs)
    {
        uint first = frame.TcpFirstByte;
        if (flow.Reopening is null || flow.Reopening.FirstByte != first || flow.Reopening.FromLow != fromLow)
            flow.Reopening = new Reopening(first, fromLow, flow.EndNs);
        flow.Reopening.Count(source, bytes, frame.Payload.Length, timeNs);
    }

    /// <summary>
    /// True if the other side took the SYN. If a capture shows one side alone, there is no answer to wait for: then what that side sends
    /// next has to follow.
    /// </summary>
    private static bool IsTaken(OpenFlow flow, Reopening next, in Frame frame, bool fromLow)
    {
        if ((frame.TcpFlags & (TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.Ack)
            return false;
        if (fromLow != next.FromLow)
            return (frame.TcpFlags & TcpFlags.Syn) != 0 && next.IsBehind(frame.TcpAcknowledgement);
        long answers = fromLow ? flow.PacketsFromHigh : flow.PacketsFromLow;
        return answers == 0 && next.IsBehind(frame.TcpSequence);
    }

    /// <summary>Another connection began with a SYN that was counted on the one before: that one ends, and the SYN moves.</summary>
    private OpenFlow Split(OpenFlow flow, Reopening next, in Frame frame, bool fromLow)
    {
        flow.Reopening = null;
        Count(flow, next, -1);
        if (flow.EndNs == next.EndNs)
            flow.EndNs = next.EndBeforeNs;
        FlowKey key = flow.Key;
        End(flow, FlowEnd.Closed);
        OpenFlow opened = Open(key, frame, fromLow, next.Source, next.StartNs, null);
        if (opened.ClientIsLow != next.FromLow)
        {
            opened.ClientIsLow = next.FromLow;
            SwapRoles(opened, frame, fromLow, next.StartNs);
        }
        opened.AreRolesSure = true;
        opened.EndNs = next.EndNs;
        (next.FromLow ? ref opened.FirstFromLow : ref opened.FirstFromHigh) = next.FirstByte;
        Count(opened, next, 1);
        return opened;
    }

    private void Count(OpenFlow flow, Reopening next, int sign)
    {
        int packets = sign * next.Packets;
        long bytes = sign * next.Bytes;
        (next.FromLow ? ref flow.PacketsFromLow : ref flow.PacketsFromHigh) += packets;
        (next.FromLow ? ref flow.BytesFromLow : ref flow.BytesFromHigh) += bytes;
        _accounts.CountSource(flow, next.Source, packets, bytes);
    }

    /// <summary>Keeps what is known of a connection that may go on: its flow ended, but not it.</summary>
    private void KeepIfSilent(OpenFlow flow, FlowEnd end)
    {
        FlowFacts facts = flow.Facts;
        bool isKnown = facts.Host is not null || facts.AppProto != AppProtocol.Unknown || facts.HasHandshake;
        if (flow.Key.Protocol != IpProtocols.Tcp || end is not (FlowEnd.Idle or FlowEnd.Evicted) || flow.IsReduced || !isKnown)
            return;
        _silent.Keep(flow.Key, flow.Device, KnownConnection.Of(flow), flow.LastSeenNs);
    }

    /// <summary>
    /// A flow that begins without a SYN may be a connection that was silent: it is the same as before. False if it is none.
    /// </summary>
    private bool TryGoOn(OpenFlow flow, in Frame frame, long timeNs)
    {
        if (flow.Key.Protocol != IpProtocols.Tcp || !_silent.TryGet(flow.Key, out KnownConnection known))
            return false;
        _silent.Remove(flow.Key);
        if ((frame.TcpFlags & TcpFlags.Syn) != 0)
            return false;
        flow.Facts = known.Facts;
        flow.ClientIsLow = known.ClientIsLow;
        flow.AreRolesSure = known.AreRolesSure;
        Roles.SetDevice(flow, known.DeviceMac, known.DeviceIsLow, timeNs, _devices);
        return true;
    }
}
