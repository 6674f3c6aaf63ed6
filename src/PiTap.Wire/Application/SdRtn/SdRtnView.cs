using System.Buffers.Binary;

namespace PiTap.Wire.Application;

/// <summary>
/// A handshake packet of Agora's SD-RTN. No specification is public: the layout is what real packets show. Byte 6 tells hello and reply, byte 12 counts
/// the tags, and each tag is four ASCII bytes, a length in 16 bits, little-endian, and a value.
/// </summary>
public readonly ref struct SdRtnView
{
    private const int HeaderLength = 13;
    private const int KindOffset = 6;
    private const int CountOffset = 12;
    private const byte KindHello = 0x21;
    private const byte KindReply = 0x23;

    /// <summary>Bytes of tag and length before a value.</summary>
    private const int TagHeaderLength = 6;

    /// <summary>Tags in one packet: the packets known have three to five.</summary>
    private const int MaxTags = 16;

    private readonly ReadOnlySpan<byte> _packet;

    private SdRtnView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>True for a reply, false for a hello.</summary>
    public bool IsReply => _packet[KindOffset] == KindReply;

    /// <summary>The host name in the tag <c>SNI</c>, readable: <c>192-0-2-1.edge.agora.io</c>; empty without one.</summary>
    public ReadOnlySpan<byte> ServerName => Find("SNI\0"u8);

    /// <summary>True where the packet negotiates a key: the tag <c>CPTO</c>, which holds nonce, cipher and public key.</summary>
    public bool NegotiatesKey => !Find("CPTO"u8).IsEmpty;

    /// <summary>
    /// Reads a packet. The tags must be upper-case letters, digits or filling, the first one must be one that is known, and together they must fill the packet.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out SdRtnView view)
    {
        view = default;
        if (packet.Length < HeaderLength + TagHeaderLength)
            return ParseStatus.Truncated;
        bool isHello = packet[KindOffset] == KindHello && packet.Slice(HeaderLength, 4).SequenceEqual("SNI\0"u8);
        bool isReply = packet[KindOffset] == KindReply;
        int count = packet[CountOffset];
        if (!isHello && !isReply || count is 0 or > MaxTags)
            return ParseStatus.Malformed;
        ReadOnlySpan<byte> rest = packet[HeaderLength..];
        for (int i = 0; i < count; i++)
        {
            if (!TryTake(ref rest, out ReadOnlySpan<byte> tag, out _) || !IsTag(tag))
                return ParseStatus.Malformed;
        }
        view = new SdRtnView(packet);
        return isReply && view.Find("PEID"u8).IsEmpty && view.Find("CPTO"u8).IsEmpty ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    private ReadOnlySpan<byte> Find(scoped ReadOnlySpan<byte> wanted)
    {
        ReadOnlySpan<byte> rest = _packet[HeaderLength..];
        for (int i = 0; i < _packet[CountOffset] && TryTake(ref rest, out ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> value); i++)
        {
            if (tag.SequenceEqual(wanted))
                return value;
        }
        return default;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> value)
    {
        tag = value = default;
        if (rest.Length < TagHeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        if (rest.Length < TagHeaderLength + length)
            return false;
        tag = rest[..4];
        value = rest.Slice(TagHeaderLength, length);
        rest = rest[(TagHeaderLength + length)..];
        return true;
    }

    private static bool IsTag(ReadOnlySpan<byte> tag)
    {
        foreach (byte b in tag)
        {
            if (b is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or 0 or 0xff))
                return false;
        }
        return tag[0] is >= (byte)'A' and <= (byte)'Z';
    }
}
