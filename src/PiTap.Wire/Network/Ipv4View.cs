using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>An IPv4 header and what it carries (RFC 791 section 3.1).</summary>
public readonly ref struct Ipv4View
{
    private const int MinHeaderLength = 20;
    private readonly ReadOnlySpan<byte> _packet;

    private Ipv4View(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, int payloadLength)
    {
        _packet = packet;
        Payload = payload;
        PayloadLength = payloadLength;
    }

    /// <summary>The sender.</summary>
    public IpAddress Source => IpAddress.ReadV4(_packet[12..]);

    /// <summary>The receiver.</summary>
    public IpAddress Destination => IpAddress.ReadV4(_packet[16..]);

    /// <summary>Protocol number of the payload.</summary>
    public byte Protocol => _packet[9];

    /// <summary>Identification, common to all fragments of a datagram.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_packet[4..]);

    /// <summary>True where further fragments follow.</summary>
    public bool HasMoreFragments => (_packet[6] & 0x20) != 0;

    /// <summary>Where this fragment's payload stands in the datagram, in bytes.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]) & 0x1fff) * 8;

    /// <summary>The payload at hand, without link padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Length of the payload as the header claims it, in bytes.</summary>
    public int PayloadLength { get; }

    /// <summary>True where the capture holds less than the header claims.</summary>
    public bool IsPayloadTruncated => Payload.Length < PayloadLength;

    /// <summary>Reads the header. The total length may be 0: Linux leaves it so for segments that the network card will cut.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out Ipv4View view)
    {
        view = default;
        if (packet.Length < MinHeaderLength)
            return ParseStatus.Truncated;
        int headerLength = (packet[0] & 0x0f) * 4;
        if (packet[0] >> 4 != 4 || headerLength < MinHeaderLength)
            return ParseStatus.Malformed;
        if (packet.Length < headerLength)
            return ParseStatus.Truncated;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (totalLength == 0)
            totalLength = packet.Length;
        else if (totalLength < headerLength)
            return ParseStatus.Malformed;
        int payloadLength = totalLength - headerLength;
        view = new Ipv4View(packet, packet.Slice(headerLength, Math.Min(payloadLength, packet.Length - headerLength)), payloadLength);
        return ParseStatus.Ok;
    }
}
