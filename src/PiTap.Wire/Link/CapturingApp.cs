using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>
/// The app that a packet is of, where whoever captured on the device itself says so: PCAPdroid behind the packet, Apple's PKTAP before it.
/// <code>
/// PCAPdroid (pcap_dump.h): Ethernet without addresses, the packet, up to three zeros, and then       PKTAP: see <see cref="LinkLayer"/>
///  0  01 07 20 21                                                                                    56  name of the process, 17 bytes
///  4  number of the app's user; all ones if it is not known                                         88  the same of the process that
///  8  name of the app, 20 bytes, filled with zeros                                                       it works for
/// 28  checksum
/// </code>
/// </summary>
public static class CapturingApp
{
    /// <summary>Bytes of the longest name.</summary>
    public const int MaxNameBytes = 20;

    private const int AddressesLength = 12;
    private const int EthernetHeaderLength = 14;

    /// <summary>The name as it stands there, mostly UTF-8, which may be cut within a character; empty if there is none.</summary>
    public static ReadOnlySpan<byte> NameOf(LinkType link, ReadOnlySpan<byte> frame) => link switch
    {
        LinkType.Ethernet => OfTrailer(frame),
        LinkType.PktAp => OfPktAp(frame),
        _ => default,
    };

    /// <summary>No card sends a frame without addresses: nobody on the air can say such a thing of a packet.</summary>
    private static ReadOnlySpan<byte> OfTrailer(ReadOnlySpan<byte> frame)
    {
        const uint Magic = 0x0107_2021, NoUser = uint.MaxValue;
        const int Length = 32, UserOffset = 4, NameOffset = 8;
        if (frame.Length < EthernetHeaderLength + Length || frame[..AddressesLength].ContainsAnyExcept((byte)0))
            return default;
        ReadOnlySpan<byte> trailer = frame[^Length..];
        bool isKnown = BinaryPrimitives.ReadUInt32BigEndian(trailer) == Magic
            && BinaryPrimitives.ReadUInt32BigEndian(trailer[UserOffset..]) != NoUser;
        return isKnown ? UpToZero(trailer.Slice(NameOffset, MaxNameBytes)) : default;
    }

    private static ReadOnlySpan<byte> OfPktAp(ReadOnlySpan<byte> frame)
    {
        const int NameOffset = 56, ForOffset = 88, NameBytes = 17, HeaderLength = 108;
        if (frame.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(frame) < HeaderLength)
            return default;
        ReadOnlySpan<byte> name = UpToZero(frame.Slice(ForOffset, NameBytes));
        return name.IsEmpty ? UpToZero(frame.Slice(NameOffset, NameBytes)) : name;
    }

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
