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

    public static IEnumerable<byte[]> Macs(int count) => Enumerable.Range(0, count).Select(static i => Of(i, isAnswer: false));

    /// <summary>To each device so many answers, which are forged as well: half of the packets.</summary>
    public static IEnumerable<byte[]> AnsweredMacs(int count, int answers) =>
        Enumerable.Range(0, count).Select(i => Of(i / (2 * answers), isAnswer: i % 2 == 1));

    /// <summary>A packet of a device that there is not, or to it.</summary>
    private static byte[] Of(int device, bool isAnswer)
    {
        MacAddress mac = new(0x0266_0000_0000 + (ulong)device);
        IpAddress address = Packets.Ip($"10.{42 + device / 65_536}.{device / 256 % 256}.{device % 256}");
        IpAddress target = Packets.Ip("198.51.100.66");
        return isAnswer
            ? Packets.Ethernet(
                Packets.RouterMac, mac, Packets.Ip(target, address, IpProtocols.Udp, Packets.Udp(9_999, 9_998, [1, 2, 3, 4])))
            : Packets.Ethernet(
                mac, Packets.RouterMac, Packets.Ip(address, target, IpProtocols.Udp, Packets.Udp(9_998, 9_999, [1, 2, 3, 4])));
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
