using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Other;

/// <summary>
/// What one side of a SOCKS connection says before the proxied bytes begin: greeting, password where there is one, and request or reply, of
/// SOCKS 5 (RFC 1928, RFC 1929) or of SOCKS 4 and 4A. <see cref="TotalLength"/> is where the proxied bytes of that side begin, for CONNECT
/// that was granted.
/// <code>
///  greeting                  choice          request and reply
///  0  version: 5             0  version: 5   0  version: 5
///  1  number of methods      1  method       1  command, or reply
///  2  methods                                2  0
///                                            3  kind of address: 1 IPv4, 3 name, 4 IPv6
///  password (RFC 1929)       its answer      4  address; a name behind its length
///  0  version: 1             0  version: 1      port, 2 bytes
///  1  name, behind its length  1  status
///     password, behind its length
/// </code>
/// </summary>
public readonly ref struct SocksView
{
    private const byte Version5 = 5;
    private const byte PasswordVersion = 1;
    private const byte MethodNone = 0;
    private const byte MethodPassword = 2;

    /// <summary>Methods in a greeting: three are registered that anyone uses, and private ones (RFC 1928 section 3).</summary>
    private const int MaxMethods = 16;

    /// <summary>4 or 5.</summary>
    public byte Version { get; private init; }

    /// <summary>True for what the proxy says.</summary>
    public bool IsServer { get; private init; }

    /// <summary>
    /// Of a request: 1 connect, 2 bind, 3 UDP associate. Of a reply: its code, 0 (version 5) or 90 (version 4) for granted.
    /// </summary>
    public byte Code { get; private init; }

    /// <summary>True for a reply that grants the request.</summary>
    public bool IsGranted => IsServer && Code == (Version == Version5 ? 0 : Socks4View.Granted);

    /// <summary>The host asked for, by name; empty if it is asked for by <see cref="Address"/>.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The address asked for, or the one that the proxy uses; unspecified beside a <see cref="Host"/>.</summary>
    public IpAddress Address { get; private init; }

    /// <summary>The port that goes with host or address.</summary>
    public ushort Port { get; private init; }

    /// <summary>The name that the client gave, in the clear; empty without one. A password is never read.</summary>
    public ReadOnlySpan<byte> UserName { get; private init; }

    /// <summary>Bytes of all of it.</summary>
    public int TotalLength { get; private init; }

    /// <summary>
    /// Reads the client's side from the first byte of the stream; <see cref="ParseStatus.Truncated"/> until the request is whole.
    /// </summary>
    public static ParseStatus ParseClient(ReadOnlySpan<byte> stream, out SocksView view)
    {
        view = default;
        if (stream.IsEmpty)
            return ParseStatus.Truncated;
        return stream[0] switch
        {
            Socks4View.ProtocolVersion => Of(Socks4View.ParseRequest(stream, out Socks4View request), request, isServer: false, out view),
            Version5 => ParseClient5(stream, out view),
            _ => ParseStatus.Malformed,
        };
    }

    /// <summary>
    /// Reads the proxy's side from the first byte of the stream; <see cref="ParseStatus.Truncated"/> until the reply is whole.
    /// </summary>
    public static ParseStatus ParseServer(ReadOnlySpan<byte> stream, out SocksView view)
    {
        view = default;
        if (stream.Length < 2)
            return stream.IsEmpty || stream[0] is 0 or Version5 ? ParseStatus.Truncated : ParseStatus.Malformed;
        if (stream[0] == 0)
            return Of(Socks4View.ParseReply(stream, out Socks4View reply), reply, isServer: true, out view);
        if (stream[0] != Version5)
            return ParseStatus.Malformed;
        byte method = stream[1];
        int offset = 2;
        if (method == MethodPassword)
        {
            if (stream.Length < offset + 2)
                return ParseStatus.Truncated;
            if (stream[offset] != PasswordVersion)
                return ParseStatus.Malformed;
            offset += 2;
        }
        else if (method != MethodNone)
        {
            return ParseStatus.Unsupported;
        }
        return ParseMessage5(stream, offset, isServer: true, default, out view);
    }

    private static ParseStatus Of(ParseStatus status, Socks4View old, bool isServer, out SocksView view)
    {
        view = status != ParseStatus.Ok ? default : new SocksView
        {
            Version = Socks4View.ProtocolVersion,
            IsServer = isServer,
            Code = old.Code,
            UserName = old.UserName,
            Host = old.Host,
            Address = old.Address,
            Port = old.Port,
            TotalLength = old.TotalLength,
        };
        return status;
    }

    private static ParseStatus ParseClient5(ReadOnlySpan<byte> stream, out SocksView view)
    {
        view = default;
        if (stream.Length < 2)
            return ParseStatus.Truncated;
        int offset = 2 + stream[1];
        if (stream[1] is 0 or > MaxMethods)
            return ParseStatus.Malformed;
        if (stream.Length <= offset)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> user = default;
        if (stream[offset] == PasswordVersion)
        {
            // GSSAPI begins with the same byte (RFC 1961 section 3).
            if (!stream[2..offset].Contains(MethodPassword))
                return ParseStatus.Unsupported;
            if (!TryTakeText(stream, offset + 1, out user, out offset) || !TryTakeText(stream, offset, out _, out offset))
                return ParseStatus.Truncated;
        }
        return ParseMessage5(stream, offset, isServer: false, user, out view);
    }

    /// <summary>Request and reply have one form (RFC 1928 sections 4 and 6): version, code, zero, kind of address, address, port.</summary>
    private static ParseStatus ParseMessage5(ReadOnlySpan<byte> stream, int offset, bool isServer, ReadOnlySpan<byte> user, out SocksView view)
    {
        const int HeaderLength = 4;
        const int PortLength = 2;
        view = default;
        ReadOnlySpan<byte> message = stream[offset..];
        if (message.Length > 0 && message[0] != Version5)
            return ParseStatus.Malformed;
        if (message.Length < HeaderLength + 1)
            return ParseStatus.Truncated;
        bool isCodeKnown = isServer ? message[1] <= 8 : message[1] is 1 or 2 or 3;
        int length = message[3] switch
        {
            1 => 4,
            3 => 1 + message[HeaderLength],
            4 => 16,
            _ => 0,
        };
        if (!isCodeKnown || message[2] != 0 || length == 0)
            return ParseStatus.Malformed;
        if (message.Length < HeaderLength + length + PortLength)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> target = message.Slice(HeaderLength, length);
        view = new SocksView
        {
            Version = Version5,
            IsServer = isServer,
            Code = message[1],
            UserName = user,
            Host = message[3] == 3 ? target[1..] : default,
            Address = message[3] == 1 ? IpAddress.ReadV4(target) : message[3] == 4 ? IpAddress.ReadV6(target) : default,
            Port = BinaryPrimitives.ReadUInt16BigEndian(message[(HeaderLength + length)..]),
            TotalLength = offset + HeaderLength + length + PortLength,
        };
        return ParseStatus.Ok;
    }

    private static bool TryTakeText(ReadOnlySpan<byte> stream, int offset, out ReadOnlySpan<byte> text, out int next)
    {
        text = default;
        next = offset;
        if (stream.Length <= offset || stream.Length < offset + 1 + stream[offset])
            return false;
        text = stream.Slice(offset + 1, stream[offset]);
        next = offset + 1 + text.Length;
        return true;
    }
}
