using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>An IPv6 header and what it carries (RFC 8200 section 3); extension headers are walked by <see cref="ExtensionHeaders"/>.</summary>
public readonly ref struct Ipv6View
{
    private const int HeaderLength = 40;
    private readonly ReadOnlySpan<byte> _packet;

    private Ipv6View(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, int payloadLength)
    {
        _packet = packet;
        Payload = payload;
        PayloadLength = payloadLength;
    }

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.ReadV6(_packet[8..]);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.ReadV6(_packet[24..]);

    /// <summary>Protocol number of what follows this header: an extension or the payload itself.</summary>
    public byte NextHeader => _packet[6];

    /// <summary>Extension headers and payload at hand, without link padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Length of the payload as the header claims it, in bytes.</summary>
    public int PayloadLength { get; }

    /// <summary>Reads the header. The payload length may be 0: jumbograms (RFC 2675), and segments that the network card will cut.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out Ipv6View view)
    {
        view = default;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (packet[0] >> 4 != 6)
            return ParseStatus.Malformed;
        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (payloadLength == 0)
            payloadLength = packet.Length - HeaderLength;
        view = new Ipv6View(packet, packet.Slice(HeaderLength, Math.Min(payloadLength, packet.Length - HeaderLength)), payloadLength);
        return ParseStatus.Ok;
    }
}

/// <summary>What the extension headers of a packet lead to.</summary>
public ref struct ExtensionHeaders
{
    /// <summary>Extension headers on one packet; longer chains are refused. RFC 8200 section 4.1 knows seven.</summary>
    public const int MaxHeaders = 16;

    /// <summary>Protocol number of the payload.</summary>
    public byte Protocol { get; internal set; }

    /// <summary>The payload at hand.</summary>
    public ReadOnlySpan<byte> Payload { get; internal set; }

    /// <summary>True where a fragment header was met that is not an atomic fragment (RFC 6946).</summary>
    public bool IsFragment { get; internal set; }

    /// <summary>True where further fragments follow.</summary>
    public bool HasMoreFragments { get; internal set; }

    /// <summary>Where this fragment's payload stands in the datagram, in bytes.</summary>
    public int FragmentOffset { get; internal set; }

    /// <summary>Identification, common to all fragments of a datagram.</summary>
    public uint Identification { get; internal set; }

    /// <summary>
    /// Walks from a first protocol number over hop-by-hop, routing, destination, mobility, shim6, fragment and authentication headers (RFC 8200
    /// section 4, RFC 4302) to the payload. IPv4 may carry an authentication header too. A later fragment ends the walk: what follows is the middle of something.
    /// </summary>
    public static ParseStatus Walk(byte protocol, ReadOnlySpan<byte> payload, out ExtensionHeaders result)
    {
        result = default;
        result.Protocol = protocol;
        result.Payload = payload;
        for (int i = 0; i < MaxHeaders; i++)
        {
            int length;
            switch (result.Protocol)
            {
                case IpProtocols.HopByHop:
                case IpProtocols.Routing:
                case IpProtocols.DestinationOptions:
                case IpProtocols.Mobility:
                case IpProtocols.Shim6:
                    if (result.Payload.Length < 2)
                        return ParseStatus.Truncated;
                    length = (result.Payload[1] + 1) * 8;
                    break;
                case IpProtocols.Authentication:
                    if (result.Payload.Length < 2)
                        return ParseStatus.Truncated;
                    length = (result.Payload[1] + 2) * 4;
                    break;
                case IpProtocols.Fragment:
                    if (result.Payload.Length < 8)
                        return ParseStatus.Truncated;
                    result.ReadFragment();
                    length = 8;
                    break;
                default:
                    return ParseStatus.Ok;
            }
            if (result.Payload.Length < length)
                return ParseStatus.Truncated;
            result.Protocol = result.Payload[0];
            result.Payload = result.Payload[length..];
            if (result.FragmentOffset > 0)
                return ParseStatus.Ok;
        }
        return ParseStatus.Malformed;
    }

    private void ReadFragment()
    {
        ushort field = BinaryPrimitives.ReadUInt16BigEndian(Payload[2..]);
        FragmentOffset = field & 0xfff8;
        HasMoreFragments = (field & 1) != 0;
        IsFragment = HasMoreFragments || FragmentOffset > 0;
        Identification = BinaryPrimitives.ReadUInt32BigEndian(Payload[4..]);
    }
}
