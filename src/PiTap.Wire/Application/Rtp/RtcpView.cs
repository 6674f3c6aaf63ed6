using System.Buffers.Binary;

namespace PiTap.Wire.Application.Rtp;

/// <summary>
/// A datagram of RTCP: one packet or several in a row (RFC 3550 section 6.1), as it is or encrypted from the ninth byte on (SRTCP, RFC 3711
/// section 3.4).
/// <code>
///  0  version (2 bits), padding (1), count (5)
///  1  packet type: 192 to 223
///  2  length in words of four bytes, less one
///  4  sender's SSRC
///  8  what the type says; then the next packet
/// </code>
/// </summary>
public readonly ref struct RtcpView
{
    private const int TypeOffset = 1;
    private const int SsrcOffset = 4;
    private const int HeaderLength = 8;
    private readonly ReadOnlySpan<byte> _datagram;

    private RtcpView(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>
    /// Type of the first packet: 200 sender report, 201 receiver report, 202 description, 203 goodbye, 205 and 206 feedback (RFC 4585).
    /// </summary>
    public byte PacketType => _datagram[TypeOffset];

    /// <summary>Who sent it.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_datagram[SsrcOffset..]);

    /// <summary>The packets, in order. Behind the first one they mean something only where <see cref="IsWhole"/> holds.</summary>
    public RtcpPacketEnumerator Packets => new(_datagram);

    /// <summary>
    /// True if the lengths of the packets add up to the datagram, which shows that it is not encrypted: SRTCP ends in an index and a tag
    /// that no length counts.
    /// </summary>
    public bool IsWhole
    {
        get
        {
            RtcpPacketEnumerator packets = Packets;
            while (packets.MoveNext())
            {
            }
            return packets.IsAtEnd;
        }
    }

    /// <summary>
    /// CNAME of the first description (RFC 3550 section 6.5.1), at times a user's name and host; empty without one, or where the datagram
    /// is encrypted.
    /// </summary>
    public ReadOnlySpan<byte> CanonicalName
    {
        get
        {
            if (!IsWhole)
                return default;
            foreach (RtcpPacket packet in Packets)
            {
                ReadOnlySpan<byte> name = packet.CanonicalName;
                if (!name.IsEmpty)
                    return name;
            }
            return default;
        }
    }

    /// <summary>
    /// Reads a datagram: version 2, a type of RFC 5761 section 4, and a length inside the datagram. Behind the first packet SRTCP is
    /// encrypted, so only that one is held to it.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out RtcpView view)
    {
        view = default;
        if (datagram.Length < HeaderLength)
            return ParseStatus.Truncated;
        RtcpPacketEnumerator packets = new(datagram);
        if (!packets.MoveNext() || packets.Current.Length < HeaderLength)
            return ParseStatus.Malformed;
        view = new RtcpView(datagram);
        return ParseStatus.Ok;
    }
}

/// <summary>One packet of RTCP.</summary>
public readonly ref struct RtcpPacket
{
    private const int CountOffset = 0;
    private const int TypeOffset = 1;
    private const int HeaderLength = 4;
    private const int ItemHeaderLength = 2;
    private const int ItemLengthOffset = 1;
    private const byte SourceDescription = 202;
    private const byte CanonicalNameItem = 1;
    private readonly ReadOnlySpan<byte> _packet;

    internal RtcpPacket(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>192 to 223.</summary>
    public byte Type => _packet[TypeOffset];

    /// <summary>Reports, sources or a subtype, by the type.</summary>
    public int Count => _packet[CountOffset] & 0x1f;

    /// <summary>Bytes of the packet with its header.</summary>
    public int Length => _packet.Length;

    /// <summary>Behind the first four bytes.</summary>
    public ReadOnlySpan<byte> Body => _packet[HeaderLength..];

    /// <summary>The first source's CNAME, where the packet describes one; else empty.</summary>
    internal ReadOnlySpan<byte> CanonicalName
    {
        get
        {
            if (Type != SourceDescription || Body.Length < HeaderLength)
                return default;
            ReadOnlySpan<byte> items = Body[HeaderLength..];
            // Each item: type, length, text; type 0 ends them. Each turn takes at least two bytes.
            while (items.Length >= ItemHeaderLength && items[0] != 0 && items.Length >= ItemHeaderLength + items[ItemLengthOffset])
            {
                if (items[0] == CanonicalNameItem)
                    return items.Slice(ItemHeaderLength, items[ItemLengthOffset]);
                items = items[(ItemHeaderLength + items[ItemLengthOffset])..];
            }
            return default;
        }
    }
}

/// <summary>Walks the packets of a datagram of RTCP; it ends at one that is not consistent.</summary>
public ref struct RtcpPacketEnumerator
{
    private const int VersionOffset = 0;
    private const int TypeOffset = 1;
    private const int LengthOffset = 2;
    private const int HeaderLength = 4;
    private const byte FirstType = 192;
    private const byte LastType = 223;
    private ReadOnlySpan<byte> _rest;

    internal RtcpPacketEnumerator(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>The current packet.</summary>
    public RtcpPacket Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly RtcpPacketEnumerator GetEnumerator() => this;

    /// <summary>True if nothing is left over.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Goes to the next packet. Each turn takes at least four bytes.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderLength || _rest[VersionOffset] >> 6 != 2 || _rest[TypeOffset] is < FirstType or > LastType)
            return false;
        int length = 4 * (1 + BinaryPrimitives.ReadUInt16BigEndian(_rest[LengthOffset..]));
        if (length > _rest.Length)
            return false;
        Current = new RtcpPacket(_rest[..length]);
        _rest = _rest[length..];
        return true;
    }
}
