using System.Buffers.Binary;

namespace PiTap.Wire.Application.Stun;

/// <summary>
/// TURN's short form of relayed data (RFC 8656 section 12.4).
/// <code>
///  0  channel, 2 bytes
///  2  length of the data, 2 bytes
///  4  data
/// </code>
/// </summary>
public readonly ref struct TurnChannelDataView
{
    private const int HeaderLength = 4;

    private const ushort FirstChannel = 0x4000;
    private const ushort LastChannel = 0x4fff;

    private TurnChannelDataView(ushort channel, ReadOnlySpan<byte> data)
    {
        Channel = channel;
        Data = data;
    }

    /// <summary>The channel, 0x4000 to 0x4fff.</summary>
    public ushort Channel { get; }

    /// <summary>What is relayed.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads a message that is a datagram: up to three bytes of padding may follow (RFC 8656 section 12.5).</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out TurnChannelDataView view)
    {
        const int MaxPadding = 3;
        view = default;
        if (datagram.Length < HeaderLength)
            return ParseStatus.Truncated;
        ushort channel = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (channel is < FirstChannel or > LastChannel || datagram.Length > HeaderLength + length + MaxPadding)
            return ParseStatus.Malformed;
        if (datagram.Length < HeaderLength + length)
            return ParseStatus.Truncated;
        view = new TurnChannelDataView(channel, datagram.Slice(HeaderLength, length));
        return ParseStatus.Ok;
    }
}
