using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application.Stun;

/// <summary>The kinds of STUN message (RFC 8489 section 5).</summary>
public enum StunClass : byte
{
    /// <summary>Asks for a response.</summary>
    Request = 0,
    /// <summary>Asks for none.</summary>
    Indication = 1,
    /// <summary>It went well.</summary>
    Success = 2,
    /// <summary>It did not.</summary>
    Error = 3,
}

/// <summary>
/// A STUN or TURN message (RFC 8489 section 5, RFC 8656), or one of the first STUN (RFC 3489), which has no magic cookie.
/// <code>
///  0  type: zero (2 bits), method (12) and class (2) mixed (figure 3)
///  2  length of the attributes, in bytes
///  4  magic cookie 21 12 a4 42; in RFC 3489 part of the next
///  8  transaction ID, 12 bytes
/// 20  attributes: type (2 bytes), length (2 bytes), value, padded to 4
/// </code>
/// </summary>
public readonly ref struct StunView
{
    /// <summary>The fixed value in bytes 4 to 7 (RFC 8489 section 5).</summary>
    public const uint MagicCookie = 0x2112_a442;

    private const int HeaderLength = 20;

    private const int TypeOffset = 0;
    private const int TypeLowOffset = 1;
    private const int LengthOffset = 2;
    private const int CookieOffset = 4;
    private const int IdOffset = 8;

    /// <summary>Value of the attribute that opens a message of MS-TURN (section 2.2.2.1), which has no cookie of RFC 8489.</summary>
    private const uint MicrosoftCookie = 0x72c6_4bc6;

    private readonly ReadOnlySpan<byte> _message;

    private StunView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Bytes of the message with its header.</summary>
    public int TotalLength => HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_message[LengthOffset..]);

    /// <summary>Request, indication or response (RFC 8489 section 5, figure 3).</summary>
    public StunClass Class => (StunClass)((_message[TypeOffset] & 1) << 1 | _message[TypeLowOffset] >> 4 & 1);

    /// <summary>1 binding; 3 allocate, 4 refresh, 6 send, 7 data, 8 create permission, 9 channel bind (RFC 8656 section 17).</summary>
    public int Method => (_message[TypeOffset] & 0x3e) << 6 | (_message[TypeLowOffset] & 0xe0) >> 1 | _message[TypeLowOffset] & 0x0f;

    /// <summary>False for the first STUN and for MS-TURN.</summary>
    public bool HasMagicCookie => BinaryPrimitives.ReadUInt32BigEndian(_message[CookieOffset..]) == MagicCookie;

    /// <summary>Common to a request and its response, with the cookie's place in the first STUN.</summary>
    public ReadOnlySpan<byte> TransactionId => _message[IdOffset..HeaderLength];

    /// <summary>USERNAME; empty without one. In ICE it holds both sides' fragments (RFC 8445 section 7.2.2).</summary>
    public ReadOnlySpan<byte> Username => Find(StunAttributeType.Username);

    /// <summary>SOFTWARE; empty without one.</summary>
    public ReadOnlySpan<byte> Software => Find(StunAttributeType.Software);

    /// <summary>REALM; empty without one.</summary>
    public ReadOnlySpan<byte> Realm => Find(StunAttributeType.Realm);

    /// <summary>DATA of a TURN indication: what is relayed; empty without it.</summary>
    public ReadOnlySpan<byte> RelayedData => Find(StunAttributeType.Data);

    /// <summary>The attributes, in order.</summary>
    public StunAttributeEnumerator Attributes => new(_message[HeaderLength..], _message[CookieOffset..HeaderLength]);

    /// <summary>
    /// Reads the first message of contiguous bytes: of a stream, or of a datagram. All of it must be there. Without a cookie it is only one
    /// where it fills the bytes, its attributes fill it, and its type is of RFC 3489, or MS-TURN's cookie opens it.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out StunView view)
    {
        view = default;
        if (data.Length < 1)
            return ParseStatus.Truncated;
        if (data[TypeOffset] >= 0x40)
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]);
        bool hasCookie = BinaryPrimitives.ReadUInt32BigEndian(data[CookieOffset..]) == MagicCookie;
        // Attributes are padded to four bytes (RFC 8489 section 14); some clients forget it for the last one, and then the message must
        // fill the datagram.
        if ((length & 3) != 0 && !(hasCookie && data.Length == HeaderLength + length))
            return ParseStatus.Malformed;
        if (!hasCookie && data.Length > HeaderLength + length)
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength + length)
            return hasCookie || MayLackCookie(data, length) ? ParseStatus.Truncated : ParseStatus.Malformed;
        StunView message = new(data[..(HeaderLength + length)]);
        if (!hasCookie && !(MayLackCookie(data, length) && message.AttributesFill()))
            return ParseStatus.Malformed;
        view = message;
        return ParseStatus.Ok;
    }

    /// <summary>
    /// The sender's address as the server saw it: XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS (RFC 8489 section 14.1 and 14.2).
    /// </summary>
    public bool TryReadMappedAddress(out IpAddress address, out ushort port) =>
        TryReadAddress(StunAttributeType.XorMappedAddress, out address, out port)
        || TryReadAddress(StunAttributeType.XorMappedAddressDraft, out address, out port)
        || TryReadAddress(StunAttributeType.MappedAddress, out address, out port);

    /// <summary>
    /// Whom a TURN client talks to through its server: the first XOR-PEER-ADDRESS (RFC 8656 section 18.3). Others are among
    /// <see cref="Attributes"/>.
    /// </summary>
    public bool TryReadPeerAddress(out IpAddress address, out ushort port) => TryReadAddress(StunAttributeType.XorPeerAddress, out address, out port);

    private bool TryReadAddress(StunAttributeType type, out IpAddress address, out ushort port)
    {
        foreach (StunAttribute attribute in Attributes)
        {
            if (attribute.Type == type && attribute.TryReadAddress(out address, out port))
                return true;
        }
        address = default;
        port = 0;
        return false;
    }

    private ReadOnlySpan<byte> Find(StunAttributeType type)
    {
        foreach (StunAttribute attribute in Attributes)
        {
            if (attribute.Type == type)
                return attribute.Value;
        }
        return default;
    }

    private bool AttributesFill()
    {
        StunAttributeEnumerator attributes = Attributes;
        while (attributes.MoveNext())
        {
        }
        return attributes.IsAtEnd;
    }

    /// <summary>True for binding and shared secret (RFC 3489 section 11.1), and where the first attribute is MS-TURN's cookie.</summary>
    private static bool MayLackCookie(ReadOnlySpan<byte> data, int length)
    {
        const int CookieAttributeBytes = 8;
        if (BinaryPrimitives.ReadUInt16BigEndian(data) is 0x0001 or 0x0002 or 0x0101 or 0x0102 or 0x0111 or 0x0112)
            return true;
        ReadOnlySpan<byte> first = data[HeaderLength..];
        return length >= CookieAttributeBytes && first.Length >= CookieAttributeBytes
            && BinaryPrimitives.ReadUInt32BigEndian(first) == ((uint)StunAttributeType.MicrosoftMagicCookie << 16 | 4)
            && BinaryPrimitives.ReadUInt32BigEndian(first[4..]) == MicrosoftCookie;
    }
}
