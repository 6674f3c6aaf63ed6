using PiTap.Model;
using PiTap.Wire.Link;
using PiTap.Wire.Network;
using PiTap.Wire.Transport;

namespace PiTap.Wire.Frames;

/// <summary>
/// Which layer of a frame was rejected, and why. It walks over the rejected frame once more: <see cref="Frame"/> itself carries nothing for
/// this.
/// </summary>
/// <param name="Layer">The same as <see cref="Frame.Layer"/>.</param>
/// <param name="Status">The same as <see cref="Frame.Status"/>.</param>
/// <param name="Reason">Who claimed what, and where.</param>
public readonly record struct FrameReject(FrameLayer Layer, ParseStatus Status, RejectReason Reason)
{
    /// <summary>
    /// Explains the <see cref="Frame.Status"/> of a frame; the default value if it is <see cref="ParseStatus.Ok"/>. Never throws, whatever
    /// the bytes.
    /// </summary>
    public static FrameReject Explain(LinkType link, ReadOnlySpan<byte> data)
    {
        ParseStatus status = LinkLayer.Parse(link, data, out LinkView view);
        // What a capture puts before a packet may have a part behind it.
        if (!data.Overlaps(view.Payload, out int offset))
            offset = data.Length - view.Payload.Length;
        if (status != ParseStatus.Ok)
        {
            int available = status == ParseStatus.Truncated ? view.Payload.Length : view.Found;
            return new FrameReject(FrameLayer.Link, status, new RejectReason(view.Claim, offset, view.Required, available));
        }
        return Explain(view, offset);
    }

    /// <summary>The same for a packet whose link layer was read before.</summary>
    /// <param name="view">What was read.</param>
    /// <param name="offset">Where what follows it stands, from the first byte captured.</param>
    public static FrameReject Explain(scoped in LinkView view, int offset)
    {
        return view.EtherType switch
        {
            EtherTypes.Ipv4 => OfIpv4(view.Payload, offset),
            EtherTypes.Ipv6 => OfIpv6(view.Payload, offset),
            _ => default,
        };
    }

    private static FrameReject OfIpv4(ReadOnlySpan<byte> packet, int offset)
    {
        ParseStatus status = Ipv4View.Parse(packet, out Ipv4View ip);
        if (status != ParseStatus.Ok)
            return new FrameReject(FrameLayer.Network, status, Ipv4View.Explain(packet).At(offset, RejectClaim.None));
        if (ip.FragmentOffset > 0)
            return default;
        int payloadOffset = offset + ip.HeaderLength;
        RejectClaim bound = ip.HeaderLength + ip.Payload.Length < packet.Length ? RejectClaim.Ipv4TotalLength : RejectClaim.None;
        return ip.Protocol == IpProtocols.Authentication
            ? OfExtensions(ip.Protocol, ip.Payload, payloadOffset, bound, knowsFragments: false)
            : OfTransport(ip.Protocol, ip.Payload, payloadOffset, bound);
    }

    private static FrameReject OfIpv6(ReadOnlySpan<byte> packet, int offset)
    {
        ParseStatus status = Ipv6View.Parse(packet, out Ipv6View ip);
        if (status != ParseStatus.Ok)
            return new FrameReject(FrameLayer.Network, status, Ipv6View.Explain(packet).At(offset, RejectClaim.None));
        RejectClaim bound = Ipv6View.HeaderLength + ip.Payload.Length < packet.Length ? RejectClaim.Ipv6PayloadLength : RejectClaim.None;
        return OfExtensions(ip.NextHeader, ip.Payload, offset + Ipv6View.HeaderLength, bound, knowsFragments: true);
    }

    /// <summary>IPv4 says in its own header what is a fragment: a fragment header behind it, which makes no sense, says nothing.</summary>
    private static FrameReject OfExtensions(byte protocol, ReadOnlySpan<byte> payload, int offset, RejectClaim bound, bool knowsFragments)
    {
        ParseStatus status = ExtensionHeaders.Walk(protocol, payload, out ExtensionHeaders extensions);
        offset += payload.Length - extensions.Payload.Length;
        if (status != ParseStatus.Ok)
            return new FrameReject(FrameLayer.Network, status, extensions.Explain(status).At(offset, bound));
        if (knowsFragments && extensions.FragmentOffset > 0)
            return default;
        return OfTransport(extensions.Protocol, extensions.Payload, offset, bound);
    }

    private static FrameReject OfTransport(byte protocol, ReadOnlySpan<byte> segment, int offset, RejectClaim bound)
    {
        ParseStatus status = protocol switch
        {
            IpProtocols.Tcp => TcpView.Parse(segment, out _),
            IpProtocols.Udp => UdpView.Parse(segment, out _),
            _ => ParseStatus.Ok,
        };
        if (status == ParseStatus.Ok)
            return default;
        RejectReason reason = protocol == IpProtocols.Tcp ? TcpView.Explain(segment) : UdpView.Explain(segment);
        return new FrameReject(FrameLayer.Transport, status, reason.At(offset, bound));
    }
}
