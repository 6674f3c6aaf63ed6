using System.Globalization;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;

namespace PiTap.Benchmarks.Attacks;

/// <summary>Questions, answers and announcements that say much with few bytes.</summary>
internal static class NameAttacks
{
    private const ushort TypeA = 1;
    private const ushort TypePointer = 12;
    private const ushort MulticastPort = 5353;

    /// <summary>A question and its answer in turn, so that each answer was waited for.</summary>
    public static IEnumerable<byte[]> Answers(int count, int records)
    {
        for (int i = 0; i < count / 2; i++)
        {
            ushort id = (ushort)i;
            string name = Name(i);
            yield return Frames.Udp(i, 53, new DnsBytes(DnsBytes.Query, id).Question(name, TypeA).ToArray());
            DnsBytes answer = new DnsBytes(DnsBytes.Response, id).Question(name, TypeA);
            for (int k = 0; k < records; k++)
                answer.Answer(DnsBytes.PointerTo(12), TypeA, [203, (byte)(i >> 8), (byte)i, (byte)k]);
            yield return Frames.Udp(i, 53, answer.ToArray(), fromServer: true);
        }
    }

    public static IEnumerable<byte[]> ManyQuestions(int count)
    {
        for (int i = 0; i < count; i++)
        {
            DnsBytes query = new(DnsBytes.Query, (ushort)i);
            for (int k = 0; k < 16; k++)
                query.Question(Name(i * 16 + k), TypeA);
            yield return Frames.Udp(i, 53, query.ToArray());
        }
    }

    public static IEnumerable<byte[]> Unanswered(int count)
    {
        for (int i = 0; i < count; i++)
            yield return Frames.Udp(i % 4_000, 53, new DnsBytes(DnsBytes.Query, (ushort)i).Question(Name(i), TypeA).ToArray());
    }

    public static IEnumerable<byte[]> Announcements(int count)
    {
        for (int i = 0; i < count; i++)
        {
            DnsBytes message = new(DnsBytes.MulticastResponse, 0);
            for (int k = 0; k < 20; k++)
            {
                message.Answer(DnsBytes.Name(string.Create(CultureInfo.InvariantCulture, $"host-{i}-{k}.local")), TypeA,
                    [10, 42, (byte)i, (byte)k]);
            }
            message.Answer(DnsBytes.Name("_service._tcp.local"), TypePointer,
                DnsBytes.Name(string.Create(CultureInfo.InvariantCulture, $"thing-{i}._service._tcp.local")));
            yield return Packets.Ethernet(Packets.Mac("02:00:00:00:66:06"), Packets.Mac("01:00:5e:00:00:fb"),
                Packets.Ip(Packets.Ip("10.42.0.66"), Packets.Ip("224.0.0.251"), IpProtocols.Udp,
                    Packets.Udp(MulticastPort, MulticastPort, message.ToArray())));
        }
    }

    public static IEnumerable<byte[]> Dhcp(int count)
    {
        byte[] longName = new byte[255];
        for (int i = 0; i < count; i++)
        {
            MacAddress mac = Packets.Mac(
                string.Create(CultureInfo.InvariantCulture, $"02:66:{i >> 24 & 255:x2}:{i >> 16 & 255:x2}:{i >> 8 & 255:x2}:{i & 255:x2}"));
            for (int k = 0; k < longName.Length; k++)
                longName[k] = (byte)('a' + (i + k) % 26);
            byte[] request = DhcpBytes.Message(true, mac, default, DhcpBytes.Option(53, 3), DhcpBytes.Option(12, longName),
                DhcpBytes.Option(60, longName), DhcpBytes.Option(55, longName));
            yield return Packets.Ethernet(mac, Packets.Mac("ff:ff:ff:ff:ff:ff"),
                Packets.Ip(Packets.Ip("0.0.0.0"), Packets.Ip("255.255.255.255"), IpProtocols.Udp, Packets.Udp(68, 67, request)));
        }
    }

    private static string Name(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)number * 2_654_435_761:x8}{(uint)number:x8}.attack.example.net");
}
