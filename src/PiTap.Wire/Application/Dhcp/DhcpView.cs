using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application;

/// <summary>A DHCP message of IPv4 (RFC 2131 section 2), options per RFC 2132. Options may also stand in the fields for file and server name (option 52).</summary>
public readonly ref struct DhcpView
{
    private const int HeaderLength = 240;
    private const int FileOffset = 108;
    private const int FileLength = 128;
    private const int ServerNameOffset = 44;
    private const int ServerNameLength = 64;
    private const byte Ethernet = 1;

    private const byte OptionPad = 0;
    private const byte OptionHostName = 12;
    private const byte OptionRequestedAddress = 50;
    private const byte OptionOverload = 52;
    private const byte OptionMessageType = 53;
    private const byte OptionParameterRequestList = 55;
    private const byte OptionVendorClass = 60;
    private const byte OptionFullName = 81;
    private const byte OptionEnd = 255;

    private readonly ReadOnlySpan<byte> _message;

    private DhcpView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>True for a message from a client.</summary>
    public bool IsRequest => _message[0] == 1;

    /// <summary>The client's MAC; none where its hardware is not Ethernet or Wi-Fi.</summary>
    public MacAddress ClientMac => _message[1] == Ethernet && _message[2] == 6 ? MacAddress.Read(_message[28..]) : default;

    /// <summary>The address that the server gives ("yiaddr").</summary>
    public IpAddress YourAddress => IpAddress.ReadV4(_message[16..]);

    /// <summary>What the message is (option 53): 1 discover, 2 offer, 3 request, 5 acknowledge; 0 for BOOTP, which has none.</summary>
    public byte MessageType => Find(OptionMessageType) is { Length: >= 1 } data ? data[0] : (byte)0;

    /// <summary>The name that the client gives itself (option 12); empty without one.</summary>
    public ReadOnlySpan<byte> HostName => Trim(Find(OptionHostName));

    /// <summary>Vendor class (option 60), such as <c>android-dhcp-14</c>; empty without one.</summary>
    public ReadOnlySpan<byte> VendorClass => Trim(Find(OptionVendorClass));

    /// <summary>The options that the client asks for (option 55), a number each, in its order.</summary>
    public ReadOnlySpan<byte> ParameterRequestList => Find(OptionParameterRequestList);

    /// <summary>The address that the client asks for (option 50); unspecified without one.</summary>
    public IpAddress RequestedAddress => Find(OptionRequestedAddress) is { Length: 4 } data ? IpAddress.ReadV4(data) : default;

    /// <summary>
    /// The first label of the client's full name (option 81, RFC 4702), in ASCII or in DNS encoding; empty without one.
    /// </summary>
    public ReadOnlySpan<byte> FullName
    {
        get
        {
            ReadOnlySpan<byte> data = Find(OptionFullName);
            if (data.Length <= 3)
                return default;
            bool isDnsEncoded = (data[0] & 0x04) != 0;
            ReadOnlySpan<byte> name = data[3..];
            if (isDnsEncoded)
                return name[0] < name.Length ? name.Slice(1, name[0]) : default;
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
        if (message[0] is not (1 or 2) || BinaryPrimitives.ReadUInt32BigEndian(message[236..]) != 0x6382_5363)
            return ParseStatus.Malformed;
        view = new DhcpView(message);
        return ParseStatus.Ok;
    }

    private ReadOnlySpan<byte> Find(byte option)
    {
        if (TryFind(_message[HeaderLength..], option, out ReadOnlySpan<byte> data))
            return data;
        if (!TryFind(_message[HeaderLength..], OptionOverload, out ReadOnlySpan<byte> overload) || overload.Length != 1)
            return default;
        if ((overload[0] & 1) != 0 && TryFind(_message.Slice(FileOffset, FileLength), option, out data))
            return data;
        if ((overload[0] & 2) != 0 && TryFind(_message.Slice(ServerNameOffset, ServerNameLength), option, out data))
            return data;
        return default;
    }

    private static bool TryFind(ReadOnlySpan<byte> options, byte option, out ReadOnlySpan<byte> data)
    {
        data = default;
        while (!options.IsEmpty && options[0] != OptionEnd)
        {
            if (options[0] == OptionPad)
            {
                options = options[1..];
                continue;
            }
            if (options.Length < 2 || 2 + options[1] > options.Length)
                return false;
            if (options[0] == option)
            {
                data = options.Slice(2, options[1]);
                return true;
            }
            options = options[(2 + options[1])..];
        }
        return false;
    }

    /// <summary>Some clients end their strings with a zero, which RFC 2132 section 2 forbids.</summary>
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.TrimEnd((byte)0);
}
