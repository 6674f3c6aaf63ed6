using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Network;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Listens to neighbour discovery, which says who leads out of the link and which addresses are on it. Only what cannot have come from
/// beyond the link is believed: it has the full hop limit (RFC 4861 section 7.1).
/// </summary>
internal sealed class NeighbourInspector(DeviceTable devices) : Inspector
{
    private const byte FullHopLimit = 255;

    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        bool isOfLink = frame.HopLimit == FullHopLimit && !packet.SenderMac.IsNone && packet.Flow.Tunnel is null;
        if (!isOfLink || NeighbourView.Parse(frame.IpPayload, out NeighbourView message) != ParseStatus.Ok)
            return true;
        if (message.IsRouter)
            devices.NoteGateway(packet.SenderMac);
        switch (message.Kind)
        {
            case NeighbourKind.RouterAdvertisement when frame.Source.IsLinkLocal:
                int place = 0;
                while (message.TryNextPrefix(ref place, out AnnouncedPrefix prefix))
                    devices.NotePrefix(prefix);
                break;
            case NeighbourKind.NeighbourAdvertisement:
                Note(packet, message.Target);
                break;
            case NeighbourKind.NeighbourSolicitation:
                // Who has no address yet asks for the one that it wants.
                Note(packet, frame.Source.IsUnspecified ? message.Target : frame.Source);
                break;
        }
        return true;
    }

    public override void Finish(Flow flow)
    {
    }

    private void Note(in PacketContext packet, IpAddress address)
    {
        bool isOfFlow = packet.SenderMac == packet.Flow.DeviceMac;
        devices.NoteAddress(address, isOfFlow ? packet.Flow.Device : devices.Get(packet.SenderMac, address, packet.TimeNs));
    }
}
