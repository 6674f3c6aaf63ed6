using PiTap.Model;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Formats;

/// <summary>
/// What the files beside this one were written from, by the program as it was when it last wrote the format and the layout that they are
/// named after.
/// </summary>
internal static class FormatSamples
{
    public static FlowRecord Flow(int n) => Samples.Flow(n, n % 7 == 0 ? FlowEnd.Open : FlowEnd.Closed, n) with
    {
        Device = $"02:00:00:00:00:0{n % 3}",
        Protocol = (byte)(n % 2 == 0 ? 6 : 17),
        AppProto = AppProtocol.Dtls,
        AppProtos = n % 2 == 0 ? [AppProtocol.Stun, AppProtocol.Dtls, AppProtocol.Rtp] : [],
        Host = n % 4 == 0 ? null : $"b\u00fccher{n % 5}.example",
        HostSource = n % 4 == 0 ? HostSource.None : HostSource.Dns,
        Verdict = (Verdict)(n % 3),
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

    public static NameLookup Lookup(int n) => Samples.Lookup(n, n % 4 != 0) with { ServerPort = (ushort)(n * 1_000), Type = (ushort)n };
}
