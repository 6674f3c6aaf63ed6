using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application;

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

/// <summary>A STUN or TURN message (RFC 8489 section 5, RFC 8656), or one of the first STUN (RFC 3489), which has no magic cookie.</summary>
public readonly ref struct StunView
{
    /// <summary>The fixed value in bytes 4 to 7 (RFC 8489 section 5).</summary>
    public const uint MagicCookie = 0x2112_a442;

    private const int HeaderLength = 20;

    private const ushort AttributeMappedAddress = 0x0001;
    private const ushort AttributeUsername = 0x0006;
    private const ushort AttributeData = 0x0013;
    private const ushort AttributeRealm = 0x0014;
    private const ushort AttributeXorMappedAddress = 0x0020;
    private const ushort AttributeSoftware = 0x8022;

    private readonly ReadOnlySpan<byte> _message;

    private StunView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Bytes of the message with its header.</summary>
    public int TotalLength => HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_message[2..]);

    /// <summary>Request, indication or response (RFC 8489 section 5, figure 3).</summary>
    public StunClass Class => (StunClass)((_message[0] & 1) << 1 | _message[1] >> 4 & 1);

    /// <summary>1 binding; 3 allocate, 4 refresh, 6 send, 7 data, 8 create permission, 9 channel bind (RFC 8656 section 17).</summary>
    public int Method => (_message[0] & 0x3e) << 6 | (_message[1] & 0xe0) >> 1 | _message[1] & 0x0f;

    /// <summary>False for the first STUN.</summary>
    public bool HasMagicCookie => BinaryPrimitives.ReadUInt32BigEndian(_message[4..]) == MagicCookie;

    /// <summary>Common to a request and its response, with the cookie's place in the first STUN.</summary>
    public ReadOnlySpan<byte> TransactionId => _message[8..HeaderLength];

    /// <summary>USERNAME; empty without one. In ICE it holds both sides' fragments (RFC 8445 section 7.2.2).</summary>
    public ReadOnlySpan<byte> Username => Find(AttributeUsername);

    /// <summary>SOFTWARE; empty without one.</summary>
    public ReadOnlySpan<byte> Software => Find(AttributeSoftware);

    /// <summary>REALM; empty without one.</summary>
    public ReadOnlySpan<byte> Realm => Find(AttributeRealm);

    /// <summary>DATA of a TURN indication: what is relayed; empty without it.</summary>
    public ReadOnlySpan<byte> RelayedData => Find(AttributeData);

    /// <summary>Reads a message of a datagram or a stream. All of it must be there, its length must be right, and its attributes must fill it.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out StunView view)
    {
        view = default;
        if (data.Length < 1)
            return ParseStatus.Truncated;
        if (data[0] >= 0x40)
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        int length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
        bool hasCookie = BinaryPrimitives.ReadUInt32BigEndian(data[4..]) == MagicCookie;
        // Attributes are padded to four bytes (RFC 8489 section 14); some clients forget it for the last one, and then the message must fill the datagram.
        if ((length & 3) != 0 && !(hasCookie && data.Length == HeaderLength + length))
            return ParseStatus.Malformed;
        // Without the cookie only binding and shared secret exist (RFC 3489 section 11.1), and nothing may follow.
        if (!hasCookie && (BinaryPrimitives.ReadUInt16BigEndian(data) is not (1 or 2 or 0x101 or 0x102 or 0x111 or 0x112) || data.Length != HeaderLength + length))
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength + length)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> message = data[..(HeaderLength + length)];
        if (!hasCookie && !AttributesFill(message[HeaderLength..]))
            return ParseStatus.Malformed;
        view = new StunView(message);
        return ParseStatus.Ok;
    }

    /// <summary>The sender's address as the server saw it: XOR-MAPPED-ADDRESS, else MAPPED-ADDRESS (RFC 8489 section 14.1 and 14.2).</summary>
    public bool TryReadMappedAddress(out IpAddress address, out ushort port)
    {
        ReadOnlySpan<byte> value = Find(AttributeXorMappedAddress);
        bool isXored = !value.IsEmpty;
        if (!isXored)
            value = Find(AttributeMappedAddress);
        address = default;
        port = 0;
        bool isV4 = value.Length == 8 && value[1] == 1;
        bool isV6 = value.Length == 20 && value[1] == 2;
        if (!isV4 && !isV6)
            return false;
        port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        Span<byte> bytes = stackalloc byte[16];
        value[4..].CopyTo(bytes);
        if (isXored)
        {
            port ^= (ushort)(MagicCookie >> 16);
            for (int i = 0; i < value.Length - 4; i++)
                bytes[i] ^= _message[4 + i];
        }
        address = isV4 ? IpAddress.ReadV4(bytes) : IpAddress.ReadV6(bytes);
        return true;
    }

    private ReadOnlySpan<byte> Find(ushort type)
    {
        ReadOnlySpan<byte> attributes = _message[HeaderLength..];
        while (TryTake(ref attributes, out ushort found, out ReadOnlySpan<byte> value))
        {
            if (found == type)
                return value;
        }
        return default;
    }

    private static bool AttributesFill(ReadOnlySpan<byte> attributes)
    {
        while (TryTake(ref attributes, out _, out _))
        {
        }
        return attributes.IsEmpty;
    }

    /// <summary>Type, length, value, padding to four bytes (RFC 8489 section 14). Each call takes at least four bytes.</summary>
    private static bool TryTake(scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (attributes.Length < 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(attributes[2..]);
        int padded = 4 + (length + 3 & ~3);
        if (4 + length > attributes.Length)
            return false;
        type = BinaryPrimitives.ReadUInt16BigEndian(attributes);
        value = attributes.Slice(4, length);
        attributes = attributes[Math.Min(padded, attributes.Length)..];
        return true;
    }
}

/// <summary>TURN's short form of relayed data (RFC 8656 section 12.4).</summary>
public readonly ref struct TurnChannelDataView
{
    private TurnChannelDataView(ushort channel, ReadOnlySpan<byte> data)
    {
        Channel = channel;
        Data = data;
    }

    /// <summary>The channel, 0x4000 to 0x4fff.</summary>
    public ushort Channel { get; }

    /// <summary>What is relayed.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads a message of a datagram: padding of up to three bytes may follow.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out TurnChannelDataView view)
    {
        view = default;
        if (datagram.Length < 4)
            return ParseStatus.Truncated;
        ushort channel = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (channel is < 0x4000 or > 0x4fff || datagram.Length > 4 + length + 3)
            return ParseStatus.Malformed;
        if (datagram.Length < 4 + length)
            return ParseStatus.Truncated;
        view = new TurnChannelDataView(channel, datagram.Slice(4, length));
        return ParseStatus.Ok;
    }
}
