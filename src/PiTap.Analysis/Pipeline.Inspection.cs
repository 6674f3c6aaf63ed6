using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis;

/// <content>Looking into a packet, and into what a tunnel carries.</content>
public sealed partial class Pipeline
{
    private void Inspect(OpenFlow flow, in Frame frame, bool fromLow, long timeNs)
    {
        if (flow.IsReduced || IsStray(flow, frame, fromLow))
            return;
        if (frame.IsCut)
            flow.Facts.IsCut = true;
        if (flow.Inspector is null && !Waking.Wakes(flow, frame))
            return;
        bool clientIsLow = flow.ClientIsLow;
        LookInto(flow, new PacketContext(flow, fromLow, timeNs, frame.SourceMac), frame, out InnerPacket inner);
        if (flow.ClientIsLow != clientIsLow)
            SwapRoles(flow, frame, fromLow, timeNs);
        ReduceIfIgnored(flow);
        if (!inner.Data.IsEmpty)
            InspectInner(flow, fromLow, inner, timeNs);
    }

    private void LookInto(OpenFlow flow, scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        flow.Inspector ??= _inspectors.Create(flow);
        if (flow.Inspector is not null && !flow.Inspector.Inspect(packet, frame, out inner))
            flow.Inspector = null;
    }

    /// <summary>The side taken for the server was the client: what followed from the guess follows from the truth now.</summary>
    private void SwapRoles(OpenFlow flow, in Frame frame, bool fromLow, long timeNs)
    {
        Roles.AssignDevice(flow, frame, fromLow, timeNs, _devices);
        flow.Facts.DropAddressName();
        _names.Addresses.NameServer(flow);
    }

    /// <summary>
    /// A tunnelled packet belongs to its tunnel's flow, whose counters have it already. It goes through a flow of its own here, so that
    /// streams are put together, and what is found is noted on the tunnel.
    /// </summary>
    private void InspectInner(OpenFlow outer, bool outerFromLow, InnerPacket inner, long timeNs)
    {
        for (int depth = 0; depth < Limits.TunnelDepth; depth++)
        {
            Frame.Parse(inner.Link, inner.Data, out Frame frame);
            if (depth == 0 && inner.Link == LinkType.Ethernet && IsFoundMirror(outer, outerFromLow, frame))
                return;
            if (!frame.IsIp || frame.IsFragment)
                return;
            var key = new FlowKey(frame, (uint)outer.Sequence, out bool fromLow);
            OpenFlow? flow = _flows.Find(key);
            if (flow is null)
            {
                MakeRoom(outer);
                flow = Open(key, frame, fromLow, 0, timeNs, _devices.None);
                flow.EnterTunnel(outer);
            }
            flow.Queue!.Touch(flow, _clock.NowNs);
            if (flow.Inspector is null && !Waking.Wakes(flow, frame))
                return;
            LookInto(flow, new PacketContext(flow, fromLow, timeNs, frame.SourceMac), frame, out inner);
            ReduceIfIgnored(outer);
            if (inner.Data.IsEmpty)
                return;
        }
    }
}
