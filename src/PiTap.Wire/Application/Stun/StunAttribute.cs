using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application.Stun;

/// <summary>One attribute of a STUN message (RFC 8489 section 14).</summary>
public readonly ref struct StunAttribute
{
    private const byte FamilyV4 = 1;
    private const byte FamilyV6 = 2;
    private const int AddressOffset = 4;
    private readonly ReadOnlySpan<byte> _cookieAndId;

    internal StunAttribute(StunAttributeType type, ReadOnlySpan<byte> value, ReadOnlySpan<byte> cookieAndId)
    {
        Type = type;
        Value = value;
        _cookieAndId = cookieAndId;
    }

    /// <summary>What it is; types that are not listed stand as numbers.</summary>
    public StunAttributeType Type { get; }

    /// <summary>The value without its padding.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>
    /// Reads the value as address and port (RFC 8489 section 14.1). Types whose name begins with Xor are hidden behind cookie and
    /// transaction ID (section 14.2), in order to get past boxes that rewrite addresses.
    /// </summary>
    public bool TryReadAddress(out IpAddress address, out ushort port)
    {
        address = default;
        port = 0;
        bool isV4 = Value.Length >= 8 && Value[1] == FamilyV4;
        bool isV6 = Value.Length >= 20 && Value[1] == FamilyV6;
        if (!isV4 && !isV6)
            return false;
        port = BinaryPrimitives.ReadUInt16BigEndian(Value[2..]);
        Span<byte> bytes = stackalloc byte[16];
        int length = isV4 ? 4 : 16;
        Value.Slice(AddressOffset, length).CopyTo(bytes);
        if (IsXored(Type))
        {
            port ^= BinaryPrimitives.ReadUInt16BigEndian(_cookieAndId);
            for (int i = 0; i < length; i++)
                bytes[i] ^= _cookieAndId[i];
        }
        address = isV4 ? IpAddress.ReadV4(bytes) : IpAddress.ReadV6(bytes);
        return true;
    }

    private static bool IsXored(StunAttributeType type) => type is StunAttributeType.XorMappedAddress or StunAttributeType.XorMappedAddressDraft
        or StunAttributeType.XorPeerAddress or StunAttributeType.XorRelayedAddress;
}

/// <summary>Types of attributes (RFC 8489 section 18.3, RFC 8656 section 18, RFC 8445 section 16.1, MS-TURN section 2.2.2).</summary>
public enum StunAttributeType : ushort
{
    /// <summary>The sender's address as the server saw it.</summary>
    MappedAddress = 0x0001,
    /// <summary>USERNAME; in ICE both sides' fragments (RFC 8445 section 7.2.2).</summary>
    Username = 0x0006,
    /// <summary>The fixed value by which MS-TURN and its drafts know their messages.</summary>
    MicrosoftMagicCookie = 0x000f,
    /// <summary>A TURN channel's number (RFC 8656 section 18.1).</summary>
    ChannelNumber = 0x000c,
    /// <summary>A peer's address (RFC 8656 section 18.3).</summary>
    XorPeerAddress = 0x0012,
    /// <summary>What is relayed (RFC 8656 section 18.4).</summary>
    Data = 0x0013,
    /// <summary>REALM (RFC 8489 section 14.9).</summary>
    Realm = 0x0014,
    /// <summary>The address that a TURN server gave its client (RFC 8656 section 18.5).</summary>
    XorRelayedAddress = 0x0016,
    /// <summary>The sender's address as the server saw it, hidden from boxes that rewrite addresses.</summary>
    XorMappedAddress = 0x0020,
    /// <summary>The same in drafts of RFC 5389, which MS-TURN goes by.</summary>
    XorMappedAddressDraft = 0x8020,
    /// <summary>SOFTWARE (RFC 8489 section 14.14).</summary>
    Software = 0x8022,
}

/// <summary>Walks the attributes of a STUN message; it ends where one does not fit.</summary>
public ref struct StunAttributeEnumerator
{
    private const int HeaderLength = 4;
    private readonly ReadOnlySpan<byte> _cookieAndId;
    private ReadOnlySpan<byte> _rest;

    internal StunAttributeEnumerator(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> cookieAndId)
    {
        _rest = attributes;
        _cookieAndId = cookieAndId;
    }

    /// <summary>The current attribute.</summary>
    public StunAttribute Current { get; private set; }

    /// <summary>True if nothing is left over.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The enumerator is its own.</summary>
    public readonly StunAttributeEnumerator GetEnumerator() => this;

    /// <summary>
    /// Goes to the next attribute: type, length, value, padding to four bytes (RFC 8489 section 14). Each turn takes at least four bytes.
    /// </summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (HeaderLength + length > _rest.Length)
            return false;
        var type = (StunAttributeType)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        Current = new StunAttribute(type, _rest.Slice(HeaderLength, length), _cookieAndId);
        int padded = HeaderLength + ((length + 3) & ~3);
        _rest = _rest[Math.Min(padded, _rest.Length)..];
        return true;
    }
}
