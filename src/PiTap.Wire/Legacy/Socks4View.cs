using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Legacy;

/// <summary>
/// Request and reply of SOCKS 4 and 4A ("SOCKS: A protocol for TCP proxy across firewalls", Ying-Da Lee; "SOCKS 4A: A Simple Extension to
/// SOCKS 4 Protocol").
/// <code>
///  0  version: 4 in a request, 0 in a reply
///  1  code: 1 connect, 2 bind; in a reply 90 granted, 91 to 93 refused
///  2  port
///  4  address; in 4A 0.0.0.x, and a name stands at the end
///  8  only in a request: user, ended by a zero; in 4A then the name, ended by a zero
/// </code>
/// </summary>
internal readonly ref struct Socks4View
{
    /// <summary>A request's first byte.</summary>
    public const byte ProtocolVersion = 4;

    /// <summary>A reply's code if the request is granted.</summary>
    public const byte Granted = 90;

    private const byte LastCode = 93;
    private const int CodeOffset = 1;
    private const int PortOffset = 2;
    private const int AddressOffset = 4;
    private const int HeaderLength = 8;

    /// <summary>Longest text, which no length bounds, in bytes.</summary>
    private const int MaxTextBytes = 255;

    private Socks4View(ReadOnlySpan<byte> message, IpAddress address)
    {
        Code = message[CodeOffset];
        Port = BinaryPrimitives.ReadUInt16BigEndian(message[PortOffset..]);
        Address = address;
    }

    /// <summary>What is asked for, or the answer.</summary>
    public byte Code { get; }

    /// <summary>The port that goes with host or address.</summary>
    public ushort Port { get; }

    /// <summary>The address asked for, or the one that the proxy uses; unspecified beside a <see cref="Host"/>.</summary>
    public IpAddress Address { get; }

    /// <summary>The host asked for, by name; empty if it is asked for by <see cref="Address"/>.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The name that the client gave; empty without one.</summary>
    public ReadOnlySpan<byte> UserName { get; private init; }

    /// <summary>Bytes of all of it.</summary>
    public int TotalLength { get; private init; }

    /// <summary>Reads a request.</summary>
    public static ParseStatus ParseRequest(ReadOnlySpan<byte> stream, out Socks4View view)
    {
        view = default;
        if (stream.Length < HeaderLength + 1)
            return ParseStatus.Truncated;
        if (stream[CodeOffset] is not (1 or 2))
            return ParseStatus.Malformed;
        ParseStatus status = TakeText(stream, HeaderLength, out ReadOnlySpan<byte> user, out int offset);
        if (status != ParseStatus.Ok)
            return status;
        uint address = BinaryPrimitives.ReadUInt32BigEndian(stream[AddressOffset..]);
        bool hasName = address is > 0 and <= byte.MaxValue;
        ReadOnlySpan<byte> host = default;
        if (hasName)
        {
            status = TakeText(stream, offset, out host, out offset);
            if (status != ParseStatus.Ok)
                return status;
        }
        view = new Socks4View(stream, hasName ? default : IpAddress.FromV4(address)) { UserName = user, Host = host, TotalLength = offset };
        return ParseStatus.Ok;
    }

    /// <summary>Reads a reply.</summary>
    public static ParseStatus ParseReply(ReadOnlySpan<byte> stream, out Socks4View view)
    {
        view = default;
        if (stream.Length > CodeOffset && stream[CodeOffset] is < Granted or > LastCode)
            return ParseStatus.Malformed;
        if (stream.Length < HeaderLength)
            return ParseStatus.Truncated;
        view = new Socks4View(stream, IpAddress.ReadV4(stream[AddressOffset..])) { TotalLength = HeaderLength };
        return ParseStatus.Ok;
    }

    private static ParseStatus TakeText(ReadOnlySpan<byte> stream, int offset, out ReadOnlySpan<byte> text, out int next)
    {
        text = default;
        next = offset;
        ReadOnlySpan<byte> rest = stream[offset..];
        int end = rest[..Math.Min(rest.Length, MaxTextBytes + 1)].IndexOf((byte)0);
        if (end < 0)
            return rest.Length > MaxTextBytes ? ParseStatus.Malformed : ParseStatus.Truncated;
        text = rest[..end];
        next = offset + end + 1;
        return ParseStatus.Ok;
    }
}
