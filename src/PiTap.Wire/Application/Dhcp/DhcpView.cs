using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Application.Dhcp;

/// <summary>
/// A DHCP message of IPv4 (RFC 2131 section 2), options per RFC 2132. Options may also stand in the fields for file and server name (option
/// 52). Accessors give the first part of an option that comes in several (RFC 3396).
/// <code>
///   0  op: 1 request, 2 reply         24  giaddr: relay
///   1  htype: hardware                28  chaddr: client's hardware address, 16 bytes
///   2  hlen: length of its address    44  sname: server's name, 64 bytes
///   3  hops                          108  file, 128 bytes
///   4  xid: transaction              236  magic cookie 63 82 53 63
///   8  secs, flags                   240  options: code, length, data
///  12  ciaddr: client                     (0 pads, 255 ends, neither has a length)
///  16  yiaddr: address given
///  20  siaddr: next server
/// </code>
/// </summary>
public readonly ref struct DhcpView
{
    private const int HardwareTypeOffset = 1;
    private const int HardwareLengthOffset = 2;
    private const int TransactionIdOffset = 4;
    private const int ClientAddressOffset = 12;
    private const int YourAddressOffset = 16;
    private const int HardwareAddressOffset = 28;
    private const int ServerNameOffset = 44;
    private const int ServerNameLength = 64;
    private const int FileOffset = 108;
    private const int FileLength = 128;
    private const int CookieOffset = 236;
    private const int HeaderLength = 240;

    private const byte BootRequest = 1;
    private const byte BootReply = 2;
    private const byte Ethernet = 1;
    private const int EthernetAddressLength = 6;
    private const int MaxHardwareAddressLength = 16;
    private const uint Cookie = 0x6382_5363;

    private const byte OptionHostName = 12;
    private const byte OptionRequestedAddress = 50;
    private const byte OptionOverload = 52;
    private const byte OptionMessageType = 53;
    private const byte OptionParameterRequestList = 55;
    private const byte OptionVendorClass = 60;
    private const byte OptionClientId = 61;
    private const byte OptionFullName = 81;

    /// <summary>Flags and two result codes before the name (RFC 4702 section 2).</summary>
    private const int FullNameOffset = 3;

    private const byte FullNameIsCanonical = 0x04;

    /// <summary>Options, file, server name.</summary>
    private const int FieldCount = 3;

    private readonly ReadOnlySpan<byte> _message;

    private DhcpView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>True for a message from a client.</summary>
    public bool IsRequest => _message[0] == BootRequest;

    /// <summary>Common to a client's messages and the answers to them ("xid").</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_message[TransactionIdOffset..]);

    /// <summary>The client's MAC ("chaddr"); none if its hardware is not Ethernet or Wi-Fi.</summary>
    public MacAddress ClientMac => _message[HardwareTypeOffset] == Ethernet && _message[HardwareLengthOffset] == EthernetAddressLength
        ? MacAddress.Read(_message[HardwareAddressOffset..])
        : default;

    /// <summary>The address that the client has already ("ciaddr").</summary>
    public IpAddress ClientAddress => IpAddress.ReadV4(_message[ClientAddressOffset..]);

    /// <summary>The address that the server gives ("yiaddr").</summary>
    public IpAddress YourAddress => IpAddress.ReadV4(_message[YourAddressOffset..]);

    /// <summary>What the message is (option 53): 1 discover, 2 offer, 3 request, 5 acknowledge; 0 for BOOTP, which has none.</summary>
    public byte MessageType => Find(OptionMessageType) is { Length: 1 } data ? data[0] : (byte)0;

    /// <summary>The name that the client gives itself (option 12); empty without one.</summary>
    public ReadOnlySpan<byte> HostName => Trim(Find(OptionHostName));

    /// <summary>Vendor class (option 60), such as <c>android-dhcp-14</c>; empty without one.</summary>
    public ReadOnlySpan<byte> VendorClass => Trim(Find(OptionVendorClass));

    /// <summary>The options that the client asks for (option 55), a number each, in its order.</summary>
    public ReadOnlySpan<byte> ParameterRequestList => Find(OptionParameterRequestList);

    /// <summary>
    /// What the client wants to be told apart by (option 61): a type, mostly that of its hardware, and bytes; empty without one.
    /// </summary>
    public ReadOnlySpan<byte> ClientId => Find(OptionClientId);

    /// <summary>The address that the client asks for (option 50); unspecified without one.</summary>
    public IpAddress RequestedAddress => Find(OptionRequestedAddress) is { Length: 4 } data ? IpAddress.ReadV4(data) : default;

    /// <summary>The first label of the client's full name (option 81, RFC 4702), in ASCII or in DNS encoding; empty without one.</summary>
    public ReadOnlySpan<byte> FullName
    {
        get
        {
            ReadOnlySpan<byte> data = Find(OptionFullName);
            if (data.Length <= FullNameOffset)
                return default;
            ReadOnlySpan<byte> name = data[FullNameOffset..];
            if ((data[0] & FullNameIsCanonical) != 0)
                return DomainName.FirstLabel(name);
            int dot = name.IndexOf((byte)'.');
            return Trim(dot < 0 ? name : name[..dot]);
        }
    }

    /// <summary>Reads a message. The magic cookie (RFC 2131 section 3) is required; options may break off.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> message, out DhcpView view)
    {
        view = default;
        if (message.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (message[0] is not (BootRequest or BootReply) || message[HardwareLengthOffset] > MaxHardwareAddressLength)
            return ParseStatus.Malformed;
        if (BinaryPrimitives.ReadUInt32BigEndian(message[CookieOffset..]) != Cookie)
            return ParseStatus.Malformed;
        view = new DhcpView(message);
        return ParseStatus.Ok;
    }

    private ReadOnlySpan<byte> Find(byte option)
    {
        for (int field = 0; field < FieldCount; field++)
        {
            if (TryFind(Field(field), option, out ReadOnlySpan<byte> data))
                return data;
        }
        return default;
    }

    /// <summary>
    /// The fields that hold options; empty for one that option 52 does not name (RFC 2132 section 9.3: 1 file, 2 server name, 3 both).
    /// </summary>
    private ReadOnlySpan<byte> Field(int index)
    {
        ReadOnlySpan<byte> options = _message[HeaderLength..];
        if (index == 0)
            return options;
        if (!TryFind(options, OptionOverload, out ReadOnlySpan<byte> overload) || overload.Length != 1 || (overload[0] & index) == 0)
            return default;
        return index == 1 ? _message.Slice(FileOffset, FileLength) : _message.Slice(ServerNameOffset, ServerNameLength);
    }

    private static bool TryFind(ReadOnlySpan<byte> field, byte option, out ReadOnlySpan<byte> data)
    {
        DhcpOptions options = new(field);
        while (options.MoveNext())
        {
            if (options.Code == option)
            {
                data = options.Data;
                return true;
            }
        }
        data = default;
        return false;
    }

    /// <summary>Some clients end their strings with a zero, which RFC 2132 section 2 forbids.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.TrimEnd((byte)0);
}
