using System.Buffers.Binary;

namespace PiTap.Wire.Transport;

/// <summary>A UDP header and what it carries (RFC 768).</summary>
public readonly ref struct UdpView
{
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
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram[2..]);

    /// <summary>The payload at hand.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the header. A length of 0 means "to the end" (RFC 2675 section 4); one below the header's own is taken the same way.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out UdpView view)
    {
        view = default;
        if (datagram.Length < HeaderLength)
            return ParseStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        int end = length < HeaderLength ? datagram.Length : Math.Min(length, datagram.Length);
        view = new UdpView(datagram, datagram[HeaderLength..end]);
        return ParseStatus.Ok;
    }
}
