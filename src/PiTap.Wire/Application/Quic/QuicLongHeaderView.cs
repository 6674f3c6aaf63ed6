using System.Buffers.Binary;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Quic;

/// <summary>What a packet with a long header is (RFC 9000 section 17.2, RFC 9369 section 3.2).</summary>
public enum QuicPacketType : byte
{
    /// <summary>A version whose packet types are not known: only the invariants can be read (RFC 8999).</summary>
    Unknown = 0,
    /// <summary>Carries the hellos (RFC 9000 section 17.2.2).</summary>
    Initial = 1,
    /// <summary>Early data of the client (RFC 9000 section 17.2.3).</summary>
    ZeroRtt = 2,
    /// <summary>The rest of the handshake (RFC 9000 section 17.2.4).</summary>
    Handshake = 3,
    /// <summary>The server wants the client's address proven (RFC 9000 section 17.2.5).</summary>
    Retry = 4,
    /// <summary>The server lists its versions (RFC 9000 section 17.2.1).</summary>
    VersionNegotiation = 5,
}

/// <summary>
/// One QUIC packet with a long header (RFC 8999 section 5.1, RFC 9000 section 17.2, RFC 9369). A datagram may hold several: the next
/// one begins <see cref="TotalLength"/> bytes further. Packet number and payload are still protected.
/// <code>
///  0  1, fixed bit, type (2 bits), protected (4 bits)
///  1  version, 4 bytes
///  5  destination connection ID, behind its length (1 byte)
///     source connection ID, behind its length (1 byte)
///     Initial: token, behind its length (variable-length integer)
///     Initial, 0-RTT, Handshake: length of the rest (variable-length integer)
///     packet number, protected, and payload
///     Retry: token, and a tag of 16 bytes. Version Negotiation: versions, 4 bytes each
/// </code>
/// </summary>
public readonly ref struct QuicLongHeaderView
{
    /// <summary>The longest connection ID of the known versions, in bytes (RFC 9000 section 17.2).</summary>
    public const int MaxConnectionIdLength = 20;

    /// <summary>The authentication tag at the end of a Retry packet, in bytes (RFC 9001 section 5.8).</summary>
    public const int RetryTagLength = 16;

    private const int VersionOffset = 1;
    private const int ConnectionIdsOffset = 5;
    private const byte LongForm = 0x80;
    private const byte FixedBit = 0x40;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly byte _sourceIdLength;
    private readonly int _tokenOffset;
    private readonly int _tokenLength;

    private QuicLongHeaderView(
        ReadOnlySpan<byte> packet, QuicPacketType type, byte sourceIdLength, int tokenOffset, int tokenLength, int packetNumberOffset, ulong length)
    {
        Type = type;
        _sourceIdLength = sourceIdLength;
        _tokenOffset = tokenOffset;
        _tokenLength = tokenLength;
        PacketNumberOffset = packetNumberOffset;
        Length = length;
        IsPayloadTruncated = length > (ulong)(packet.Length - packetNumberOffset);
        _packet = IsPayloadTruncated ? packet : packet[..(packetNumberOffset + (int)length)];
    }

    /// <summary>The bytes of this packet alone, without those coalesced behind it.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    /// <summary>The first byte as sent: its low four bits are protected in most types.</summary>
    public byte FirstByte => _packet.IsEmpty ? (byte)0 : _packet[0];

    /// <summary>False if the bit that tells QUIC from other protocols is cleared (RFC 9000 section 17.2; allowed by RFC 9287).</summary>
    public bool IsFixedBitSet => (FirstByte & FixedBit) != 0;

    /// <summary>What the packet is, in the terms of version 1, whatever bits the version uses for it.</summary>
    public QuicPacketType Type { get; }

    /// <summary>The version; 0 for Version Negotiation.</summary>
    public uint Version => _packet.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(_packet[VersionOffset..]);

    /// <summary>The receiver's connection ID: 0 to 20 bytes, in unknown versions up to 255.</summary>
    public ReadOnlySpan<byte> DestinationConnectionId =>
        _packet.IsEmpty ? default : _packet.Slice(ConnectionIdsOffset + 1, _packet[ConnectionIdsOffset]);

    /// <summary>The sender's connection ID: 0 to 20 bytes, in unknown versions up to 255.</summary>
    public ReadOnlySpan<byte> SourceConnectionId =>
        _packet.IsEmpty ? default : _packet.Slice(ConnectionIdsOffset + 2 + _packet[ConnectionIdsOffset], _sourceIdLength);

    /// <summary>
    /// The token of an Initial or a Retry packet, else empty. Drafts before 25 have the original connection ID in front of a Retry's.
    /// </summary>
    public ReadOnlySpan<byte> Token => _packet.Slice(_tokenOffset, _tokenLength);

    /// <summary>The integrity tag of a Retry packet, 16 bytes, else empty (RFC 9001 section 5.8).</summary>
    public ReadOnlySpan<byte> RetryIntegrityTag => Type == QuicPacketType.Retry ? _packet[^RetryTagLength..] : default;

    /// <summary>
    /// Initial, 0-RTT, Handshake: the bytes of packet number and payload as the header says, which may be more than are there. Other
    /// types have no such field: the bytes behind the header that are there.
    /// </summary>
    public ulong Length { get; }

    /// <summary>Where the protected packet number begins; in types without one, where the header ends.</summary>
    public int PacketNumberOffset { get; }

    /// <summary>The bytes of this packet that are there: what to step over to the next packet of the datagram. Never 0 after Ok.</summary>
    public int TotalLength => _packet.Length;

    /// <summary>True if the header announces more bytes than are there.</summary>
    public bool IsPayloadTruncated { get; }

    /// <summary>
    /// The versions that a Version Negotiation packet offers (RFC 9000 section 17.2.1), 4 bytes each; empty for other types.
    /// </summary>
    public int SupportedVersionCount => Type == QuicPacketType.VersionNegotiation ? (_packet.Length - PacketNumberOffset) / sizeof(uint) : 0;

    /// <summary>One of the offered versions; 0 if the index is outside.</summary>
    public uint SupportedVersion(int index) =>
        (uint)index < (uint)SupportedVersionCount ? BinaryPrimitives.ReadUInt32BigEndian(_packet[(PacketNumberOffset + (index * sizeof(uint)))..]) : 0;

    /// <summary>
    /// Looks at the first packet in <paramref name="packet"/>, which is a UDP payload or what is left of one. Short headers, and the long
    /// headers of Google's Q044 and Q046, are <see cref="ParseStatus.Unsupported"/>; a connection ID over 20 bytes in a known version is
    /// <see cref="ParseStatus.Malformed"/>.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out QuicLongHeaderView view)
    {
        view = default;
        if (packet.IsEmpty)
            return ParseStatus.Truncated;
        if ((packet[0] & LongForm) == 0)
            return ParseStatus.Unsupported;
        if (packet.Length <= ConnectionIdsOffset)
            return ParseStatus.Truncated;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(packet[VersionOffset..]);
        if (GquicVersions.IsGoogle(version) && !QuicVersions.IsSupported(version))
            return ParseStatus.Unsupported;
        bool isKnown = QuicVersions.IsSupported(version);
        int destinationLength = packet[ConnectionIdsOffset];
        int sourceOffset = ConnectionIdsOffset + 1 + destinationLength;
        if (isKnown && destinationLength > MaxConnectionIdLength)
            return ParseStatus.Malformed;
        if (packet.Length <= sourceOffset)
            return ParseStatus.Truncated;
        byte sourceLength = packet[sourceOffset];
        int headerEnd = sourceOffset + 1 + sourceLength;
        if (isKnown && sourceLength > MaxConnectionIdLength)
            return ParseStatus.Malformed;
        if (packet.Length < headerEnd)
            return ParseStatus.Truncated;
        QuicPacketType type = TypeOf(packet[0], version, isKnown);
        return ParseTypeSpecific(packet, type, sourceLength, headerEnd, out view);
    }

    private static ParseStatus ParseTypeSpecific(ReadOnlySpan<byte> packet, QuicPacketType type, byte sourceLength, int position, out QuicLongHeaderView view)
    {
        view = default;
        int tokenOffset = 0;
        int tokenLength = 0;
        ulong length;
        switch (type)
        {
            case QuicPacketType.Unknown:
            case QuicPacketType.VersionNegotiation:
                length = (ulong)(packet.Length - position);
                break;
            case QuicPacketType.Retry:
                if (packet.Length - position < RetryTagLength)
                    return ParseStatus.Truncated;
                length = (ulong)(packet.Length - position);
                tokenOffset = position;
                tokenLength = packet.Length - position - RetryTagLength;
                break;
            default:
                if (type == QuicPacketType.Initial)
                {
                    if (!QuicVarInt.TryRead(packet, ref position, out ulong announced) || announced > (ulong)(packet.Length - position))
                        return ParseStatus.Truncated;
                    tokenOffset = position;
                    tokenLength = (int)announced;
                    position += tokenLength;
                }
                if (!QuicVarInt.TryRead(packet, ref position, out length))
                    return ParseStatus.Truncated;
                break;
        }
        view = new QuicLongHeaderView(packet, type, sourceLength, tokenOffset, tokenLength, position, length);
        return ParseStatus.Ok;
    }

    private static QuicPacketType TypeOf(byte firstByte, uint version, bool isKnown)
    {
        if (version == QuicVersions.Negotiation)
            return QuicPacketType.VersionNegotiation;
        if (!isKnown)
            return QuicPacketType.Unknown;
        // RFC 9369 section 3.2 moves each type up by one, and Retry round to 0.
        int bits = (firstByte >> 4) & 3;
        int number = QuicVersions.HasVersion2Types(version) ? (bits + 3) & 3 : bits;
        return (QuicPacketType)(number + 1);
    }
}
