using System.Buffers.Binary;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;

namespace PiTap.Benchmarks.Attacks;

/// <summary>A new row in some table with each packet.</summary>
internal static class FloodAttacks
{
    private static readonly MacAddress s_mac = Packets.Mac("02:00:00:00:66:06");

    public static IEnumerable<byte[]> Syn(int count, bool isV6)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] segment = Packets.Tcp((ushort)(1_024 + i % 60_000), 443, (uint)i, 0, TcpFlags.Syn);
            yield return Frame(isV6, i / 60_000, IpProtocols.Tcp, segment);
        }
    }

    public static IEnumerable<byte[]> Udp(int count)
    {
        for (int i = 0; i < count; i++)
            yield return Frame(false, i / 60_000, IpProtocols.Udp, Packets.Udp((ushort)(1_024 + i % 60_000), 9_999, [1, 2, 3, 4]));
    }

    public static IEnumerable<byte[]> Macs(int count)
    {
        byte[] datagram = Packets.Udp(9_998, 9_999, [1, 2, 3, 4]);
        byte[] source = [10, 42, 0, 0];
        for (int i = 0; i < count; i++)
        {
            MacAddress mac = new(0x0266_0000_0000 + (ulong)i);
            BinaryPrimitives.WriteUInt16BigEndian(source.AsSpan(2), (ushort)i);
            IpAddress address = Packets.Ip($"10.{42 + i / 65_536}.{source[2]}.{source[3]}");
            yield return Packets.Ethernet(
                mac, Packets.RouterMac, Packets.Ip(address, Packets.Ip("198.51.100.66"), IpProtocols.Udp, datagram));
        }
    }

    public static IEnumerable<byte[]> Fragments(int count)
    {
        byte[] part = new byte[1_200];
        for (int i = 0; i < count; i++)
        {
            byte[] packet =
                Packets.Ipv4(Packets.Ip("10.42.0.66"), Packets.Ip("198.51.100.66"), IpProtocols.Udp, part, (ushort)i, 0, more: true);
            yield return Packets.Ethernet(s_mac, Packets.RouterMac, packet);
        }
    }

    private static byte[] Frame(bool isV6, int number, byte protocol, byte[] payload)
    {
        byte[] address = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(address, number);
        IpAddress source = Packets.Ip(isV6 ? "fd00::66" : "10.42.0.66");
        IpAddress target = Packets.Ip(isV6 ? $"2001:db8:66::{number:x}" : $"198.51.{address[2]}.{address[3]}");
        return Packets.Ethernet(s_mac, Packets.RouterMac, Packets.Ip(source, target, protocol, payload));
    }
}
