using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PiTap.Live.Tests.Kit;

/// <summary>The internet of these tests: names, pages, pages over TLS, and a port that talks in a way nobody knows.</summary>
internal sealed class InternetServers : IDisposable
{
    public const string Subject = "CN=pitap test";
    public const int NamePort = 53;
    public const int PagePort = 80;
    public const int SecurePort = 443;
    public const int UnknownPort = 4711;

    private const int PageBytes = 20_000;

    private readonly List<Socket> _sockets = [];
    private readonly X509Certificate2 _certificate = MakeCertificate();

    public InternetServers(TapWorld world)
    {
        foreach (IPAddress address in TapWorld.HasIpv6 ? (IPAddress[])[TapWorld.ServerAddress, TapWorld.ServerAddress6]
            : [TapWorld.ServerAddress])
        {
            Socket names = UdpPeer.Bind(world.Internet, new IPEndPoint(address, NamePort));
            _sockets.Add(names);
            _ = AnswerNamesAsync(names, address);
            Listen(world, new IPEndPoint(address, PagePort), ServePageAsync);
            Listen(world, new IPEndPoint(address, SecurePort), ServeSecurePageAsync);
            Listen(world, new IPEndPoint(address, UnknownPort), ServeNoiseAsync);
        }
    }

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _certificate.Dispose();
    }

    private void Listen(TapWorld world, IPEndPoint at, Func<NetworkStream, Task> serve)
    {
        Socket listener = TapWorld.In(world.Internet, () =>
        {
            Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(at);
            socket.Listen();
            return socket;
        });
        _sockets.Add(listener);
        _ = AcceptAsync(listener, serve);
    }

    private static async Task AcceptAsync(Socket listener, Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
            {
                await using NetworkStream stream = new(await listener.AcceptAsync(), ownsSocket: true);
                await serve(stream);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private static async Task ServePageAsync(Stream stream)
    {
        byte[] request = new byte[4096];
        Assert.NotEqual(0, await stream.ReadAsync(request));
        byte[] head = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {PageBytes}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(head);
        await stream.WriteAsync(new byte[PageBytes]);
    }

    private async Task ServeSecurePageAsync(Stream stream)
    {
        await using SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            EnabledSslProtocols = SslProtocols.None,
        });
        await ServePageAsync(secure);
    }

    private static async Task ServeNoiseAsync(Stream stream)
    {
        byte[] data = new byte[256];
        await stream.WriteAsync(data.AsMemory(0, await stream.ReadAsync(data)));
    }

    /// <summary>Each name is an alias of one that has this server's address (RFC 1035 section 4).</summary>
    private static async Task AnswerNamesAsync(Socket socket, IPAddress address)
    {
        byte[] query = new byte[512];
        byte[] alias = [4, .. "edge"u8, 3, .. "cdn"u8, 7, .. "example"u8, 0];
        byte[] data = address.GetAddressBytes();
        byte type = data.Length == 4 ? (byte)1 : (byte)28;
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(
                    query, new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
                byte[] answer =
                [
                    query[0], query[1], 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0, .. query.AsSpan(12, received.ReceivedBytes - 12),
                    0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, (byte)alias.Length, .. alias,
                    .. alias, 0, type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data,
                ];
                await socket.SendToAsync(answer, received.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(Subject, key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
