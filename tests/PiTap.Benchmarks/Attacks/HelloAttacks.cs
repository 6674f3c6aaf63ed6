using System.Globalization;
using System.Text;
using PiTap.TestKit;

namespace PiTap.Benchmarks.Attacks;

/// <summary>ClientHellos (RFC 8446 section 4.1.2): many, large, and never finished.</summary>
internal static class HelloAttacks
{
    private const int Extensions = 300;
    private const int HalfBytes = 63;

    public static IEnumerable<byte[]> DistinctNames(int count)
    {
        for (int i = 0; i < count / 2; i++)
        {
            yield return Frames.Syn(i, 443);
            yield return Frames.FirstData(
                i, 443, HelloBytes.Client(string.Create(CultureInfo.InvariantCulture, $"n{i}.attack.example.net")));
        }
    }

    public static IEnumerable<byte[]> BigHellos(int count)
    {
        for (int i = 0; i < count / 2; i++)
        {
            yield return Frames.Syn(i, 443);
            yield return Frames.FirstData(i, 443, Big(i));
        }
    }

    public static IEnumerable<byte[]> Halves(int count)
    {
        for (int i = 0; i < count; i++)
            yield return Frames.FirstData(i, 443, HelloBytes.Client("a-name-that-is-long-enough.attack.example.net")[..HalfBytes]);
    }

    private static byte[] Big(int number)
    {
        byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"b{number}.attack.example.net"));
        List<byte> extensions = [0, 0, .. DnsBytes.Vector16(DnsBytes.Vector16([0, .. DnsBytes.Vector16(name)]))];
        for (int k = 0; k < Extensions; k++)
            extensions.AddRange([(byte)(0x40 + k / 256), (byte)k, 0, 0]);
        byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, .. DnsBytes.Vector16([.. extensions])];
        return [0x16, 3, 1, .. DnsBytes.Vector16([1, 0, .. DnsBytes.Vector16(body)])];
    }
}
