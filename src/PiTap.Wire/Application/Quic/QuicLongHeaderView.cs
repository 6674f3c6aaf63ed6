using System.Buffers.Binary;

namespace PiTap.Wire.Application;

/// <summary>The kinds of packet with a long header (RFC 9000 section 17.2).</summary>
public enum QuicPacketType : byte
{
    /// <summary>Carries the hellos, under keys that anyone can derive.</summary>
    Initial = 0,
    /// <summary>Early data.</summary>
    ZeroRtt = 1,
    /// <summary>The rest of the handshake.</summary>
    Handshake = 2,
    /// <summary>Asks the client to begin again with a token.</summary>
    Retry = 3,
    /// <summary>Names the versions that the server speaks (RFC 8999 section 6).</summary>
    VersionNegotiation = 4,
}

/// <summary>A QUIC packet with a long header (RFC 8999 section 5.1, RFC 9000 section 17.2, RFC 9369 section 3.2).</summary>
public readonly ref struct QuicLongHeaderView
{
    /// <summary>Longest connection ID of the versions that are read, in bytes (RFC 9000 section 17.2).</summary>
    public const int MaxConnectionIdBytes = 20;

    private QuicLongHeaderView(ReadOnlySpan<byte> packet, uint version, QuicPacketType type, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> source, int packetNumberOffset)
    {
        Packet = packet;
        Version = version;
        Type = type;
        DestinationConnectionId = destination;
        SourceConnectionId = source;
        PacketNumberOffset = packetNumberOffset;
    }

    /// <summary>This packet alone, without those that share its datagram (RFC 9000 section 12.2).</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>The version.</summary>
    public uint Version { get; }

    /// <summary>The kind.</summary>
    public QuicPacketType Type { get; }

    /// <summary>Chosen by the receiver; in a client's first packets by the client, at random.</summary>
    public ReadOnlySpan<byte> DestinationConnectionId { get; }

    /// <summary>Chosen by the sender.</summary>
    public ReadOnlySpan<byte> SourceConnectionId { get; }

    /// <summary>Where the protected packet number begins; 0 in packets without one.</summary>
    public int PacketNumberOffset { get; }

    /// <summary>
    /// Reads the first packet of what is left of a datagram. <see cref="ParseStatus.Unsupported"/> for versions that are not known; their connection
    /// IDs are not read, since only RFC 8999 holds for them.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out QuicLongHeaderView view)
    {
        view = default;
        if (datagram.Length < 7)
            return ParseStatus.Truncated;
        if ((datagram[0] & 0x80) == 0)
            return ParseStatus.Malformed;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(datagram[1..]);
        int offset = 5;
        if (!TryTakeId(datagram, ref offset, out ReadOnlySpan<byte> destination) || !TryTakeId(datagram, ref offset, out ReadOnlySpan<byte> source))
            return ParseStatus.Truncated;
        if (version == 0)
        {
            view = new QuicLongHeaderView(datagram, version, QuicPacketType.VersionNegotiation, destination, source, 0);
            return ParseStatus.Ok;
        }
        if (!QuicVersions.IsReadable(version))
            return ParseStatus.Unsupported;
        if (destination.Length > MaxConnectionIdBytes || source.Length > MaxConnectionIdBytes)
            return ParseStatus.Malformed;
        var type = (QuicPacketType)(datagram[0] >> 4 & 3);
        // Version 2 counts them from one further on (RFC 9369 section 3.2).
        if (version == QuicVersions.V2)
            type = (QuicPacketType)(((int)type + 3) & 3);
        if (type == QuicPacketType.Retry)
        {
            view = new QuicLongHeaderView(datagram, version, type, destination, source, 0);
            return ParseStatus.Ok;
        }
        if (type == QuicPacketType.Initial)
        {
            if (!TryTakeInteger(datagram, ref offset, out ulong tokenLength) || tokenLength > (ulong)(datagram.Length - offset))
                return ParseStatus.Truncated;
            offset += (int)tokenLength;
        }
        if (!TryTakeInteger(datagram, ref offset, out ulong length) || length > (ulong)(datagram.Length - offset))
            return ParseStatus.Truncated;
        view = new QuicLongHeaderView(datagram[..(offset + (int)length)], version, type, destination, source, offset);
        return ParseStatus.Ok;
    }

    /// <summary>
    /// True where a datagram begins like a packet with a long header: a known or reserved version, or version negotiation; connection IDs of the
    /// permitted lengths inside it; and, where the version proves little, the fixed bit, which clients may otherwise clear (RFC 9287).
    /// </summary>
    public static bool LooksLike(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 7 || (datagram[0] & 0x80) == 0)
            return false;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(datagram[1..]);
        bool isNegotiation = version == 0;
        bool hasFixedBit = (datagram[0] & 0x40) != 0;
        if (!isNegotiation && !QuicVersions.IsKnown(version) && !(hasFixedBit && QuicVersions.IsGrease(version)))
            return false;
        int offset = 5;
        if (!TryTakeId(datagram, ref offset, out ReadOnlySpan<byte> destination) || !TryTakeId(datagram, ref offset, out ReadOnlySpan<byte> source))
            return false;
        if (destination.Length > MaxConnectionIdBytes || source.Length > MaxConnectionIdBytes)
            return false;
        // Version negotiation: a list of versions, one of which is known.
        return !isNegotiation || NamesKnownVersion(datagram[offset..]);
    }

    /// <summary>Takes a number of variable length (RFC 9000 section 16).</summary>
    internal static bool TryTakeInteger(ReadOnlySpan<byte> data, scoped ref int offset, out ulong value)
    {
        value = 0;
        if ((uint)offset >= (uint)data.Length)
            return false;
        int length = 1 << (data[offset] >> 6);
        if (offset + length > data.Length)
            return false;
        value = data[offset] & 0x3fu;
        for (int i = 1; i < length; i++)
            value = value << 8 | data[offset + i];
        offset += length;
        return true;
    }

    private static bool TryTakeId(ReadOnlySpan<byte> data, scoped ref int offset, out ReadOnlySpan<byte> id)
    {
        id = default;
        if (offset >= data.Length || offset + 1 + data[offset] > data.Length)
            return false;
        id = data.Slice(offset + 1, data[offset]);
        offset += 1 + id.Length;
        return true;
    }

    private static bool NamesKnownVersion(ReadOnlySpan<byte> versions)
    {
        if (versions.IsEmpty || versions.Length % 4 != 0)
            return false;
        for (; !versions.IsEmpty; versions = versions[4..])
        {
            uint version = BinaryPrimitives.ReadUInt32BigEndian(versions);
            if (QuicVersions.IsKnown(version) || QuicVersions.IsGrease(version) || GquicView.IsVersion(versions[..4]))
                return true;
        }
        return false;
    }
}
