using PiTap.Model;

namespace PiTap.Store.Tests.Formats;

/// <summary>
/// What the files beside this one were written from, by the program as it was when it last wrote the format and the layout that they are
/// named after. Spelled out, as what is in those files never changes: a field that came later is blank.
/// </summary>
internal static class FormatSamples
{
    private const long Epoch = 1_600_000_000_000_000_000;

    public static FlowRecord Flow(int n) => new()
    {
        Sequence = n,
        StartNs = Epoch + n * 1_000_000L,
        EndNs = Epoch + n * 1_000_000L + 5_000_000_000,
        Device = $"02:00:00:00:00:0{n % 3}",
        Protocol = (byte)(n % 2 == 0 ? 6 : 17),
        Client = IpAddress.FromV4(0x0a000002),
        ClientPort = (ushort)(30_000 + n),
        Server = IpAddress.FromV4(0xc0000200 + (uint)n),
        ServerPort = 443,
        PacketsUp = n,
        PacketsDown = n + 1,
        BytesUp = n * 100,
        BytesDown = n * 1_000,
        End = n % 7 == 0 ? FlowEnd.Open : FlowEnd.Closed,
        AppProto = AppProtocol.Dtls,
        AppProtos = n % 2 == 0 ? [AppProtocol.Stun, AppProtocol.Dtls, AppProtocol.Rtp] : [],
        Host = n % 4 == 0 ? null : $"b\u00fccher{n % 5}.example",
        HostSource = n % 4 == 0 ? HostSource.None : HostSource.Dns,
        HostAliases = n % 3 == 0 ? [$"alias{n % 7}.example.net"] : [],
        Verdict = (Verdict)(n % 3),
        VerdictReason = "a TLS handshake was seen",
        QuicVersion = n % 6 == 0 ? "v1" : null,
        Tls = n % 3 == 0
            ?
            [
                new TlsHello { Version = "TLS 1.2", Sni = "x", Ech = EchState.Real, Ja4 = "t13" },
                new TlsHello { Version = "TLS 1.3", IsServer = true, Ja3s = "s" },
            ]
            : [],
        Http = n % 5 == 0 ? [new HttpRequest(null, "GET", "/", "agent", "app"), new HttpRequest("h", "POST", "/2", null, null)] : [],
    };

    public static NameLookup Lookup(int n) => new()
    {
        Sequence = n,
        TimeNs = Epoch + n * 1_000_000L,
        Device = "02:00:00:00:00:01",
        AppProto = AppProtocol.Dns,
        Protocol = 17,
        Client = IpAddress.FromV4(0x0a000002),
        ClientPort = 50_000,
        Server = IpAddress.FromV4(0x0a000001),
        ServerPort = (ushort)(n * 1_000),
        Name = $"Host{n}.Example.com",
        Type = (ushort)n,
        ResponseCode = n % 4 != 0 ? 0 : null,
        Answers = n % 4 != 0 ? [new NameAnswer($"host{n}.example.com", 1, "192.0.2.1", 300)] : [],
    };
}
