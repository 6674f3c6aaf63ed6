using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Analysis.Records;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Network.Tunnels;

namespace PiTap.Analysis;

/// <content>
/// Mirrors: routers and switches send copies of what passes them through a tunnel (TZSP, ERSPAN, VXLAN). The copies are the capture; what
/// carries them is nobody's traffic.
/// </content>
public sealed partial class Pipeline
{
    private readonly MirrorPairs _mirrors;
    private readonly DoubledPackets _doubled = new();
    private int _mirrorDepth;

    /// <summary>Flows that are looked at, newest first, for what carried a mirror's copies before it was known.</summary>
    private const int MaxDissolved = 64;

    /// <summary>
    /// True for a packet that carries a mirror's copy. Copies come from the same network, and live to this machine: what others send from
    /// afar, or to a neighbour, opens no way to put words into the mouths of devices here.
    /// </summary>
    private bool IsMirrored(in Frame frame) => TryOpenMirror(frame, out _);

    private bool MayMirror(IpAddress from, IpAddress to) =>
        _devices.IsHere(from) && _devices.IsHere(to) && (_options.IsMirrorTarget is null || _options.IsMirrorTarget(to));

    private bool TryOpenMirror(in Frame frame, out InnerPacket inner)
    {
        inner = default;
        if (frame.Protocol is not (IpProtocols.Udp or IpProtocols.Gre) || _mirrorDepth >= Limits.TunnelDepth
            || !MayMirror(frame.Source, frame.Destination))
            return false;
        TunnelView view = default;
        ParseStatus status = ParseStatus.NotParsed;
        if (frame.Protocol == IpProtocols.Gre)
            status = TunnelView.ParseGre(frame.IpPayload, out view);
        else if (frame.DestinationPort == Ports.Tzsp)
            status = TunnelView.ParseTzsp(frame.Payload, out view);
        else if (frame.DestinationPort is Ports.Vxlan or Ports.LinuxVxlan)
            status = TunnelView.ParseVxlan(frame.Payload, out view);
        if (status != ParseStatus.Ok)
            return false;
        if (!view.IsMirror && (view.InnerLink != LinkType.Ethernet || !_mirrors.IsMirror(frame.Source, frame.Destination)))
            return false;
        inner = new InnerPacket(view.InnerLink, view.Inner);
        return true;
    }

    /// <summary>Takes a mirrored packet in the place of those that carried it. What these are longer by belongs to no device.</summary>
    private void TakeMirrored(in Frame frame, int source, int packets, int length, long timeNs)
    {
        const int EthernetLength = 14, Ipv4Length = 20, Ipv6Length = 40, UdpLength = 8;
        if (!TryOpenMirror(frame, out InnerPacket inner))
            return;
        int carrier = EthernetLength + (frame.Source.IsV4 ? Ipv4Length : Ipv6Length)
            + (frame.Protocol == IpProtocols.Udp ? UdpLength + frame.Payload.Length : frame.IpPayload.Length) - inner.Data.Length;
        // Where packets were cut, the copy was longer than what is left of it.
        int innerLength = frame.IsCut ? Math.Max(inner.Data.Length, length - carrier) : Math.Min(inner.Data.Length, length);
        CountCarriers(source, packets - 1, length - innerLength);
        _mirrorDepth++;
        Read(
            new CapturedPacket { TimeNs = timeNs, Link = inner.Link, OriginalLength = innerLength, Data = inner.Data },
            source, innerLength);
        _mirrorDepth--;
    }

    private void CountCarriers(int source, int packets, long bytes)
    {
        SourceTotals totals = _accounts[source];
        totals.Kept += packets;
        totals.BytesKept += bytes;
        _accounts.CountMinute(_devices.None, true, packets, bytes);
    }

    /// <summary>
    /// A frame in a tunnel may prove that the tunnel is a mirror's: then what was taken for a tunnel's flow so far was none.
    /// </summary>
    private bool IsFoundMirror(OpenFlow tunnel, bool fromLow, in Frame inner)
    {
        (IpAddress from, IpAddress to) = fromLow ? (tunnel.Key.Low, tunnel.Key.High) : (tunnel.Key.High, tunnel.Key.Low);
        if (!MayMirror(from, to) || !_mirrors.Proves(from, to, inner.SourceMac, inner.DestinationMac))
            return false;
        // Each conversation in it may have had a port of its own.
        FlowKey key = tunnel.Key;
        OpenFlow? flow = tunnel;
        for (int i = 0; i < MaxDissolved && flow is not null; i++)
        {
            OpenFlow? older = flow.Older;
            bool isOfPair = flow.Key.Low == key.Low && flow.Key.High == key.High;
            if (isOfPair && flow.Tunnel is null && flow.Facts.Has(AppProtocol.Tunnel))
                Dissolve(flow);
            flow = older;
        }
        return true;
    }

    /// <summary>Drops a flow that was none. What was handed on of it stays.</summary>
    private void Dissolve(OpenFlow flow)
    {
        if (flow.WasStored || flow.IsReduced)
            return;
        Device carrier = flow.Device;
        while (flow.Inner is OpenFlow inner)
            Drop(inner);
        Drop(flow);
        _devices.Dissolve(carrier);
    }
}
