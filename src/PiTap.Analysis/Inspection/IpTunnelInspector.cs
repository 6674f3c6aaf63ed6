using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Network.Tunnels;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks into GRE and IP in IP: each packet is handed on as a frame of its own. Never settled.</summary>
internal sealed class IpTunnelInspector : Inspector
{
    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        switch (packet.Flow.Key.Protocol)
        {
            case IpProtocols.Gre when TunnelView.ParseGre(frame.IpPayload, out TunnelView gre) == ParseStatus.Ok:
                packet.Facts.AddAppProto(AppProtocol.Tunnel);
                inner = new InnerPacket(gre.InnerLink, gre.Inner);
                break;
            case IpProtocols.Ipv4 or IpProtocols.Ipv6 when !frame.IpPayload.IsEmpty:
                packet.Facts.AddAppProto(AppProtocol.Tunnel);
                inner = new InnerPacket(LinkType.Raw, frame.IpPayload);
                break;
        }
        return true;
    }

    public override void Finish(Flow flow)
    {
    }
}
