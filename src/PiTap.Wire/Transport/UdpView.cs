using System.Buffers.Binary;

namespace PiTap.Wire.Transport;

/// <summary>
/// A UDP header and what it carries (RFC 768).
/// <code>
///   0                   1                   2                   3
///  +-------------------------------+-------------------------------+
///  |          Source port          |        Destination port       |
///  +-------------------------------+-------------------------------+
///  |             Length            |            Checksum           |
///  +-------------------------------+-------------------------------+
/// </code>
/// </summary>
public readonly ref struct UdpView
{
    private const int DestinationPortOffset = 2;
    private const int LengthOffset = 4;
    private const int HeaderLength = 8;
    private readonly ReadOnlySpan<byte> _datagram;

    private UdpView(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> payload)
    {
        _datagram = datagram;
        Payload = payload;
    }

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_datagram);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram[DestinationPortOffset..]);

    /// <summary>The payload captured.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>
    /// Reads the header. A length of 0 means "to the end" (RFC 2675 section 4); one below the header's own is taken the same way.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out UdpView view)
    {
        view = default;
        if (datagram.Length < HeaderLength)
            return ParseStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthOffset..]);
        int end = length < HeaderLength ? datagram.Length : Math.Min(length, datagram.Length);
        view = new UdpView(datagram, datagram[HeaderLength..end]);
        return ParseStatus.Ok;
    }

    /// <summary>Why <see cref="Parse"/> rejected the datagram: too short is the only reason.</summary>
    internal static RejectReason Explain(ReadOnlySpan<byte> datagram) => new(RejectClaim.UdpHeader, 0, HeaderLength, datagram.Length);
}
