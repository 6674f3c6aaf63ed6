using BenchmarkDotNet.Attributes;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;

namespace PiTap.Benchmarks;

/// <summary>From the bytes of a hello to its name and fingerprints, over TCP and inside QUIC.</summary>
public class HelloBenchmarks
{
    private const int MessageHeaderBytes = 4;

    private static readonly QuicInitialDecryptor s_decryptor = new();

    private readonly byte[] _tls = RecordedHello();
    private readonly List<byte[]> _quic = RecordedInitials();
    private readonly byte[] _text = new byte[TlsFingerprint.Ja4Length];
    private readonly QuicConnection _connection = new();

    [Benchmark]
    public int ServerName()
    {
        ClientHelloView.Parse(_tls, isDtls: false, out ClientHelloView hello);
        return hello.ServerName.Length;
    }

    [Benchmark]
    public bool Ja3()
    {
        ClientHelloView.Parse(_tls, isDtls: false, out ClientHelloView hello);
        return TlsFingerprint.WriteJa3(hello, _text);
    }

    [Benchmark]
    public bool Ja4()
    {
        ClientHelloView.Parse(_tls, isDtls: false, out ClientHelloView hello);
        return TlsFingerprint.WriteJa4(hello, Ja4Transport.Tcp, _text);
    }

    /// <summary>Keys, header protection and decryption of the client's first datagrams, to the name in the hello.</summary>
    [Benchmark]
    public int QuicServerName()
    {
        _connection.Reset();
        foreach (byte[] datagram in _quic)
        {
            if ((_connection.Observe(datagram, fromClient: true, s_decryptor) & QuicEvents.ClientHelloReady) == 0)
                continue;
            ClientHelloView.Parse(_connection.ClientHello, isDtls: false, out ClientHelloView hello);
            return hello.ServerName.Length;
        }
        throw new InvalidOperationException("The capture holds no hello.");
    }

    private static byte[] RecordedHello()
    {
        foreach (TimedPacket packet in Recorded.Packets("browse.pcapng"))
        {
            Frame.Parse(packet.Link, packet.Data, out Frame frame);
            if (frame.HasTransport && frame.Protocol == IpProtocols.Tcp && TlsRecordView.LooksLikeHello(frame.Payload)
                && frame.Payload[TlsRecordView.HeaderLength] == (byte)TlsHandshakeType.ClientHello)
                return frame.Payload[(TlsRecordView.HeaderLength + MessageHeaderBytes)..].ToArray();
        }
        throw new InvalidOperationException("The capture holds no hello.");
    }

    private static List<byte[]> RecordedInitials()
    {
        List<byte[]> initials = [];
        ushort clientPort = 0;
        foreach (TimedPacket packet in Recorded.Packets("http3.pcapng"))
        {
            Frame.Parse(packet.Link, packet.Data, out Frame frame);
            if (!frame.HasTransport || frame.Protocol != IpProtocols.Udp || frame.DestinationPort != 443
                || !QuicClassifier.LooksLike(frame.Payload))
                continue;
            if (clientPort == 0)
                clientPort = frame.SourcePort;
            if (frame.SourcePort == clientPort)
                initials.Add(frame.Payload.ToArray());
        }
        return initials;
    }
}
