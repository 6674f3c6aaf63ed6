using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Transport;

namespace PiTap.TestKit;

/// <summary>Builds packets from the inside out: each call puts a header before what it is given.</summary>
public static class Packets
{
    public static readonly MacAddress PhoneMac = Mac("02:00:00:00:00:01");
    public static readonly MacAddress RouterMac = Mac("00:00:5e:00:53:01");
    public static readonly IpAddress Phone = Ip("10.42.0.2");
    public static readonly IpAddress Server = Ip("192.0.2.80");
    public static readonly IpAddress Phone6 = Ip("fd00::2");
    public static readonly IpAddress Server6 = Ip("2001:db8::80");

    public static IpAddress Ip(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);

    public static MacAddress Mac(string text) => MacAddress.TryParse(text, out MacAddress mac) ? mac : throw new FormatException(text);

    /// <summary>A UDP datagram with a zero checksum ("none", RFC 768).</summary>
    public static byte[] Udp(ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(4), (ushort)datagram.Length);
        payload.CopyTo(datagram.AsSpan(8));
        return datagram;
    }

    public static byte[] Tcp(ushort sourcePort, ushort destinationPort, uint sequence, uint acknowledgement, TcpFlags flags,
        ReadOnlySpan<byte> payload = default)
    {
        byte[] segment = new byte[20 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledgement);
        segment[12] = 5 << 4;
        segment[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 0xffff);
        payload.CopyTo(segment.AsSpan(20));
        return segment;
    }

    /// <summary>IPv4 or IPv6, by the addresses' family.</summary>
    public static byte[] Ip(IpAddress source, IpAddress destination, byte protocol, ReadOnlySpan<byte> payload) => source.IsV4
        ? Ipv4(source, destination, protocol, payload)
        : Ipv6(source, destination, protocol, payload);

    public static byte[] Ipv4(IpAddress source, IpAddress destination, byte protocol, ReadOnlySpan<byte> payload, ushort identification = 0,
        int offset = 0, bool more = false)
    {
        byte[] packet = new byte[20 + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)(offset / 8 | (more ? 0x2000 : 0)));
        packet[8] = 64;
        packet[9] = protocol;
        source.WriteTo(packet.AsSpan(12));
        destination.WriteTo(packet.AsSpan(16));
        payload.CopyTo(packet.AsSpan(20));
        return packet;
    }

    public static byte[] Ipv6(IpAddress source, IpAddress destination, byte nextHeader, ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[40 + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = nextHeader;
        packet[7] = 64;
        source.WriteTo(packet.AsSpan(8));
        destination.WriteTo(packet.AsSpan(24));
        payload.CopyTo(packet.AsSpan(40));
        return packet;
    }

    /// <summary>An IPv6 fragment header before a part of a payload (RFC 8200 section 4.5).</summary>
    public static byte[] Ipv6Fragment(byte nextHeader, uint identification, int offset, bool more, ReadOnlySpan<byte> part)
    {
        byte[] packet = new byte[8 + part.Length];
        packet[0] = nextHeader;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), identification);
        part.CopyTo(packet.AsSpan(8));
        return packet;
    }

    /// <summary>Ethernet; the EtherType is told by the packet's first nibble unless it is given.</summary>
    public static byte[] Ethernet(MacAddress source, MacAddress destination, ReadOnlySpan<byte> packet, ushort etherType = 0)
    {
        byte[] frame = new byte[14 + packet.Length];
        WriteMac(frame, destination);
        WriteMac(frame.AsSpan(6), source);
        if (etherType == 0)
            etherType = packet[0] >> 4 == 6 ? EtherTypes.Ipv6 : EtherTypes.Ipv4;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), etherType);
        packet.CopyTo(frame.AsSpan(14));
        return frame;
    }

    /// <summary>An 802.1Q tag's two numbers before what follows: identifier, then the EtherType behind the tag.</summary>
    public static byte[] Vlan(ushort identifier, ushort etherType, ReadOnlySpan<byte> packet)
    {
        byte[] tagged = new byte[4 + packet.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tagged, identifier);
        BinaryPrimitives.WriteUInt16BigEndian(tagged.AsSpan(2), etherType);
        packet.CopyTo(tagged.AsSpan(4));
        return tagged;
    }

    private static void WriteMac(Span<byte> destination, MacAddress mac)
    {
        for (int i = 0; i < 6; i++)
            destination[i] = (byte)(mac.Value >> (40 - 8 * i));
    }
}
