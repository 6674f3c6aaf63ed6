namespace PiTap.Wire.Application.SdRtn;

/// <summary>
/// A handshake packet of Agora's SD-RTN. No specification is public: the layout is what real packets of 2022 show. Byte 6 tells hello and
/// reply, byte 12 counts the tags, and each tag is four ASCII bytes, a length in 16 bits, little-endian, and a value. The value of
/// <c>CPTO</c> is itself made of tags.
/// <code>
///  0  not known, 6 bytes
///  6  kind: 0x21 hello, 0x23 reply
///  7  not known, 5 bytes
/// 12  number of tags
/// 13  tags: name (4 bytes), length (2 bytes, little-endian), value
/// </code>
/// </summary>
public readonly ref struct SdRtnView
{
    private const int HeaderLength = 13;
    private const int KindOffset = 6;
    private const int CountOffset = 12;
    private const byte KindHello = 0x21;
    private const byte KindReply = 0x23;

    /// <summary>Tags in one packet: the packets known have four or five.</summary>
    private const int MaxTags = 16;

    private readonly ReadOnlySpan<byte> _packet;

    private SdRtnView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>True for a reply, false for a hello.</summary>
    public bool IsReply => _packet[KindOffset] == KindReply;

    /// <summary>The tags, in order.</summary>
    public SdRtnTagEnumerator Tags => new(_packet[HeaderLength..]);

    /// <summary>The host name in the tag <c>SNI</c>, readable: <c>192-0-2-1.edge.agora.io</c>; empty without one.</summary>
    public ReadOnlySpan<byte> ServerName => Find(Tags, "SNI\0"u8);

    /// <summary>True if the packet negotiates a key: the tag <c>CPTO</c>, which holds nonce, cipher and public key.</summary>
    public bool NegotiatesKey => !Crypto.IsEmpty;

    /// <summary>True if a cipher is named: <c>AEAD</c>, such as <c>AESG</c>.</summary>
    public bool NamesCipher => !Cipher.IsEmpty;

    /// <summary>The cipher, four letters such as <c>AESG</c>; empty if none is named.</summary>
    public ReadOnlySpan<byte> Cipher => Find(new SdRtnTagEnumerator(Crypto), "AEAD"u8);

    /// <summary>The way of the key exchange, four letters such as <c>P256</c> (<c>KEXS</c>); empty if none is named.</summary>
    public ReadOnlySpan<byte> KeyExchange => Find(new SdRtnTagEnumerator(Crypto), "KEXS"u8);

    /// <summary>The sender's public value (<c>PUBS</c>); empty without one.</summary>
    public ReadOnlySpan<byte> PublicValue => Find(new SdRtnTagEnumerator(Crypto), "PUBS"u8);

    private ReadOnlySpan<byte> Crypto => Find(Tags, "CPTO"u8);

    /// <summary>
    /// Reads a packet. Its tags must be made of letters, digits and filling, must fill the packet, and must be those of their kind: a hello
    /// begins with <c>SNI</c>, a reply has <c>PEID</c> or <c>CPTO</c>.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out SdRtnView view)
    {
        view = default;
        if (packet.Length < HeaderLength + SdRtnTagEnumerator.HeaderLength)
            return ParseStatus.Truncated;
        bool isHello = packet[KindOffset] == KindHello && packet.Slice(HeaderLength, 4).SequenceEqual("SNI\0"u8);
        bool isReply = packet[KindOffset] == KindReply;
        int count = packet[CountOffset];
        if ((!isHello && !isReply) || count is 0 or > MaxTags)
            return ParseStatus.Malformed;
        SdRtnTagEnumerator tags = new(packet[HeaderLength..]);
        for (int i = 0; i < count; i++)
        {
            if (!tags.MoveNext())
                return tags.IsCut ? ParseStatus.Truncated : ParseStatus.Malformed;
        }
        if (!tags.IsAtEnd)
            return ParseStatus.Malformed;
        SdRtnView packetView = new(packet);
        if (isReply && Find(packetView.Tags, "PEID"u8).IsEmpty && !packetView.NegotiatesKey)
            return ParseStatus.Malformed;
        view = packetView;
        return ParseStatus.Ok;
    }

    private static ReadOnlySpan<byte> Find(SdRtnTagEnumerator tags, scoped ReadOnlySpan<byte> wanted)
    {
        foreach (SdRtnTag tag in tags)
        {
            if (tag.Name.SequenceEqual(wanted))
                return tag.Value;
        }
        return default;
    }
}
