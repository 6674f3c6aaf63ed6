using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Host.Tests.Live;

/// <summary>A phone that pings a server each second (RFC 792: type, code, checksum, identifier, number).</summary>
internal static class Pings
{
    private const long AnswerNs = 20_000_000;

    public static TimedPacket Request(int number) => new(Conversation.DefaultStartNs + number * PacketTime.NanosecondsPerSecond,
        Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Icmp, [8, .. Rest(number)])));

    public static TimedPacket Answer(int number) => new(Request(number).TimeNs + AnswerNs,
        Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Icmp, [0, .. Rest(number)])));

    private static byte[] Rest(int number) => [0, 0, 0, 0, 1, (byte)(number >> 8), (byte)number];
}
