using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PiTap.Live.Tests.Kit;

/// <summary>The other witness: what tcpdump sees on the same interface.</summary>
internal sealed class Tcpdump : IDisposable
{
    private const int DiscardPort = 9;

    private readonly TapWorld _world;
    private readonly Running _running;

    public Tcpdump(TapWorld world, string filter, int snapLengthBytes = 262_144)
    {
        _world = world;
        Path = world.FileNamed($"tcpdump-{Guid.NewGuid():N}.pcap");
        _running = TapWorld.Start(
            world.Tap,
            "tcpdump",
            [
                "-i", TapWorld.Watched, "-n", "-U", "-B", "65536", "--immediate-mode", "--time-stamp-precision=nano", "-Z", "root",
                "-s", snapLengthBytes.ToString(CultureInfo.InvariantCulture), "-w", Path,
                string.Create(CultureInfo.InvariantCulture, $"({filter}) or udp port {DiscardPort}"),
            ]);
        _running.WaitForError("listening on");
    }

    /// <summary>What it writes.</summary>
    public string Path { get; }

    /// <summary>
    /// Ends it once it has written all that was sent before: a last datagram is sent and waited for. It must have lost nothing.
    /// </summary>
    public IReadOnlyList<Seen> End()
    {
        byte[] last = Encoding.ASCII.GetBytes($"last {Guid.NewGuid():N}");
        using Socket sink = UdpPeer.Bind(_world.Internet, new IPEndPoint(TapWorld.ServerAddress, DiscardPort));
        using Socket phone = UdpPeer.Bind(_world.Phone, new IPEndPoint(TapWorld.PhoneAddress, 0));
        phone.SendTo(last, new IPEndPoint(TapWorld.ServerAddress, DiscardPort));
        Wait.Until(() => Tail(last.Length).SequenceEqual(last), () => "tcpdump to write the last datagram");
        Assert.Equal(0, _running.End(Native.Interrupt));
        Assert.Contains("\n0 packets dropped by kernel", _running.Error, StringComparison.Ordinal);
        return Read(Path);
    }

    public void Dispose() => _running.Dispose();

    private byte[] Tail(int bytes)
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = Math.Max(0, file.Length - bytes);
        byte[] tail = new byte[bytes];
        return tail[..file.ReadAtLeast(tail, bytes, throwOnEndOfStream: false)];
    }

    /// <summary>
    /// The file in plain steps, so that nothing of the product stands between it and the test: pcap with nanoseconds, written on this
    /// machine.
    /// </summary>
    private static List<Seen> Read(string path)
    {
        const int fileHeader = 24, packetHeader = 16, ethernet = 14, minIp = 20;
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(0xA1B23C4Du, BitConverter.ToUInt32(file));
        List<Seen> packets = [];
        for (int at = fileHeader; at + packetHeader <= file.Length;)
        {
            long timeNs = BitConverter.ToUInt32(file, at) * 1_000_000_000L + BitConverter.ToUInt32(file, at + 4);
            int captured = BitConverter.ToInt32(file, at + 8);
            int length = BitConverter.ToInt32(file, at + 12);
            ReadOnlySpan<byte> frame = file.AsSpan(at + packetHeader, captured);
            bool isIpv4 = captured >= ethernet + minIp + 4 && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x0800;
            int ports = ethernet + (isIpv4 ? (frame[ethernet] & 0xF) * 4 : 0);
            packets.Add(isIpv4
                ? new Seen(timeNs, length, frame[ethernet + 9], BinaryPrimitives.ReadUInt16BigEndian(frame[ports..]),
                    BinaryPrimitives.ReadUInt16BigEndian(frame[(ports + 2)..]))
                : new Seen(timeNs, length, 0, 0, 0));
            at += packetHeader + captured;
        }
        return packets;
    }
}

/// <summary>A packet that tcpdump saw; of one that is not IPv4 only time and length.</summary>
internal readonly record struct Seen(long TimeNs, int Bytes, byte Protocol, int SourcePort, int DestinationPort)
{
    public bool Touches(int port) => SourcePort == port || DestinationPort == port;
}
