using System.Buffers;
using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Pcap;

namespace PiTap.Host.Tests.Commands;

/// <summary>A capture file of HTTP requests in the clear, one flow each.</summary>
internal static class SampleCapture
{
    /// <summary>The capture that the project comes with: an imaginary app on a phone.</summary>
    public static string Demo { get; } = FindDemo();

    public static void Write(string path, int flows = 1, string host = "www.example.org", int firstPort = 20_000, int cutPackets = 0)
    {
        ArrayBufferWriter<byte> buffer = new();
        PcapngWriter writer = new(buffer);
        writer.WriteSection("test");
        int link = writer.WriteInterface(LinkType.Ethernet, 65_535);
        foreach (TimedPacket packet in Packets(flows, host, firstPort))
            WritePacket(writer, link, packet, packet.Data.Length);
        // Within their IPv4 header.
        foreach (TimedPacket packet in Packets(flows, host, firstPort).Take(cutPackets))
            WritePacket(writer, link, packet, 24);
        File.WriteAllBytes(path, buffer.WrittenSpan);
    }

    private static void WritePacket(PcapngWriter writer, int link, TimedPacket packet, int length) =>
        writer.WritePacket(link, new CapturedPacket
        {
            TimeNs = packet.TimeNs,
            Link = packet.Link,
            OriginalLength = packet.Data.Length,
            Data = packet.Data.AsSpan(0, length),
        });

    private static string FindDemo()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PiTap.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "PiTap.Replay.Tests", "captures", "browse", "capture.pcapng");
    }

    public static IEnumerable<TimedPacket> Packets(int flows, string host, int firstPort = 20_000)
    {
        for (int i = 0; i < flows; i++)
        {
            Conversation conversation = Conversation.Tcp(80, (ushort)(firstPort + i));
            conversation.Open()
                .Send(fromClient: true, Encoding.ASCII.GetBytes($"GET /{i} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: test\r\n\r\n"))
                .Send(fromClient: false, "HTTP/1.1 204 No Content\r\n\r\n"u8)
                .Close();
            foreach (TimedPacket packet in conversation.Packets)
                yield return packet;
        }
    }
}
