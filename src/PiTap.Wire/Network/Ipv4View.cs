using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>
/// An IPv4 header and what it carries (RFC 791 section 3.1).
/// <code>
///   0                   1                   2                   3
///  +-------+-------+---------------+-------------------------------+
///  |Version|  IHL  |Type of service|          Total length         |
///  +-------+-------+---------------+-----+-------------------------+
///  |         Identification        |Flags|     Fragment offset     |
///  +---------------+---------------+-----+-------------------------+
///  |  Time to live |    Protocol   |        Header checksum        |
///  +---------------+---------------+-------------------------------+
///  |                         Source address                        |
///  +---------------------------------------------------------------+
///  |                      Destination address                      |
///  +---------------------------------------------------------------+
///  |              Options, up to the header's length               |
///  +---------------------------------------------------------------+
/// </code>
/// </summary>
public readonly ref struct Ipv4View
{
    private const int VersionAndLengthOffset = 0;
    private const int TotalLengthOffset = 2;
    private const int IdentificationOffset = 4;
    private const int FragmentOffsetOffset = 6;
    private const int ProtocolOffset = 9;
    private const int SourceOffset = 12;
    private const int DestinationOffset = 16;
    private const int MinHeaderLength = 20;
    private const byte Version = 4;
    private const ushort MoreFragmentsBit = 0x2000;
    private const ushort FragmentOffsetMask = 0x1fff;

    /// <summary>Fragments are counted in units of eight bytes.</summary>
    private const int FragmentUnit = 8;

    private readonly ReadOnlySpan<byte> _packet;

    private Ipv4View(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, int payloadLength)
    {
        _packet = packet;
        Payload = payload;
        PayloadLength = payloadLength;
    }

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.ReadV4(_packet[SourceOffset..]);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.ReadV4(_packet[DestinationOffset..]);

    /// <summary>Protocol number of the payload.</summary>
    public byte Protocol => _packet[ProtocolOffset];

    /// <summary>Identification, common to all fragments of a datagram.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_packet[IdentificationOffset..]);

    /// <summary>True if further fragments follow.</summary>
    public bool HasMoreFragments => (FragmentField & MoreFragmentsBit) != 0;

    /// <summary>Where this fragment's payload stands in the datagram, in bytes.</summary>
    public int FragmentOffset => (FragmentField & FragmentOffsetMask) * FragmentUnit;

    /// <summary>Length of the header with its options, in bytes.</summary>
    internal int HeaderLength => (_packet[VersionAndLengthOffset] & 0x0f) * 4;

    private ushort FragmentField => BinaryPrimitives.ReadUInt16BigEndian(_packet[FragmentOffsetOffset..]);

    /// <summary>The payload captured, without link padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Length of the payload as the header claims it, in bytes.</summary>
    public int PayloadLength { get; }

    /// <summary>True if the capture holds less than the header claims.</summary>
    public bool IsPayloadTruncated => Payload.Length < PayloadLength;

    /// <summary>Reads the header. The total length may be 0: Linux leaves it so for segments that the network card will cut.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out Ipv4View view)
    {
        view = default;
        if (packet.Length < MinHeaderLength)
            return ParseStatus.Truncated;
        int headerLength = (packet[VersionAndLengthOffset] & 0x0f) * 4;
        if (packet[VersionAndLengthOffset] >> 4 != Version || headerLength < MinHeaderLength)
            return ParseStatus.Malformed;
        if (packet.Length < headerLength)
            return ParseStatus.Truncated;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[TotalLengthOffset..]);
        if (totalLength == 0)
            totalLength = packet.Length;
        else if (totalLength < headerLength)
            return ParseStatus.Malformed;
        int payloadLength = totalLength - headerLength;
        view = new Ipv4View(packet, packet.Slice(headerLength, Math.Min(payloadLength, packet.Length - headerLength)), payloadLength);
        return ParseStatus.Ok;
    }

    /// <summary>Why <see cref="Parse"/> rejected the packet: its tests, in their order.</summary>
    internal static RejectReason Explain(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < MinHeaderLength)
            return new RejectReason(RejectClaim.Ipv4Header, 0, MinHeaderLength, packet.Length);
        int version = packet[VersionAndLengthOffset] >> 4;
        if (version != Version)
            return new RejectReason(RejectClaim.Ipv4Version, VersionAndLengthOffset, Version, version);
        int headerLength = (packet[VersionAndLengthOffset] & 0x0f) * 4;
        if (headerLength < MinHeaderLength)
            return new RejectReason(RejectClaim.Ipv4HeaderLength, VersionAndLengthOffset, MinHeaderLength, headerLength);
        if (packet.Length < headerLength)
            return new RejectReason(RejectClaim.Ipv4HeaderLength, VersionAndLengthOffset, headerLength, packet.Length);
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[TotalLengthOffset..]);
        return new RejectReason(RejectClaim.Ipv4TotalLength, TotalLengthOffset, headerLength, totalLength);
    }
}
