using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.TestKit;

/// <summary>What systems put before the packets that they hand over.</summary>
public static class CaptureHeaders
{
    /// <summary>A packet in a log of Linux's firewall, with a prefix and the sender's MAC before it, and its number behind it.</summary>
    public static byte[] NfLog(byte[] packet, byte family, MacAddress sender, bool isBigEndian = false) =>
    [
        family, 0, 0, 30,
        .. Attribute(1, [(byte)(packet[0] >> 4 == 6 ? 0x86 : 8), (byte)(packet[0] >> 4 == 6 ? 0xdd : 0), 2, 0], isBigEndian),
        .. Attribute(10, "tap\0\0"u8, isBigEndian),
        .. Attribute(8, [0, 6, 0, 0, .. WifiBytes.Bytes(sender), 0, 0], isBigEndian),
        .. Attribute(9, packet, isBigEndian),
        .. Attribute(12, [0, 0, 0, 1], isBigEndian),
    ];

    /// <summary>An attribute of netlink: length and type in the byte order of the machine, padded to four.</summary>
    public static byte[] Attribute(ushort type, ReadOnlySpan<byte> value, bool isBigEndian)
    {
        byte[] attribute = new byte[4 + value.Length + (-value.Length & 3)];
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(attribute, (ushort)(4 + value.Length));
            BinaryPrimitives.WriteUInt16BigEndian(attribute.AsSpan(2), type);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(4 + value.Length));
            BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        }
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    /// <summary>Apple's PKTAP before a packet of a link type.</summary>
    public static byte[] PktAp(byte[] packet, int link, int length = 108, byte next = 1)
    {
        byte[] header = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        header[4] = next;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), link);
        "en0"u8.CopyTo(header.AsSpan(12));
        return [.. header, .. packet];
    }

    /// <summary>PCAPdroid's trailer behind an IP packet, which has an Ethernet header without addresses.</summary>
    public static byte[] WithApp(byte[] packet, ReadOnlySpan<byte> name, uint user = 10_123)
    {
        byte[] field = new byte[20];
        name[..Math.Min(name.Length, field.Length)].CopyTo(field);
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, user);
        byte[] frame = Packets.Ethernet(default, default, packet);
        return [.. frame, .. new byte[-frame.Length & 3], 1, 7, 0x20, 0x21, .. number, .. field, 1, 2, 3, 4];
    }

    /// <summary>A frame of Ethernet with a switch's tag behind the addresses.</summary>
    public static byte[] Tagged(byte[] ethernet, params byte[] tag) => [.. ethernet[..12], .. tag, .. ethernet[12..]];
}
