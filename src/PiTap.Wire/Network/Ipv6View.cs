using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>
/// An IPv6 header and what it carries (RFC 8200 section 3); extension headers are walked by <see cref="ExtensionHeaders"/>.
/// <code>
///   0                   1                   2                   3
///  +-------+---------------+---------------------------------------+
///  |Version| Traffic class |               Flow label              |
///  +-------+---------------+-------+---------------+---------------+
///  |         Payload length        |  Next header  |   Hop limit   |
///  +-------------------------------+---------------+---------------+
///  |                   Source address, 16 bytes                    |
///  +---------------------------------------------------------------+
///  |                 Destination address, 16 bytes                 |
///  +---------------------------------------------------------------+
/// </code>
/// </summary>
public readonly ref struct Ipv6View
{
    private const int VersionOffset = 0;
    private const int PayloadLengthOffset = 4;
    private const int NextHeaderOffset = 6;
    private const int HopLimitOffset = 7;
    private const int SourceOffset = 8;
    private const int DestinationOffset = 24;
    private const byte Version = 6;

    /// <summary>Length of the header, in bytes.</summary>
    internal const int HeaderLength = 40;

    private readonly ReadOnlySpan<byte> _packet;

    private Ipv6View(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, int payloadLength)
    {
        _packet = packet;
        Payload = payload;
        PayloadLength = payloadLength;
    }

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.ReadV6(_packet[SourceOffset..]);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.ReadV6(_packet[DestinationOffset..]);

    /// <summary>Protocol number of what follows this header: an extension or the payload itself.</summary>
    public byte NextHeader => _packet[NextHeaderOffset];

    /// <summary>How many routers may still pass the packet on.</summary>
    public byte HopLimit => _packet[HopLimitOffset];

    /// <summary>Extension headers and payload captured, without link padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Length of the payload as the header claims it, in bytes.</summary>
    public int PayloadLength { get; }

    /// <summary>True if the capture holds less than the header claims.</summary>
    public bool IsPayloadTruncated => Payload.Length < PayloadLength;

    /// <summary>
    /// Reads the header. The payload length may be 0: jumbograms (RFC 2675), and segments that the network card will cut.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out Ipv6View view)
    {
        view = default;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (packet[VersionOffset] >> 4 != Version)
            return ParseStatus.Malformed;
        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[PayloadLengthOffset..]);
        if (payloadLength == 0)
            payloadLength = packet.Length - HeaderLength;
        view = new Ipv6View(packet, packet.Slice(HeaderLength, Math.Min(payloadLength, packet.Length - HeaderLength)), payloadLength);
        return ParseStatus.Ok;
    }

    /// <summary>Why <see cref="Parse"/> rejected the packet: its tests, in their order.</summary>
    internal static RejectReason Explain(ReadOnlySpan<byte> packet) => packet.Length < HeaderLength
        ? new RejectReason(RejectClaim.Ipv6Header, 0, HeaderLength, packet.Length)
        : new RejectReason(RejectClaim.Ipv6Version, VersionOffset, Version, packet[VersionOffset] >> 4);
}

/// <summary>
/// What the extension headers of a packet lead to.
/// <code>
///  hop-by-hop, routing, destination, mobility, shim6    fragment (RFC 8200 section 4.5)    authentication (RFC 4302 section 2)
///  0  next header                                       0  next header                     0  next header
///  1  length in units of 8 bytes, without the first 8   2  offset (13 bits), more (1 bit)  1  length in units of 4 bytes, less 2
///  2  options                                           4  identification                  2  the rest
/// </code>
/// </summary>
public ref struct ExtensionHeaders
{
    /// <summary>Extension headers on one packet; longer chains are refused. RFC 8200 section 4.1 knows seven.</summary>
    public const int MaxHeaders = 16;

    private const int NextHeaderOffset = 0;
    private const int LengthOffset = 1;
    private const int FragmentOffsetOffset = 2;
    private const int IdentificationOffset = 4;
    private const int MinHeaderLength = 2;
    private const int FragmentHeaderLength = 8;

    /// <summary>Protocol number of the payload.</summary>
    public byte Protocol { get; internal set; }

    /// <summary>The payload captured.</summary>
    public ReadOnlySpan<byte> Payload { get; internal set; }

    /// <summary>True if a fragment header was met that is not an atomic fragment (RFC 6946).</summary>
    public bool IsFragment { get; internal set; }

    /// <summary>True if further fragments follow.</summary>
    public bool HasMoreFragments { get; internal set; }

    /// <summary>Where this fragment's payload stands in the datagram, in bytes.</summary>
    public int FragmentOffset { get; internal set; }

    /// <summary>Identification, common to all fragments of a datagram.</summary>
    public uint Identification { get; internal set; }

    /// <summary>
    /// Walks from a first protocol number over hop-by-hop, routing, destination, mobility, shim6, fragment and authentication headers (RFC
    /// 8200 section 4, RFC 4302) to the payload. IPv4 may carry an authentication header too. A later fragment ends the walk: what follows
    /// is the middle of something.
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
                case IpProtocols.Authentication:
                    if (result.Payload.Length < MinHeaderLength)
                        return ParseStatus.Truncated;
                    length = LengthOf(result.Protocol, result.Payload);
                    break;
                case IpProtocols.Fragment:
                    if (result.Payload.Length < FragmentHeaderLength)
                        return ParseStatus.Truncated;
                    result.ReadFragment();
                    length = FragmentHeaderLength;
                    break;
                default:
                    return ParseStatus.Ok;
            }
            if (result.Payload.Length < length)
                return ParseStatus.Truncated;
            result.Protocol = result.Payload[NextHeaderOffset];
            result.Payload = result.Payload[length..];
            if (result.FragmentOffset > 0)
                return ParseStatus.Ok;
        }
        return ParseStatus.Malformed;
    }

    /// <summary>
    /// Why <see cref="Walk"/> ended early: at <see cref="Payload"/>, which begins with the header of kind <see cref="Protocol"/>.
    /// </summary>
    internal readonly RejectReason Explain(ParseStatus status)
    {
        if (status == ParseStatus.Malformed)
            return new RejectReason(RejectClaim.ExtensionCount, 0, 0, 0);
        if (Protocol == IpProtocols.Fragment)
            return new RejectReason(RejectClaim.FragmentHeader, 0, FragmentHeaderLength, Payload.Length);
        return Payload.Length < MinHeaderLength
            ? new RejectReason(RejectClaim.ExtensionHeader, 0, MinHeaderLength, Payload.Length)
            : new RejectReason(RejectClaim.ExtensionLength, LengthOffset, LengthOf(Protocol, Payload), Payload.Length);
    }

    /// <summary>
    /// Authentication headers count in units of four bytes and leave two out (RFC 4302 section 2.2), the others in units of eight and leave
    /// one out.
    /// </summary>
    private static int LengthOf(byte protocol, ReadOnlySpan<byte> header) =>
        protocol == IpProtocols.Authentication ? (header[LengthOffset] + 2) * 4 : (header[LengthOffset] + 1) * 8;

    private void ReadFragment()
    {
        ushort field = BinaryPrimitives.ReadUInt16BigEndian(Payload[FragmentOffsetOffset..]);
        FragmentOffset = field & 0xfff8;
        HasMoreFragments = (field & 1) != 0;
        IsFragment = HasMoreFragments || FragmentOffset > 0;
        Identification = BinaryPrimitives.ReadUInt32BigEndian(Payload[IdentificationOffset..]);
    }
}
