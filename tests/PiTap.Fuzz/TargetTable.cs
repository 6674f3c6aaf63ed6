using PiTap.Fuzz.Targets;

namespace PiTap.Fuzz;

/// <summary>A target with its name, which is also that of its corpus folder.</summary>
/// <param name="Name">Lower case, as the command line has it.</param>
/// <param name="Fuzz">One execution.</param>
/// <param name="Seeds">Inputs to begin with.</param>
/// <param name="MustFail">True for the canary: a run that does not find its fault has failed.</param>
internal sealed record FuzzTarget(string Name, FuzzAction Fuzz, Func<IEnumerable<byte[]>> Seeds, bool MustFail);

internal delegate void FuzzAction(ReadOnlySpan<byte> data);

/// <summary>All targets: a line for each parser.</summary>
internal static class TargetTable
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of<CanaryTarget>("canary", mustFail: true),
        Of<FrameTarget>("frame"),
        Of<WifiTarget>("wifi"),
        Of<FragmentTarget>("fragments"),
        Of<NeighbourTarget>("neighbour"),
        Of<TunnelTarget>("tunnel"),
        Of<DnsTarget>("dns"),
        Of<DnsStreamTarget>("dns-stream"),
        Of<DhcpTarget>("dhcp"),
        Of<Dhcp6Target>("dhcp6"),
        Of<NtpTarget>("ntp"),
        Of<NbnsTarget>("nbns"),
        Of<ClientHelloTarget>("client-hello"),
        Of<ServerHelloTarget>("server-hello"),
        Of<TlsStreamTarget>("tls-stream"),
        Of<CertificateTarget>("certificate"),
        Of<DtlsTarget>("dtls"),
        Of<QuicTarget>("quic"),
        Of<QuicFramesTarget>("quic-frames"),
        Of<GquicTarget>("gquic"),
        Of<HttpTarget>("http"),
        Of<Http2Target>("http2"),
        Of<StunTarget>("stun"),
        Of<RtpTarget>("rtp"),
        Of<SdRtnTarget>("sd-rtn"),
        Of<SocksTarget>("socks"),
        Of<OpenVpnTarget>("openvpn"),
        Of<ProbeTarget>("probe"),
        Of<CaptureTarget>("capture"),
    ];

    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    private static FuzzTarget Of<TTarget>(string name, bool mustFail = false)
        where TTarget : IFuzzTarget => new(name, TTarget.Fuzz, TTarget.Seeds, mustFail);
}
