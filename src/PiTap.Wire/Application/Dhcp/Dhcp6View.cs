using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Application.Dhcp;

/// <summary>
/// A DHCP message of IPv6 (RFC 8415 section 8). What relays sent on is unwrapped.
/// <code>
///  client and server                  relay (section 9)
///  0  message type                     0  message type: 12 forward, 13 reply
///  1  transaction, 3 bytes             1  hop count
///  4  options                          2  link address, 16 bytes
///                                     18  peer address, 16 bytes
///  each option: code (2 bytes),       34  options; 9 holds the message relayed
///  length (2 bytes), data
/// </code>
/// </summary>
public readonly ref struct Dhcp6View
{
    /// <summary>Relays that a message may have passed (RFC 8415 section 7.6, HOP_COUNT_LIMIT).</summary>
    public const int MaxRelays = 8;

    private const int HeaderLength = 4;

    /// <summary>Hop count, link address and peer address behind the type (section 9).</summary>
    private const int RelayHeaderLength = 34;

    private const int OptionLengthOffset = 2;
    private const int OptionHeaderLength = 4;
    private const int VendorLengthOffset = 4;
    private const int VendorTextOffset = 6;
    private const int HardwareTypeOffset = 2;

    private const byte RelayForward = 12;
    private const byte RelayReply = 13;

    /// <summary>ADDR-REG-REPLY (RFC 9686), the last type assigned.</summary>
    private const byte LastMessageType = 37;

    private const ushort OptionClientId = 1;
    private const ushort OptionOptionRequest = 6;
    private const ushort OptionRelayMessage = 9;
    private const ushort OptionVendorClass = 16;
    private const ushort OptionFullName = 39;

    private const ushort DuidLinkLayerTime = 1;
    private const ushort DuidLinkLayer = 3;
    private const ushort HardwareEthernet = 1;
    private const int MacLength = 6;

    private readonly ReadOnlySpan<byte> _message;

    private Dhcp6View(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>What the message is (RFC 8415 section 7.3): 1 solicit, 3 request, 7 reply.</summary>
    public byte MessageType => _message[0];

    /// <summary>Common to a client's message and the answer to it: 24 bits.</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_message) & 0xff_ffff;

    /// <summary>True for the kinds that clients send: those of RFC 8415, and the address that one registers (RFC 9686).</summary>
    public bool IsClientMessage => MessageType is 1 or 3 or 4 or 5 or 6 or 8 or 9 or 11 or 36;

    /// <summary>The client's DUID (option 1); empty without one.</summary>
    public ReadOnlySpan<byte> ClientId => Find(OptionClientId);

    /// <summary>
    /// The MAC in the client's DUID (RFC 8415 section 11.2, 11.4); none if it has none. It names the device, but need not be the one of the
    /// interface in use.
    /// </summary>
    public MacAddress ClientMac
    {
        get
        {
            ReadOnlySpan<byte> duid = ClientId;
            if (duid.Length < 4 || BinaryPrimitives.ReadUInt16BigEndian(duid[HardwareTypeOffset..]) != HardwareEthernet)
                return default;
            int offset = BinaryPrimitives.ReadUInt16BigEndian(duid) switch
            {
                DuidLinkLayerTime => 8,
                DuidLinkLayer => 4,
                _ => duid.Length,
            };
            return duid.Length == offset + MacLength ? MacAddress.Read(duid[offset..]) : default;
        }
    }

    /// <summary>Vendor class (option 16): the first string behind the enterprise number; empty without one.</summary>
    public ReadOnlySpan<byte> VendorClass
    {
        get
        {
            ReadOnlySpan<byte> data = Find(OptionVendorClass);
            if (data.Length < VendorTextOffset)
                return default;
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[VendorLengthOffset..]);
            return VendorTextOffset + length <= data.Length ? data.Slice(VendorTextOffset, length) : default;
        }
    }

    /// <summary>The options that the client asks for (option 6), two bytes each.</summary>
    public ReadOnlySpan<byte> OptionRequest => Find(OptionOptionRequest);

    /// <summary>The first label of the client's full name (option 39, RFC 4704); empty without one.</summary>
    public ReadOnlySpan<byte> FullName => Find(OptionFullName) is { Length: > 1 } data ? DomainName.FirstLabel(data[1..]) : default;

    /// <summary>
    /// False for bytes that hardly are DHCP: it tells who its client is (RFC 8415 section 16), or its options end where it does.
    /// </summary>
    public bool IsPlausible
    {
        get
        {
            ReadOnlySpan<byte> rest = _message[HeaderLength..];
            while (rest.Length >= OptionHeaderLength && OptionHeaderLength + LengthOfOption(rest) <= rest.Length)
                rest = rest[(OptionHeaderLength + LengthOfOption(rest))..];
            return rest.IsEmpty || !ClientId.IsEmpty;
        }
    }

    /// <summary>Reads a message; its options may break off.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> message, out Dhcp6View view)
    {
        view = default;
        for (int relays = 0; relays <= MaxRelays; relays++)
        {
            if (message.Length < HeaderLength)
                return ParseStatus.Truncated;
            if (message[0] is 0 or > LastMessageType)
                return ParseStatus.Malformed;
            if (message[0] is not (RelayForward or RelayReply))
            {
                view = new Dhcp6View(message);
                return ParseStatus.Ok;
            }
            if (message.Length < RelayHeaderLength)
                return ParseStatus.Truncated;
            message = Find(message[RelayHeaderLength..], OptionRelayMessage);
        }
        return ParseStatus.Malformed;
    }

    private static int LengthOfOption(ReadOnlySpan<byte> option) => BinaryPrimitives.ReadUInt16BigEndian(option[OptionLengthOffset..]);

    private ReadOnlySpan<byte> Find(ushort option) => Find(_message[HeaderLength..], option);

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> options, ushort option)
    {
        while (options.Length >= OptionHeaderLength)
        {
            int length = LengthOfOption(options);
            if (OptionHeaderLength + length > options.Length)
                return default;
            if (BinaryPrimitives.ReadUInt16BigEndian(options) == option)
                return options.Slice(OptionHeaderLength, length);
            options = options[(OptionHeaderLength + length)..];
        }
        return default;
    }
}
