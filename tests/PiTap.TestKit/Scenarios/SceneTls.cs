using System.Text;

namespace PiTap.TestKit.Scenarios;

/// <summary>Records of TLS, as far as somebody on the way can read them. What would be encrypted is noise.</summary>
public sealed class SceneTls(Scene scene)
{
    private const int RandomBytes = 32;
    private const int FinishedBytes = 40;
    private const byte HandshakeType = 22, ApplicationDataType = 23, ClientHello = 1, ServerHello = 2;

    private static readonly byte[] s_changeCipherSpec = [20, 3, 3, 0, 1, 1];
    private static readonly byte[] s_version13 = [3, 4];
    private static readonly byte[] s_suites = [0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2c, 0xc0, 0x2b, 0xc0, 0x30, 0xc0, 0x2f];
    private static readonly byte[] s_groups = [0, 0x1d, 0, 0x17, 0, 0x18];
    private static readonly byte[] s_signatures = [4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1];

    /// <summary>A handshake of TLS 1.3 (RFC 8446 section 2); returns when it is done.</summary>
    public long Open13(SceneConnection connection, long ms, string host)
    {
        byte[] session = scene.Noise(RandomBytes);
        byte[] hello = Hello(ClientHello,
            [3, 3, .. scene.Noise(RandomBytes), RandomBytes, .. session, .. DnsBytes.Vector16(s_suites), 1, 0, .. DnsBytes.Vector16(
            [
                .. Shared(host), .. Extension(51, DnsBytes.Vector16([0, 0x1d, .. DnsBytes.Vector16(scene.Noise(RandomBytes))])),
                .. Extension(45, [1, 1]), .. Extension(43, [4, .. s_version13, 3, 3]),
            ])]);
        byte[] answer = Hello(ServerHello,
            [3, 3, .. scene.Noise(RandomBytes), RandomBytes, .. session, 0x13, 0x01, 0, .. DnsBytes.Vector16(
            [
                .. Extension(43, s_version13), .. Extension(51, [0, 0x1d, .. DnsBytes.Vector16(scene.Noise(RandomBytes))]),
            ])]);
        ms = connection.Exchange(ms, hello, [.. answer, .. s_changeCipherSpec, .. Data(2_300)]);
        return connection.Send(ms + 2, true, [.. s_changeCipherSpec, .. Data(53)]);
    }

    /// <summary>A handshake of TLS 1.2 that resumes an earlier session (RFC 5246 section 7.3); returns when it is done.</summary>
    public long Resume12(SceneConnection connection, long ms, string host)
    {
        byte[] session = scene.Noise(RandomBytes);
        byte[] hello = Hello(ClientHello,
            [3, 3, .. scene.Noise(RandomBytes), RandomBytes, .. session, .. DnsBytes.Vector16(s_suites[6..]), 1, 0,
                .. DnsBytes.Vector16(Shared(host))]);
        byte[] answer = Hello(ServerHello,
            [3, 3, .. scene.Noise(RandomBytes), RandomBytes, .. session, 0xc0, 0x2f, 0, .. DnsBytes.Vector16(Extension(23, []))]);
        byte[] finished = Record(HandshakeType, scene.Noise(FinishedBytes));
        ms = connection.Exchange(ms, hello, [.. answer, .. s_changeCipherSpec, .. finished]);
        return connection.Send(ms + 2, true, [.. s_changeCipherSpec, .. Record(HandshakeType, scene.Noise(FinishedBytes))]);
    }

    /// <summary>A record with so many bytes of encrypted data.</summary>
    public byte[] Data(int bytes) => Record(ApplicationDataType, scene.Noise(bytes));

    /// <summary>Extensions of both versions: server name, extended master secret, groups, point formats, protocols, signatures.</summary>
    private static byte[] Shared(string host) =>
    [
        .. Extension(0, DnsBytes.Vector16([0, .. DnsBytes.Vector16(Encoding.ASCII.GetBytes(host))])), .. Extension(23, []),
        .. Extension(10, DnsBytes.Vector16(s_groups)), .. Extension(11, [1, 0]),
        .. Extension(16, DnsBytes.Vector16([.. DnsBytes.Label("h2"u8), .. DnsBytes.Label("http/1.1"u8)])),
        .. Extension(13, DnsBytes.Vector16(s_signatures)),
    ];

    private static byte[] Extension(byte type, byte[] data) => [0, type, .. DnsBytes.Vector16(data)];

    /// <summary>A hello in a record; that of a client has the version number of TLS 1.0 (RFC 8446 section 5.1).</summary>
    private static byte[] Hello(byte type, byte[] body) =>
        Record(HandshakeType, [type, 0, .. DnsBytes.Vector16(body)], minor: type == ClientHello ? (byte)1 : (byte)3);

    private static byte[] Record(byte type, byte[] content, byte minor = 3) => [type, 3, minor, .. DnsBytes.Vector16(content)];
}
