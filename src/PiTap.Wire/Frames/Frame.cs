using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire.Link;
using PiTap.Wire.Network;
using PiTap.Wire.Transport;

namespace PiTap.Wire.Frames;

/// <summary>The layers of a frame, for saying which of them a packet was rejected at.</summary>
public enum FrameLayer : byte
{
    /// <summary>Ethernet, cooked, loopback, PPP and their tags.</summary>
    Link = 0,
    /// <summary>IPv4, IPv6, ARP.</summary>
    Network = 1,
    /// <summary>TCP, UDP.</summary>
    Transport = 2,
}

/// <summary>
/// One walk from the link layer to the transport layer: the only place where layers are chained. It keeps what it reached: a frame whose
/// TCP header is cut still has its addresses. IP is the outermost one; what a tunnel carries is a frame of its own.
/// </summary>
public ref struct Frame
{
    /// <summary>Sender on the link; none if the link has no addresses.</summary>
    public MacAddress SourceMac { get; internal set; }

    /// <summary>Receiver on the link; none if the link has no addresses.</summary>
    public MacAddress DestinationMac { get; internal set; }

    /// <summary>True for what the capturing machine sent, false for what it did not; null where the link layer does not tell.</summary>
    public bool? IsOutgoing { get; internal set; }

    /// <summary>EtherType of the network layer; 0 if unknown.</summary>
    public ushort EtherType { get; internal set; }

    /// <summary>True if <see cref="Source"/>, <see cref="Destination"/> and <see cref="Protocol"/> hold.</summary>
    public bool IsIp { get; internal set; }

    /// <summary>True if ports, and for TCP the rest of the header, hold.</summary>
    public bool HasTransport { get; internal set; }

    /// <summary>IP sender.</summary>
    public IpAddress Source { get; internal set; }

    /// <summary>IP receiver.</summary>
    public IpAddress Destination { get; internal set; }

    /// <summary>IP protocol number behind all extension headers.</summary>
    public byte Protocol { get; internal set; }

    /// <summary>IPv6: how many routers may still pass it on; 0 for IPv4.</summary>
    public byte HopLimit { get; internal set; }

    /// <summary>True for a part of an IP datagram.</summary>
    public bool IsFragment { get; internal set; }

    /// <summary>True if further fragments follow.</summary>
    public bool HasMoreFragments { get; internal set; }

    /// <summary>Where <see cref="IpPayload"/> stands in the datagram, in bytes.</summary>
    public int FragmentOffset { get; internal set; }

    /// <summary>Common to all fragments of a datagram.</summary>
    public uint FragmentIdentification { get; internal set; }

    /// <summary>What IP carries, behind extension headers; of a fragment, its part. For ARP the ARP packet.</summary>
    public ReadOnlySpan<byte> IpPayload { get; internal set; }

    /// <summary>The sender's port; 0 if there is none.</summary>
    public ushort SourcePort { get; internal set; }

    /// <summary>The receiver's port; 0 if there is none.</summary>
    public ushort DestinationPort { get; internal set; }

    /// <summary>TCP control bits.</summary>
    public TcpFlags TcpFlags { get; internal set; }

    /// <summary>TCP sequence number.</summary>
    public uint TcpSequence { get; internal set; }

    /// <summary>Number of the first byte that stands here or would: a SYN takes one itself (RFC 9293 section 3.4).</summary>
    public readonly uint TcpFirstByte => (TcpFlags & TcpFlags.Syn) != 0 ? TcpSequence + 1 : TcpSequence;

    /// <summary>TCP acknowledgement number.</summary>
    public uint TcpAcknowledgement { get; internal set; }

    /// <summary>What TCP or UDP carries, as far as it was captured.</summary>
    public ReadOnlySpan<byte> Payload { get; internal set; }

    /// <summary>True if IP says that there is more of the packet than was captured.</summary>
    public bool IsCut { get; internal set; }

    /// <summary>The layer that <see cref="Status"/> is about.</summary>
    public FrameLayer Layer { get; internal set; }

    /// <summary>Ok where every known layer was read.</summary>
    public ParseStatus Status { get; internal set; }

    /// <summary>Reads a frame as far as it can be read. Never throws, whatever the bytes.</summary>
    public static void Parse(LinkType link, ReadOnlySpan<byte> data, out Frame frame)
    {
        frame = default;
        if (link != LinkType.Ethernet || !frame.TryReadUsual(data))
            frame.Walk(link, data);
    }

    /// <summary>The same for a packet whose link layer was read before.</summary>
    public static void Parse(in LinkView link, out Frame frame)
    {
        frame = default;
        frame.Status = ParseStatus.Ok;
        frame.TakeLink(link);
    }

    /// <summary>Layer by layer, whatever they are.</summary>
    internal void Walk(LinkType link, ReadOnlySpan<byte> data)
    {
        Status = LinkLayer.Parse(link, data, out LinkView linkView);
        TakeLink(linkView);
    }

    private void TakeLink(in LinkView linkView)
    {
        SourceMac = linkView.Source;
        DestinationMac = linkView.Destination;
        IsOutgoing = linkView.IsOutgoing;
        EtherType = linkView.EtherType;
        if (Status != ParseStatus.Ok)
            return;
        Layer = FrameLayer.Network;
        switch (linkView.EtherType)
        {
            case EtherTypes.Ipv4:
                ReadIpv4(linkView.Payload);
                break;
            case EtherTypes.Ipv6:
                ReadIpv6(linkView.Payload);
                break;
            default:
                IpPayload = linkView.Payload;
                break;
        }
    }

    /// <summary>
    /// Reads TCP or UDP of a whole IP payload into an already read frame: for a datagram put together from its fragments.
    /// </summary>
    public void ReadTransport(ReadOnlySpan<byte> ipPayload)
    {
        Layer = FrameLayer.Transport;
        IpPayload = ipPayload;
        switch (Protocol)
        {
            case IpProtocols.Tcp:
                Status = TcpView.Parse(ipPayload, out TcpView tcp);
                if (Status != ParseStatus.Ok)
                    return;
                SourcePort = tcp.SourcePort;
                DestinationPort = tcp.DestinationPort;
                TcpFlags = tcp.Flags;
                TcpSequence = tcp.Sequence;
                TcpAcknowledgement = tcp.Acknowledgement;
                Payload = tcp.Payload;
                HasTransport = true;
                break;
            case IpProtocols.Udp:
                Status = UdpView.Parse(ipPayload, out UdpView udp);
                if (Status != ParseStatus.Ok)
                    return;
                SourcePort = udp.SourcePort;
                DestinationPort = udp.DestinationPort;
                Payload = udp.Payload;
                HasTransport = true;
                break;
            default:
                Payload = ipPayload;
                break;
        }
    }

    /// <summary>Gives a later fragment the ports that the first fragment of its datagram told.</summary>
    public void SetPorts(ushort sourcePort, ushort destinationPort)
    {
        SourcePort = sourcePort;
        DestinationPort = destinationPort;
    }

    /// <summary>A frame of which only the addresses are known: it stands for fragments whose first part never came.</summary>
    public static Frame WithoutTransport(IpAddress source, IpAddress destination, byte protocol, MacAddress sourceMac, MacAddress destinationMac) => new()
    {
        IsIp = true,
        Source = source,
        Destination = destination,
        Protocol = protocol,
        SourceMac = sourceMac,
        DestinationMac = destinationMac,
    };

    /// <summary>A frame of which only the sender and the receiver on the link are known.</summary>
    public static Frame WithoutNetwork(MacAddress sourceMac, MacAddress destinationMac) => new()
    {
        SourceMac = sourceMac,
        DestinationMac = destinationMac,
        Status = ParseStatus.Ok,
    };

    /// <summary>
    /// What most frames are: a whole datagram of IPv4 without options, right behind the Ethernet header, with TCP or UDP in it. It leaves
    /// what <see cref="Walk"/> would, in half the time (on ARM64: 170 instructions a packet less); false, and nothing changed, for all
    /// others.
    /// </summary>
    private bool TryReadUsual(ReadOnlySpan<byte> data)
    {
        const int IpOffset = 14, TransportOffset = IpOffset + 20, MinLength = TransportOffset + 20;
        const byte VersionAndLength = 0x45;
        const ushort FragmentBits = 0x3fff;
        if (data.Length < MinLength
            || BinaryPrimitives.ReadUInt16BigEndian(data[12..]) != EtherTypes.Ipv4
            || data[IpOffset] != VersionAndLength)
            return false;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(data[(IpOffset + 2)..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(data[(IpOffset + 6)..]) & FragmentBits) != 0;
        byte protocol = data[IpOffset + 9];
        if (isFragment
            || totalLength < MinLength - IpOffset
            || totalLength > data.Length - IpOffset
            || protocol is not (IpProtocols.Tcp or IpProtocols.Udp))
            return false;
        ReadOnlySpan<byte> segment = data[TransportOffset..(IpOffset + totalLength)];
        int headerLength = 8, end = segment.Length;
        if (protocol == IpProtocols.Tcp)
        {
            headerLength = (segment[12] >> 4) * 4;
            if (headerLength < 20 || headerLength > segment.Length)
                return false;
            TcpSequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]);
            TcpAcknowledgement = BinaryPrimitives.ReadUInt32BigEndian(segment[8..]);
            TcpFlags = (TcpFlags)(segment[13] & 0x3f);
        }
        else
        {
            int claimed = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
            if (claimed >= headerLength)
                end = Math.Min(claimed, end);
        }
        DestinationMac = MacAddress.Read(data);
        SourceMac = MacAddress.Read(data[6..]);
        EtherType = EtherTypes.Ipv4;
        IsIp = HasTransport = true;
        Source = IpAddress.ReadV4(data[(IpOffset + 12)..]);
        Destination = IpAddress.ReadV4(data[(IpOffset + 16)..]);
        Protocol = protocol;
        FragmentIdentification = BinaryPrimitives.ReadUInt16BigEndian(data[(IpOffset + 4)..]);
        IpPayload = segment;
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(segment);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        Payload = segment[headerLength..end];
        Layer = FrameLayer.Transport;
        Status = ParseStatus.Ok;
        return true;
    }

    private void ReadIpv4(ReadOnlySpan<byte> packet)
    {
        Status = Ipv4View.Parse(packet, out Ipv4View ip);
        if (Status != ParseStatus.Ok)
            return;
        IsIp = true;
        Source = ip.Source;
        Destination = ip.Destination;
        Protocol = ip.Protocol;
        IpPayload = ip.Payload;
        IsCut = ip.IsPayloadTruncated;
        FragmentOffset = ip.FragmentOffset;
        HasMoreFragments = ip.HasMoreFragments;
        IsFragment = HasMoreFragments || FragmentOffset > 0;
        FragmentIdentification = ip.Identification;
        if (Protocol == IpProtocols.Authentication && FragmentOffset == 0)
        {
            Status = ExtensionHeaders.Walk(Protocol, ip.Payload, out ExtensionHeaders extensions);
            Protocol = extensions.Protocol;
            IpPayload = extensions.Payload;
        }
        if (Status == ParseStatus.Ok && FragmentOffset == 0)
            ReadTransport(IpPayload);
    }

    private void ReadIpv6(ReadOnlySpan<byte> packet)
    {
        Status = Ipv6View.Parse(packet, out Ipv6View ip);
        if (Status != ParseStatus.Ok)
            return;
        IsIp = true;
        Source = ip.Source;
        Destination = ip.Destination;
        HopLimit = ip.HopLimit;
        Status = ExtensionHeaders.Walk(ip.NextHeader, ip.Payload, out ExtensionHeaders extensions);
        Protocol = extensions.Protocol;
        IpPayload = extensions.Payload;
        IsCut = ip.IsPayloadTruncated;
        IsFragment = extensions.IsFragment;
        HasMoreFragments = extensions.HasMoreFragments;
        FragmentOffset = extensions.FragmentOffset;
        FragmentIdentification = extensions.Identification;
        if (Status == ParseStatus.Ok && FragmentOffset == 0)
            ReadTransport(IpPayload);
    }
}
