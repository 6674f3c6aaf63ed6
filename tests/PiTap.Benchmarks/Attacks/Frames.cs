using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Transport;

namespace PiTap.Benchmarks.Attacks;

/// <summary>The neighbour who attacks: a device of its own on the tapped network, and what it sends.</summary>
internal static class Frames
{
    private static readonly MacAddress s_attackerMac = Packets.Mac("02:00:00:00:66:06");
    private static readonly IpAddress s_attacker = Packets.Ip("10.42.0.66");
    private static readonly IpAddress s_target = Packets.Ip("198.51.100.66");

    public static byte[] Udp(int port, ushort serverPort, byte[] payload, bool fromServer = false) => fromServer
        ? Packets.Ethernet(Packets.RouterMac, s_attackerMac,
            Packets.Ip(s_target, s_attacker, IpProtocols.Udp, Packets.Udp(serverPort, Port(port), payload)))
        : Packets.Ethernet(s_attackerMac, Packets.RouterMac,
            Packets.Ip(s_attacker, s_target, IpProtocols.Udp, Packets.Udp(Port(port), serverPort, payload)));

    public static byte[] Tcp(int port, ushort serverPort, uint sequence, TcpFlags flags, byte[] payload)
    {
        byte[] segment = Packets.Tcp(Port(port), serverPort, sequence, 1, flags, payload);
        return Packets.Ethernet(s_attackerMac, Packets.RouterMac, Packets.Ip(s_attacker, Target(port), IpProtocols.Tcp, segment));
    }

    /// <summary>Payload of the first segment behind the SYN, whose number is 1,000.</summary>
    public static byte[] FirstData(int port, ushort serverPort, byte[] payload) =>
        Tcp(port, serverPort, 1_001, TcpFlags.Psh | TcpFlags.Ack, payload);

    public static byte[] Syn(int port, ushort serverPort) => Tcp(port, serverPort, 1_000, TcpFlags.Syn, []);

    /// <summary>Ports that are used up go on at the next address.</summary>
    private static IpAddress Target(int port) => Packets.Ip($"198.51.{100 + port / 60_000 / 250 % 100}.{1 + port / 60_000 % 250}");

    private static ushort Port(int port) => (ushort)(1_024 + port % 60_000);
}
