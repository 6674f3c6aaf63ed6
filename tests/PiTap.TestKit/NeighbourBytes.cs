using PiTap.Model;
using PiTap.Wire;

namespace PiTap.TestKit;

/// <summary>Messages of neighbour discovery (RFC 4861 section 4).</summary>
public static class NeighbourBytes
{
    /// <summary>A router's advertisement with options behind it.</summary>
    public static byte[] Router(int lifetime = 1_800, params byte[] options) =>
        [134, 0, 0, 0, 64, 0, (byte)(lifetime >> 8), (byte)lifetime, .. new byte[8], .. options];

    /// <summary>A prefix that is on the link and that hosts make addresses of.</summary>
    public static byte[] Prefix(IpAddress prefix, int bits = 64, byte flags = 0xc0, byte valid = 1) =>
        [3, 4, (byte)bits, flags, 0, 0, 0, valid, .. new byte[8], .. Address(prefix)];

    /// <summary>A question for an address, with the sender's MAC as an option.</summary>
    public static byte[] Solicitation(IpAddress target, MacAddress sender) =>
        [135, 0, .. new byte[6], .. Address(target), 1, 1, .. Bytes(sender)];

    /// <summary>An answer that an address is the sender's.</summary>
    public static byte[] Advertisement(IpAddress target, MacAddress sender, byte flags = 0x60) =>
        [136, 0, 0, 0, flags, 0, 0, 0, .. Address(target), 2, 1, .. Bytes(sender)];

    /// <summary>A frame with such a message, with the hop limit of what comes from the link.</summary>
    public static byte[] Frame(
        MacAddress sender, MacAddress receiver, IpAddress source, IpAddress destination, byte[] message, byte hopLimit = 255)
    {
        byte[] packet = Packets.Ipv6(source, destination, IpProtocols.Icmp6, message);
        packet[7] = hopLimit;
        return Packets.Ethernet(sender, receiver, packet);
    }

    private static byte[] Address(IpAddress address)
    {
        byte[] bytes = new byte[16];
        address.WriteTo(bytes);
        return bytes;
    }

    private static byte[] Bytes(MacAddress mac) => [.. Enumerable.Range(0, 6).Select(i => (byte)(mac.Value >> (40 - 8 * i)))];
}
