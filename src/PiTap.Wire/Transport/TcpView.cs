using System.Buffers.Binary;

namespace PiTap.Wire.Transport;

/// <summary>TCP control bits (RFC 9293 section 3.1).</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>No bit is set.</summary>
    None = 0,
    /// <summary>No more data from the sender.</summary>
    Fin = 0x01,
    /// <summary>Synchronise sequence numbers: the first segment of each side.</summary>
    Syn = 0x02,
    /// <summary>Reset the connection.</summary>
    Rst = 0x04,
    /// <summary>Hand the data over at once.</summary>
    Psh = 0x08,
    /// <summary>The acknowledgement number holds.</summary>
    Ack = 0x10,
    /// <summary>The urgent pointer holds.</summary>
    Urg = 0x20,
}

/// <summary>
/// A TCP header and what it carries (RFC 9293 section 3.1).
/// <code>
///   0                   1                   2                   3
///  +-------------------------------+-------------------------------+
///  |          Source port          |        Destination port       |
///  +-------------------------------+-------------------------------+
///  |                        Sequence number                        |
///  +---------------------------------------------------------------+
///  |                     Acknowledgement number                    |
///  +-------+-------+---------------+-------------------------------+
///  |D.Offs.|Reserv.|  Control bits |             Window            |
///  +-------+-------+---------------+-------------------------------+
///  |            Checksum           |         Urgent pointer        |
///  +-------------------------------+-------------------------------+
///  |                 Options, up to the data offset                |
///  +---------------------------------------------------------------+
/// </code>
/// </summary>
public readonly ref struct TcpView
{
    private const int DestinationPortOffset = 2;
    private const int SequenceOffset = 4;
    private const int AcknowledgementOffset = 8;
    private const int DataOffsetOffset = 12;
    private const int FlagsOffset = 13;
    private const int MinHeaderLength = 20;
    private const byte FlagsMask = 0x3f;
    private readonly ReadOnlySpan<byte> _header;

    private TcpView(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        _header = header;
        Payload = payload;
    }

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_header);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_header[DestinationPortOffset..]);

    /// <summary>Number of the first payload byte (of the SYN itself, where it is set).</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_header[SequenceOffset..]);

    /// <summary>Number of the next byte that the sender expects.</summary>
    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(_header[AcknowledgementOffset..]);

    /// <summary>The control bits.</summary>
    public TcpFlags Flags => (TcpFlags)(_header[FlagsOffset] & FlagsMask);

    /// <summary>The payload captured.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the header of a segment.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> segment, out TcpView view)
    {
        view = default;
        if (segment.Length < MinHeaderLength)
            return ParseStatus.Truncated;
        int headerLength = (segment[DataOffsetOffset] >> 4) * 4;
        if (headerLength < MinHeaderLength)
            return ParseStatus.Malformed;
        // Options cut by the snap length: the fixed part says all that is needed.
        view = new TcpView(segment, segment[Math.Min(headerLength, segment.Length)..]);
        return ParseStatus.Ok;
    }

    /// <summary>Why <see cref="Parse"/> rejected the segment: its tests, in their order.</summary>
    internal static RejectReason Explain(ReadOnlySpan<byte> segment) => segment.Length < MinHeaderLength
        ? new RejectReason(RejectClaim.TcpHeader, 0, MinHeaderLength, segment.Length)
        : new RejectReason(RejectClaim.TcpDataOffset, DataOffsetOffset, MinHeaderLength, (segment[DataOffsetOffset] >> 4) * 4);
}
