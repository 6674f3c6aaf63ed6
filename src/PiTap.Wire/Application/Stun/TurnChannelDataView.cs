using System.Buffers.Binary;

namespace PiTap.Wire.Application;

/// <summary>TURN's short form of relayed data (RFC 8656 section 12.4).</summary>
public readonly ref struct TurnChannelDataView
{
    private const int HeaderLength = 4;

    private const ushort FirstChannel = 0x4000;
    private const ushort LastChannel = 0x4fff;

    private TurnChannelDataView(ushort channel, ReadOnlySpan<byte> data, int totalLength)
    {
        Channel = channel;
        Data = data;
        TotalLength = totalLength;
    }

    /// <summary>The channel, 0x4000 to 0x4fff.</summary>
    public ushort Channel { get; }

    /// <summary>What is relayed.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Bytes of the message; in a stream with its padding.</summary>
    public int TotalLength { get; }

    /// <summary>Reads a message that is a datagram: up to three bytes of padding may follow, which <see cref="TotalLength"/> takes in.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out TurnChannelDataView view)
    {
        ParseStatus status = Read(datagram, out view);
        if (status != ParseStatus.Ok)
            return status;
        if (datagram.Length > HeaderLength + view.Data.Length + 3)
        {
            view = default;
            return ParseStatus.Malformed;
        }
        view = new TurnChannelDataView(view.Channel, view.Data, datagram.Length);
        return ParseStatus.Ok;
    }

    /// <summary>Reads the first message of contiguous bytes of a stream, where each is padded to four bytes (RFC 8656 section 12.5).</summary>
    public static ParseStatus ParseStream(ReadOnlySpan<byte> data, out TurnChannelDataView view)
    {
        ParseStatus status = Read(data, out view);
        if (status != ParseStatus.Ok || data.Length >= view.TotalLength)
            return status;
        view = default;
        return ParseStatus.Truncated;
    }

    private static ParseStatus Read(ReadOnlySpan<byte> data, out TurnChannelDataView view)
    {
        view = default;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        ushort channel = BinaryPrimitives.ReadUInt16BigEndian(data);
        int length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        if (channel is < FirstChannel or > LastChannel)
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength + length)
            return ParseStatus.Truncated;
        view = new TurnChannelDataView(channel, data.Slice(HeaderLength, length), HeaderLength + ((length + 3) & ~3));
        return ParseStatus.Ok;
    }
}
