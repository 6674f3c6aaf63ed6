using System.Buffers.Binary;
using System.Text;
using PiTap.Model;

namespace PiTap.TestKit.Scenarios;

/// <summary>An iPhone in a scene, as far as it is the phone's system that speaks. Each socket gets the next port.</summary>
public sealed class ScenePhone(Scene scene, SceneHost gateway, SceneHost host, string name, ushort firstPort)
{
    private const ushort DnsPort = 53, DhcpServerPort = 67, DhcpClientPort = 68;
    private const ushort HttpPort = 80, NtpPort = 123, HttpsPort = 443, PushPort = 5223;
    private const ushort TypeA = 1, TypeCname = 5;
    private const int ResolverMs = 18;
    private const uint SecondsTo1970 = 2_208_988_800;

    private static readonly SceneHost s_broadcast = new(new MacAddress(0xffff_ffff_ffff), Packets.Ip("255.255.255.255"));

    private readonly SceneTls _tls = new(scene);
    private ushort _port = firstPort;
    private ushort _question = firstPort;

    /// <summary>Where the phone is.</summary>
    public SceneHost Host => host;

    /// <summary>A port that nothing on the phone has had yet.</summary>
    public ushort NextPort() => _port++;

    /// <summary>A server on the other side of the gateway.</summary>
    public SceneHost Server(string address) => new(gateway.Mac, Packets.Ip(address));

    /// <summary>The phone joins the Wi-Fi and gets its address by DHCP, for which it gives its name.</summary>
    public void Join(long ms)
    {
        byte[] address = Bytes(host.Address);
        byte[] self = [1, .. Bytes(host.Mac)];
        byte[] wanted = DhcpBytes.Option(55, 1, 121, 3, 6, 15, 119, 252);
        byte[] server = DhcpBytes.Option(54, Bytes(gateway.Address));
        byte[][] lease =
        [
            server, DhcpBytes.Option(51, 0, 0, 0x0e, 0x10), DhcpBytes.Option(1, 255, 255, 255, 0),
            DhcpBytes.Option(3, Bytes(gateway.Address)), DhcpBytes.Option(6, Bytes(gateway.Address)),
        ];
        byte[] called = DhcpBytes.Option(12, Encoding.ASCII.GetBytes(name));
        Dhcp(ms, isRequest: true, DhcpBytes.Option(53, 1), wanted, DhcpBytes.Option(61, self), called);
        Dhcp(ms + 40, isRequest: false, [DhcpBytes.Option(53, 2), .. lease]);
        Dhcp(ms + 60, isRequest: true,
            DhcpBytes.Option(53, 3), wanted, DhcpBytes.Option(61, self), DhcpBytes.Option(50, address), server, called);
        Dhcp(ms + 90, isRequest: false, [DhcpBytes.Option(53, 5), .. lease]);
    }

    /// <summary>Asks for an address; the answer goes through aliases where there are some. Returns when it is there.</summary>
    public long Lookup(long ms, string asked, string answer, params string[] aliases)
    {
        ushort port = NextPort();
        byte[] question = new DnsBytes(DnsBytes.Query, ++_question).Question(asked, TypeA).ToArray();
        DnsBytes response = new DnsBytes(DnsBytes.Response, _question).Question(asked, TypeA);
        string owner = asked;
        foreach (string alias in aliases)
        {
            response.Answer(DnsBytes.Name(owner), TypeCname, DnsBytes.Name(alias));
            owner = alias;
        }
        response.Answer(DnsBytes.Name(owner), TypeA, Bytes(Packets.Ip(answer)));
        SceneHost resolver = gateway;
        scene.Udp(ms, host, port, resolver, DnsPort, question);
        scene.Udp(ms + ResolverMs, resolver, DnsPort, host, port, response.ToArray());
        return ms + ResolverMs;
    }

    /// <summary>The system asks, readably, whether a page of Apple's is what it should be.</summary>
    public void CheckForPortal(long ms, string address)
    {
        ms = Lookup(ms, "captive.apple.com", address, "captive.g.aaplimg.com");
        SceneConnection connection = Connect(address, HttpPort);
        ms = connection.Open(ms);
        ms = connection.Exchange(ms,
            "GET /hotspot-detect.html HTTP/1.0\r\nHost: captive.apple.com\r\nConnection: close\r\n"u8
                + "User-Agent: CaptiveNetworkSupport-407.40.1 wispr\r\n\r\n"u8,
            "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: 69\r\nConnection: close\r\n\r\n"u8
                + "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n"u8);
        connection.Close(ms + 1);
    }

    /// <summary>The system sets its clock (RFC 5905 section 7.3).</summary>
    public void SetClock(long ms, string address)
    {
        ms = Lookup(ms, "time.apple.com", address, "time.g.aaplimg.com");
        ushort port = NextPort();
        byte[] sent = Timestamp(ms);
        scene.Udp(ms, host, port, Server(address), NtpPort, [0x23, 0, 6, 0xec, .. new byte[36], .. sent]);
        scene.Udp(ms + 30, Server(address), NtpPort, host, port,
        [
            0x24, 1, 6, 0xec, 0, 0, 0, 1, 0, 0, 0, 0x1e, .. "GPSs"u8,
            .. Timestamp(ms - 900), .. sent, .. Timestamp(ms + 15), .. Timestamp(ms + 15),
        ]);
    }

    /// <summary>The system opens the connection through which messages wake apps. It stays open.</summary>
    public SceneConnection OpenPush(long ms, string address)
    {
        ms = Lookup(ms, "1-courier.push.apple.com", address, "1.courier-push-apple.com.akadns.net");
        SceneConnection connection = Connect(address, PushPort);
        ms = _tls.Resume12(connection, connection.Open(ms), "1-courier.push.apple.com");
        connection.Exchange(ms + 2, _tls.Data(320), _tls.Data(90));
        return connection;
    }

    /// <summary>A connection by TLS 1.3 to a host whose address was asked for; returns when it is open.</summary>
    public long OpenTls13(long ms, string server, string address, out SceneConnection connection)
    {
        connection = Connect(address, HttpsPort);
        return _tls.Open13(connection, connection.Open(ms), server);
    }

    /// <summary>The same by TLS 1.2.</summary>
    public long OpenTls12(long ms, string server, string address, out SceneConnection connection)
    {
        connection = Connect(address, HttpsPort);
        return _tls.Resume12(connection, connection.Open(ms), server);
    }

    /// <summary>Encrypted questions and answers of these sizes; returns when the answer is there.</summary>
    public long Exchange(SceneConnection connection, long ms, int upBytes, int downBytes) =>
        connection.Exchange(ms, _tls.Data(upBytes), _tls.Data(downBytes));

    private SceneConnection Connect(string address, ushort port) => new(scene, host, NextPort(), Server(address), port);

    private void Dhcp(long ms, bool isRequest, params byte[][] options)
    {
        byte[] message = DhcpBytes.Message(isRequest, host.Mac, isRequest ? default : host.Address, options);
        if (isRequest)
            scene.Udp(ms, host with { Address = Packets.Ip("0.0.0.0") }, DhcpClientPort, s_broadcast, DhcpServerPort, message);
        else
            scene.Udp(ms, gateway, DhcpServerPort, host, DhcpClientPort, message);
    }

    /// <summary>Seconds since 1900, and the fraction of one.</summary>
    private byte[] Timestamp(long ms)
    {
        long timeNs = scene.TimeNs(ms);
        byte[] timestamp = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(timestamp, (uint)(timeNs / PacketTime.NanosecondsPerSecond + SecondsTo1970));
        BinaryPrimitives.WriteUInt32BigEndian(
            timestamp.AsSpan(4), (uint)((timeNs % PacketTime.NanosecondsPerSecond << 32) / PacketTime.NanosecondsPerSecond));
        return timestamp;
    }

    private static byte[] Bytes(IpAddress address)
    {
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        return bytes;
    }

    private static byte[] Bytes(MacAddress mac) => WifiBytes.Bytes(mac);
}
