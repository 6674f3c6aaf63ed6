using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Transport;

namespace PiTap.TestKit;

/// <summary>A packet with its time, ready to be processed or written to a file.</summary>
public sealed record TimedPacket(long TimeNs, byte[] Data, LinkType Link = LinkType.Ethernet);

/// <summary>
/// Plays both sides of a TCP connection or a UDP exchange between a phone and a server, and collects the frames. Time moves on by a
/// millisecond with each packet.
/// </summary>
public sealed class Conversation(
    IpAddress client, ushort clientPort, IpAddress server, ushort serverPort, long startNs = Conversation.DefaultStartNs)
{
    /// <summary>2021-02-12T17:00:00Z.</summary>
    public const long DefaultStartNs = 1_613_149_200 * PacketTime.NanosecondsPerSecond;

    private const long StepNs = 1_000_000;
    private uint _up = 1_000;
    private uint _down = 2_000_000_000;

    public List<TimedPacket> Packets { get; } = [];

    public long NowNs { get; set; } = startNs;

    public static Conversation Tcp(ushort serverPort, ushort clientPort = 40_000) =>
        new(TestKit.Packets.Phone, clientPort, TestKit.Packets.Server, serverPort);

    public Conversation Open()
    {
        Segment(true, TcpFlags.Syn, []);
        _up++;
        Segment(false, TcpFlags.Syn | TcpFlags.Ack, []);
        _down++;
        return Segment(true, TcpFlags.Ack, []);
    }

    public Conversation Close()
    {
        Segment(true, TcpFlags.Fin | TcpFlags.Ack, []);
        _up++;
        Segment(false, TcpFlags.Fin | TcpFlags.Ack, []);
        _down++;
        return Segment(true, TcpFlags.Ack, []);
    }

    /// <summary>Sends bytes from one side, cut into segments.</summary>
    public Conversation Send(bool fromClient, ReadOnlySpan<byte> bytes, int segmentBytes = 1_400)
    {
        for (int offset = 0; offset < bytes.Length; offset += segmentBytes)
            Segment(fromClient, TcpFlags.Psh | TcpFlags.Ack, bytes.Slice(offset, Math.Min(segmentBytes, bytes.Length - offset)));
        return this;
    }

    /// <summary>Leaves out bytes of one side, as a capture that lost segments does.</summary>
    public Conversation Lose(bool fromClient, int bytes)
    {
        if (fromClient)
            _up += (uint)bytes;
        else
            _down += (uint)bytes;
        return this;
    }

    public Conversation Datagram(bool fromClient, ReadOnlySpan<byte> payload)
    {
        byte[] udp = fromClient ? TestKit.Packets.Udp(clientPort, serverPort, payload)
            : TestKit.Packets.Udp(serverPort, clientPort, payload);
        return Add(fromClient, IpProtocols.Udp, udp);
    }

    public Conversation Segment(bool fromClient, TcpFlags flags, ReadOnlySpan<byte> payload)
    {
        byte[] segment = fromClient
            ? TestKit.Packets.Tcp(clientPort, serverPort, _up, _down, flags, payload)
            : TestKit.Packets.Tcp(serverPort, clientPort, _down, _up, flags, payload);
        if (fromClient)
            _up += (uint)payload.Length;
        else
            _down += (uint)payload.Length;
        return Add(fromClient, IpProtocols.Tcp, segment);
    }

    public Conversation Wait(long ns)
    {
        NowNs += ns;
        return this;
    }

    private Conversation Add(bool fromClient, byte protocol, byte[] payload)
    {
        byte[] frame = fromClient
            ? TestKit.Packets.Ethernet(
                TestKit.Packets.PhoneMac, TestKit.Packets.RouterMac, TestKit.Packets.Ip(client, server, protocol, payload))
            : TestKit.Packets.Ethernet(
                TestKit.Packets.RouterMac, TestKit.Packets.PhoneMac, TestKit.Packets.Ip(server, client, protocol, payload));
        Packets.Add(new TimedPacket(NowNs, frame));
        NowNs += StepNs;
        return this;
    }
}
