using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>A handshake of an encrypting protocol was seen.</summary>
internal sealed class Handshake() : Detector(FindingKind.Handshake, Verdict.Encrypted)
{
    protected override string? Explain(FlowFacts facts, byte protocol)
    {
        if (!facts.HasHandshake)
            return null;
        string name = facts.AppProto switch
        {
            AppProtocol.Quic => "QUIC",
            AppProtocol.Gquic => "gQUIC",
            AppProtocol.Dtls => "DTLS",
            AppProtocol.Ssh => "SSH",
            AppProtocol.SdRtn => "SD-RTN",
            AppProtocol.WireGuard => "WireGuard",
            AppProtocol.Ike => "IKE",
            _ => facts.Has(AppProtocol.Tls) ? "TLS" : facts.Has(AppProtocol.Dtls) ? "DTLS" : "TLS",
        };
        string inside = facts.ReasonFor(AppProtocol.Socks) is string socks ? $"; {socks}"
            : facts.Has(AppProtocol.Socks) ? " behind a readable SOCKS request"
            : facts.Has(AppProtocol.Tunnel) ? " inside a readable tunnel"
            : facts.Has(AppProtocol.Http) && name == "TLS" ? " behind readable HTTP"
            : facts.ReasonFor(AppProtocol.Unknown) is string commands && name == "TLS" ? $" behind readable {commands} commands" : "";
        // What nearly all flows have is not put together anew for each.
        string? usual = inside.Length > 0 || !facts.HasHandshakeAnswer ? null : (name, facts.ChosenVersion) switch
        {
            ("TLS", "TLS 1.3") => "TLS handshake seen, TLS 1.3",
            ("TLS", "TLS 1.2") => "TLS handshake seen, TLS 1.2",
            ("QUIC", "TLS 1.3") => "QUIC handshake seen, TLS 1.3",
            _ => null,
        };
        if (usual is not null)
            return usual;
        if (!facts.HasHandshakeAnswer)
            return $"{name} handshake begun, no answer seen{inside}{facts.CutNote}";
        return facts.ChosenVersion is null ? $"{name} handshake seen{inside}" : $"{name} handshake seen, {facts.ChosenVersion}{inside}";
    }
}
