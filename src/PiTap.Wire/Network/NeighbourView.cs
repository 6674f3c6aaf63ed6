using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>The messages of neighbour discovery by which hosts and routers say what is on the link.</summary>
public enum NeighbourKind : byte
{
    /// <summary>A router says that it is one, and which prefixes are on the link.</summary>
    RouterAdvertisement = 134,
    /// <summary>A host asks who has an address, or whether nobody has the one that it wants.</summary>
    NeighbourSolicitation = 135,
    /// <summary>A host says that an address is its own.</summary>
    NeighbourAdvertisement = 136,
}

/// <summary>A prefix that a router announces.</summary>
/// <param name="Prefix">Its address.</param>
/// <param name="Length">Bits of it that count.</param>
public readonly record struct AnnouncedPrefix(IpAddress Prefix, int Length);

/// <summary>
/// Neighbour discovery of IPv6 (RFC 4861 section 4), behind the IPv6 header.
/// <code>
///  Router advertisement              Neighbour solicitation, advertisement     Prefix option, at a multiple of eight
///  0  type, code 0, checksum         0  type, code 0, checksum                 0  type 3, length 4 (in eight bytes)
///  4  hop limit, flags               4  flags: the first bit is "router"       2  bits of the prefix
///  6  lifetime as a router           8  target, 16 bytes                       3  flags: on the link, for addresses
///  8  two times, 4 bytes each       24  options                                4  valid lifetime, preferred lifetime
/// 16  options                                                                 16  prefix, 16 bytes
/// </code>
/// </summary>
public readonly ref struct NeighbourView
{
    private const int CodeOffset = 1;
    private const int FlagsOffset = 4;
    private const int LifetimeOffset = 6;
    private const int TargetOffset = 8;
    private const int RouterHeaderLength = 16;
    private const int NeighbourHeaderLength = 24;
    private const int OptionUnit = 8;
    private readonly ReadOnlySpan<byte> _message;

    private NeighbourView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Which message it is.</summary>
    public NeighbourKind Kind => (NeighbourKind)_message[0];

    /// <summary>True if the sender says that it leads out of the link.</summary>
    public bool IsRouter => Kind switch
    {
        NeighbourKind.RouterAdvertisement => BinaryPrimitives.ReadUInt16BigEndian(_message[LifetimeOffset..]) > 0,
        NeighbourKind.NeighbourAdvertisement => (_message[FlagsOffset] & 0x80) != 0,
        _ => false,
    };

    /// <summary>The address that a neighbour's message is about; unspecified for a router's advertisement.</summary>
    public IpAddress Target => Kind == NeighbourKind.RouterAdvertisement ? default : IpAddress.ReadV6(_message[TargetOffset..]);

    /// <summary>
    /// Reads an ICMPv6 message. <see cref="ParseStatus.Unsupported"/> for all that is not one of <see cref="NeighbourKind"/>. Whether it
    /// came from the link itself, which its hop limit of 255 proves (section 7.1), is the caller's to check.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> message, out NeighbourView view)
    {
        view = default;
        if (message.IsEmpty)
            return ParseStatus.Truncated;
        if ((NeighbourKind)message[0] is not (NeighbourKind.RouterAdvertisement or NeighbourKind.NeighbourSolicitation
            or NeighbourKind.NeighbourAdvertisement))
            return ParseStatus.Unsupported;
        int headerLength = (NeighbourKind)message[0] == NeighbourKind.RouterAdvertisement ? RouterHeaderLength : NeighbourHeaderLength;
        if (message.Length < headerLength)
            return ParseStatus.Truncated;
        if (message[CodeOffset] != 0)
            return ParseStatus.Malformed;
        view = new NeighbourView(message);
        if (view.Kind == NeighbourKind.RouterAdvertisement || !view.Target.IsMulticast)
            return ParseStatus.Ok;
        view = default;
        return ParseStatus.Malformed;
    }

    /// <summary>
    /// Takes the next prefix of a router's advertisement whose addresses are on the link, or that hosts make addresses of (section 4.6.2).
    /// </summary>
    /// <param name="place">Where to go on: 0 at first.</param>
    /// <param name="prefix">The prefix.</param>
    /// <returns>False if there are no more.</returns>
    public bool TryNextPrefix(ref int place, out AnnouncedPrefix prefix)
    {
        const byte PrefixInformation = 3, OnLinkOrAutonomous = 0xc0;
        const int LengthOffset = 2, OptionFlagsOffset = 3, ValidOffset = 4, PrefixOffset = 16, PrefixOptionLength = 32, AddressBits = 128;
        prefix = default;
        if (Kind != NeighbourKind.RouterAdvertisement)
            return false;
        place = Math.Max(place, RouterHeaderLength);
        // Each round takes an option of eight bytes at least.
        while (place + OptionUnit <= _message.Length && _message[place + 1] > 0)
        {
            int length = _message[place + 1] * OptionUnit;
            if (length > _message.Length - place)
                return false;
            ReadOnlySpan<byte> option = _message.Slice(place, length);
            place += length;
            if (option[0] != PrefixInformation || length != PrefixOptionLength || option[LengthOffset] > AddressBits)
                continue;
            if ((option[OptionFlagsOffset] & OnLinkOrAutonomous) == 0 || BinaryPrimitives.ReadUInt32BigEndian(option[ValidOffset..]) == 0)
                continue;
            prefix = new AnnouncedPrefix(IpAddress.ReadV6(option[PrefixOffset..]), option[LengthOffset]);
            return true;
        }
        return false;
    }
}
