using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Network.Tunnels;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks into GRE and IP in IP: each packet is handed on as a frame of its own.</summary>
internal sealed class IpTunnelInspector(InspectionContext context) : Inspector
{
    public override void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs)
    {
        switch (flow.Key.Protocol)
        {
            case IpProtocols.Gre when TunnelView.ParseGre(frame.IpPayload, out TunnelView gre) == ParseStatus.Ok:
                flow.Facts.AddAppProto(AppProtocol.Tunnel);
                context.SetInner(gre.InnerLink, gre.Inner);
                break;
            case IpProtocols.Ipv4 or IpProtocols.Ipv6 when !frame.IpPayload.IsEmpty:
                flow.Facts.AddAppProto(AppProtocol.Tunnel);
                context.SetInner(LinkType.Raw, frame.IpPayload);
                break;
        }
    }

    public override void Finish(Flow flow)
    {
    }
}
