using System.Buffers.Binary;

namespace PiTap.Wire.Application.Rtp;

/// <summary>
/// An RTP header and what it carries (RFC 3550 section 5.1). SRTP has the same header (RFC 3711 section 3.1).
/// <code>
///   0                   1                   2                   3
///  +---+-+-+-------+-+-------------+-------------------------------+
///  |V=2|P|X|  CC   |M|Payload type |        Sequence number        |
///  +---+-+-+-------+-+-------------+-------------------------------+
///  |                           Timestamp                           |
///  +---------------------------------------------------------------+
///  |                  Synchronisation source (SSRC)                |
///  +---------------------------------------------------------------+
///  |           Contributing sources, 4 bytes each, CC of them      |
///  +-------------------------------+-------------------------------+
///  |   only with X: its profile    |  its length in words of 4     |
///  +-------------------------------+-------------------------------+
/// </code>
/// </summary>
public readonly ref struct RtpView
{
    private const int FlagsOffset = 0;
    private const int TypeOffset = 1;
    private const int SequenceOffset = 2;
    private const int TimestampOffset = 4;
    private const int SsrcOffset = 8;
    private const int HeaderLength = 12;
    private const byte TypeMask = 0x7f;
    private const byte MarkerBit = 0x80;
    private const int SourceLength = 4;
    private const byte PaddingBit = 0x20;
    private const byte ExtensionBit = 0x10;
    private const byte SourceCountMask = 0x0f;
    private readonly ReadOnlySpan<byte> _packet;

    private RtpView(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> extension, ReadOnlySpan<byte> payload)
    {
        _packet = packet;
        Extension = extension;
        Payload = payload;
    }

    /// <summary>The version: 2 in every packet that parses.</summary>
    public int Version => _packet[FlagsOffset] >> 6;

    /// <summary>True if padding ends the payload; its last byte counts it, in plain RTP.</summary>
    public bool HasPadding => (_packet[FlagsOffset] & PaddingBit) != 0;

    /// <summary>True if a header extension is there (section 5.3.1).</summary>
    public bool HasExtension => (_packet[FlagsOffset] & ExtensionBit) != 0;

    /// <summary>Contributing sources, 0 to 15.</summary>
    public int SourceCount => _packet[FlagsOffset] & SourceCountMask;

    /// <summary>What the extension is, by the profile: 0xbede and 0x1000 to 0x100f are those of RFC 8285. 0 without one.</summary>
    public ushort ExtensionProfile => HasExtension ? BinaryPrimitives.ReadUInt16BigEndian(_packet[(HeaderLength + SourceLength * SourceCount)..]) : (ushort)0;

    /// <summary>The extension without its header; empty without one.</summary>
    public ReadOnlySpan<byte> Extension { get; }

    /// <summary>Marks a frame's end, or the start of a talk spurt.</summary>
    public bool HasMarker => (_packet[TypeOffset] & MarkerBit) != 0;

    /// <summary>What the payload is coded in; 96 to 127 are agreed elsewhere (RFC 3551 section 6).</summary>
    public byte PayloadType => (byte)(_packet[TypeOffset] & TypeMask);

    /// <summary>Goes up by one with each packet.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_packet[SequenceOffset..]);

    /// <summary>Sampling time in units of the codec's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[TimestampOffset..]);

    /// <summary>The stream's source.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_packet[SsrcOffset..]);

    /// <summary>Behind contributing sources and extension; padding included, since SRTP hides its length.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>One of the contributing sources; 0 if <paramref name="index"/> is not below <see cref="SourceCount"/>.</summary>
    public uint Source(int index) =>
        (uint)index < (uint)SourceCount ? BinaryPrimitives.ReadUInt32BigEndian(_packet[(HeaderLength + SourceLength * index)..]) : 0;

    /// <summary>
    /// Reads a packet. Payload types 64 to 95 are left to RTCP (RFC 5761 section 4). One packet proves little, since a quarter of all
    /// random datagrams would pass: <see cref="RtpTracker"/> tells.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out RtpView view)
    {
        view = default;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (packet[FlagsOffset] >> 6 != 2 || (packet[TypeOffset] & TypeMask) is >= 64 and <= 95)
            return ParseStatus.Malformed;
        int offset = HeaderLength + SourceLength * (packet[FlagsOffset] & SourceCountMask);
        ReadOnlySpan<byte> extension = default;
        if ((packet[FlagsOffset] & ExtensionBit) != 0)
        {
            const int ExtensionHeaderLength = 4;
            if (packet.Length < offset + ExtensionHeaderLength)
                return ParseStatus.Malformed;
            int length = 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
            offset += ExtensionHeaderLength;
            if (packet.Length < offset + length)
                return ParseStatus.Malformed;
            extension = packet.Slice(offset, length);
            offset += length;
        }
        if (packet.Length < offset)
            return ParseStatus.Malformed;
        view = new RtpView(packet, extension, packet[offset..]);
        return ParseStatus.Ok;
    }
}
