using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.TestKit;

/// <summary>Builds Wi-Fi frames, and what captures put before them.</summary>
public static class WifiBytes
{
    public static readonly MacAddress AccessPoint = Packets.Mac("00:00:5e:00:53:fe");

    public const byte ToSystem = 0x01, FromSystem = 0x02, MoreFragments = 0x04, Retry = 0x08, Protected = 0x40, Order = 0x80;

    /// <summary>LLC and SNAP (RFC 1042) before a packet; the EtherType is told by the first nibble.</summary>
    public static byte[] Snap(ReadOnlySpan<byte> packet) =>
        [0xaa, 0xaa, 3, 0, 0, 0, .. packet[0] >> 4 == 6 ? (byte[])[0x86, 0xdd] : [8, 0], .. packet];

    /// <summary>
    /// A data frame from <paramref name="source"/> to <paramref name="destination"/>; the flags say by which way (IEEE 802.11-2020 section
    /// 9.3.2.1).
    /// </summary>
    public static byte[] Data(
        MacAddress source, MacAddress destination, byte flags, ReadOnlySpan<byte> body, int sequence = 1, int fragment = 0, int qos = -1,
            bool isPadded = false)
    {
        MacAddress[] addresses = (flags & (ToSystem | FromSystem)) switch
        {
            0 => [destination, source, AccessPoint],
            ToSystem => [AccessPoint, source, destination],
            FromSystem => [destination, AccessPoint, source],
            _ => [AccessPoint, AccessPoint, destination, source],
        };
        byte[] sequenceControl = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(sequenceControl, (ushort)(sequence << 4 | fragment));
        byte[] header =
        [
            (byte)(qos < 0 ? 0x08 : 0x88), flags, 0, 0, .. Bytes(addresses[0]), .. Bytes(addresses[1]), .. Bytes(addresses[2]),
                .. sequenceControl,
            .. addresses.Length > 3 ? Bytes(addresses[3]) : [],
            .. qos < 0 ? [] : (byte[])[(byte)qos, 0],
            .. qos >= 0 && (flags & Order) != 0 ? new byte[4] : [],
        ];
        return [.. header, .. new byte[isPadded ? -header.Length & 3 : 0], .. body];
    }

    /// <summary>A part of an A-MSDU (IEEE 802.11-2020 section 9.3.2.2.2), padded unless it is the last one.</summary>
    public static byte[] Part(MacAddress source, MacAddress destination, byte[] body, bool isLast = false) =>
        [.. Bytes(destination), .. Bytes(source), (byte)(body.Length >> 8), (byte)body.Length, .. body,
            .. new byte[isLast ? 0 : -(14 + body.Length) & 3]];

    /// <summary>A radiotap header with as many chained words as are asked for, a time if asked for, and flags.</summary>
    public static byte[] Radiotap(byte[] frame, byte flags = 0, bool hasTime = false, int moreWords = 0)
    {
        List<byte> header = [0, 0, 0, 0];
        for (int word = 0; word <= moreWords; word++)
            header.AddRange([(byte)(word == 0 ? hasTime ? 3 : 2 : 0), 0, 0, (byte)(word < moreWords ? 0x80 : 0)]);
        if (hasTime)
            header.AddRange(new byte[(-header.Count & 7) + 8]);
        header.AddRange([flags, 7, 7]);
        header[2] = (byte)header.Count;
        return [.. header, .. frame];
    }

    /// <summary>A Prism header, as long as they all are.</summary>
    public static byte[] Prism(byte[] frame) => [0x44, 0, 0, 0, 144, 0, 0, 0, .. "wlan0\0"u8, .. new byte[130], .. frame];

    /// <summary>An AVS header of the given length, 8 at least.</summary>
    public static byte[] Avs(byte[] frame, byte length = 64, byte version = 1) =>
        [0x80, 0x21, 0x10, version, 0, 0, 0, length, .. new byte[length - 8], .. frame];

    /// <summary>Per-packet information with a vendor's field and that of 802.11 with its flags.</summary>
    public static byte[] Ppi(byte[] frame, int link, ushort flags = 0)
    {
        byte[] fields = [0x99, 0x99, 3, 0, 1, 2, 3, 2, 0, 20, 0, .. new byte[8], (byte)flags, (byte)(flags >> 8), .. new byte[10]];
        return [0, 0, (byte)(8 + fields.Length), 0, (byte)link, (byte)(link >> 8), 0, 0, .. fields, .. frame];
    }

    public static byte[] Bytes(MacAddress mac)
    {
        byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(mac.Value >> (40 - 8 * i));
        return bytes;
    }
}
