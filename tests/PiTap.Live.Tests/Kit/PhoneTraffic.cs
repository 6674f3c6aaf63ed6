using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace PiTap.Live.Tests.Kit;

/// <summary>What a phone does: asks for a name, connects, asks for a page, reads it to the end.</summary>
internal sealed class PhoneTraffic(TapWorld world)
{
    private const int TimeoutMs = 20_000;

    public void AskAndGet(string host, bool secure, bool overIpv6 = false, SslProtocols protocols = SslProtocols.None)
    {
        IPAddress server = Server(overIpv6);
        Ask(host, overIpv6);
        using NetworkStream stream = Connect(new IPEndPoint(server, secure ? InternetServers.SecurePort : InternetServers.PagePort));
        if (!secure)
        {
            Get(stream, host);
            return;
        }
        using SslStream tls = new(stream);
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = protocols,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            // The certificate is the test's own.
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == InternetServers.Subject,
        });
        Get(tls, host);
    }

    /// <summary>A connection whose bytes nobody knows: only the answer that the phone got tells its name.</summary>
    public void TalkNoise(string host)
    {
        Ask(host, overIpv6: false);
        using NetworkStream stream = Connect(new IPEndPoint(TapWorld.ServerAddress, InternetServers.UnknownPort));
        byte[] noise = new byte[200];
        Random.Shared.NextBytes(noise);
        stream.Write(noise);
        stream.ReadExactly(noise);
        Assert.Equal(0, stream.Read(noise));
    }

    /// <summary>One question and its answer (RFC 1035 section 4).</summary>
    public void Ask(string host, bool overIpv6)
    {
        IPAddress server = Server(overIpv6);
        using Socket socket = TapWorld.In(world.Phone, () => new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        socket.ReceiveTimeout = TimeoutMs;
        socket.Connect(new IPEndPoint(server, InternetServers.NamePort));
        byte[] name = [.. host.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
        byte[] id = new byte[2];
        Random.Shared.NextBytes(id);
        socket.Send([.. id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name, 0, overIpv6 ? (byte)28 : (byte)1, 0, 1]);
        Assert.True(socket.Receive(new byte[512]) > name.Length);
    }

    private static IPAddress Server(bool overIpv6) => overIpv6 ? TapWorld.ServerAddress6 : TapWorld.ServerAddress;

    private NetworkStream Connect(IPEndPoint to)
    {
        Socket socket = TapWorld.In(world.Phone, () => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        socket.ReceiveTimeout = TimeoutMs;
        socket.Connect(to);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Reads until the server has closed: then all of the connection was on the wire but the last words of both kernels.</summary>
    private static void Get(Stream stream, string host)
    {
        stream.Write(Encoding.ASCII.GetBytes($"GET /path?q=1 HTTP/1.1\r\nHost: {host}\r\nUser-Agent: phone/1.0\r\nAccept: */*\r\n\r\n"));
        byte[] buffer = new byte[8192];
        int total = 0;
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            total += read;
        Assert.True(total > buffer.Length);
    }
}
