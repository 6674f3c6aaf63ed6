using System.Globalization;
using System.Text;
using PiTap.Wire.Transport;

namespace PiTap.Benchmarks.Attacks;

/// <summary>TCP streams that ask for much work or memory: many requests a packet, long fields, single bytes.</summary>
internal static class StreamAttacks
{
    private const int RequestsAPacket = 60;
    private const int HostBytes = 1_000;

    public static IEnumerable<byte[]> PipelinedRequests(int count)
    {
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\n\r\n", RequestsAPacket)));
        const int PacketsAFlow = 4;
        for (int i = 0; i < count; i++)
        {
            int flow = i / (PacketsAFlow + 1);
            int part = i % (PacketsAFlow + 1);
            yield return part == 0
                ? Frames.Syn(flow, 80)
                : Frames.Tcp(flow, 80, 1_001 + (uint)((part - 1) * requests.Length), TcpFlags.Ack, requests);
        }
    }

    public static IEnumerable<byte[]> LongHosts(int count)
    {
        string tail = new('h', HostBytes - 8);
        for (int i = 0; i < count; i++)
        {
            string request = string.Create(CultureInfo.InvariantCulture, $"GET / HTTP/1.1\r\nHost: {i:d8}{tail}\r\n\r\n");
            yield return Frames.FirstData(i, 80, Encoding.ASCII.GetBytes(request));
        }
    }

    public static IEnumerable<byte[]> SingleBytes(int count)
    {
        const int PacketsAFlow = 200;
        for (int i = 0; i < count; i++)
        {
            int flow = i / PacketsAFlow;
            int part = i % PacketsAFlow;
            yield return part == 0 ? Frames.Syn(flow, 443) : Frames.Tcp(flow, 443, 1_001 + 2 * (uint)part, TcpFlags.Ack, [0x16]);
        }
    }
}
