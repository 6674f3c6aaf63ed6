using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes on a flow what its hellos and certificates say, whichever way they came: TLS, DTLS or QUIC.</summary>
internal sealed class HelloRecorder(StringTable strings, EchNames ech, FactBudget facts, WorkGate work)
{
    /// <summary>What a hello costs beside its bytes, as <see cref="WorkGate"/> counts.</summary>
    private const int StepsPerHello = 10;

    /// <summary>Bytes of a hello that cost a step: its lists are sorted and hashed.</summary>
    private const int BytesPerStep = 16;

    private readonly ClientSoftwareTable _software = new(strings);

    /// <summary>
    /// Notes a ClientHello, given without its handshake header. True if early data may follow it (RFC 8446 section 4.2.10).
    /// </summary>
    public bool ClientHello(Flow flow, ReadOnlySpan<byte> body, Ja4Transport transport)
    {
        if (ClientHelloView.Parse(body, transport == Ja4Transport.Dtls, out ClientHelloView hello) != ParseStatus.Ok)
            return false;
        flow.Facts.HasHandshake = true;
        if (!MayLook(flow, isFromClient: true, body.Length))
            return false;
        long madeBefore = strings.MadeCharacters;
        ReadOnlySpan<byte> name = hello.ServerName;
        EchState state = ech.Judge(hello);
        ClientSoftware software = _software.Get(hello, transport);
        facts.Add(flow.Facts, new TlsHello
        {
            Version = software.Version,
            Sni = name.IsEmpty ? null : strings.Get(name),
            Alpn = software.Alpn,
            Ja3 = software.Ja3,
            Ja4 = software.Ja4,
            Ech = state,
        }, strings.MadeCharacters - madeBefore);
        if (!name.IsEmpty)
            flow.Facts.Name(strings.GetHost(name), SourceOf(transport, state));
        return hello.Extensions.Contains(TlsExtensionType.EarlyData);
    }

    /// <summary>
    /// Notes a ServerHello, given without its handshake header. True for a HelloRetryRequest: the client will send another hello.
    /// </summary>
    public bool ServerHello(Flow flow, ReadOnlySpan<byte> body)
    {
        if (ServerHelloView.Parse(body, out ServerHelloView hello) != ParseStatus.Ok)
            return false;
        long madeBefore = strings.MadeCharacters;
        FlowFacts known = flow.Facts;
        known.HasHandshake = true;
        known.HasHandshakeAnswer = true;
        known.HasNullCipher |= CipherSuites.IsWithoutEncryption(hello.CipherSuite);
        string version = TlsVersions.Text(hello.Version);
        known.ChosenVersion = version;
        if (!MayLook(flow, isFromClient: false, body.Length))
            return hello.IsHelloRetryRequest;
        Span<byte> fingerprint = stackalloc byte[TlsFingerprint.Ja3Length];
        ReadOnlySpan<byte> alpn = hello.Alpn;
        facts.Add(flow.Facts, new TlsHello
        {
            IsServer = true,
            Version = version,
            Alpn = alpn.IsEmpty ? [] : [strings.Get(alpn)],
            Ja3s = TlsFingerprint.WriteJa3s(hello, fingerprint) ? strings.Get(fingerprint) : null,
        }, strings.MadeCharacters - madeBefore);
        return hello.IsHelloRetryRequest;
    }

    /// <summary>
    /// Notes the names in the first certificate of a server's Certificate message: the server's own; the others are its issuers'.
    /// </summary>
    public void Certificate(Flow flow, ReadOnlySpan<byte> body)
    {
        if (CertificateView.Parse(body, out CertificateView certificates) != ParseStatus.Ok)
            return;
        if (!MayLook(flow, isFromClient: false, body.Length))
            return;
        foreach (ReadOnlySpan<byte> certificate in certificates)
        {
            foreach (ReadOnlySpan<byte> name in new CertificateNames(certificate))
            {
                flow.Facts.Name(strings.GetHost(name), HostSource.Certificate);
                return;
            }
            return;
        }
    }

    /// <summary>Notes a hello in the format of SSL 2.0, which says no more than its version.</summary>
    public void Sslv2Hello(Flow flow, string version)
    {
        flow.Facts.HasHandshake = true;
        facts.Add(flow.Facts, new TlsHello { Version = version }, madeCharacters: 0);
    }

    /// <summary>Notes a hello of Google's QUIC.</summary>
    public void GquicHello(Flow flow, bool isServer, string version, ReadOnlySpan<byte> name)
    {
        long madeBefore = strings.MadeCharacters;
        flow.Facts.HasHandshake = true;
        flow.Facts.HasHandshakeAnswer |= isServer;
        flow.Facts.ChosenVersion = version;
        if (!MayLook(flow, !isServer, name.Length))
            return;
        var hello = new TlsHello { IsServer = isServer, Version = version, Sni = name.IsEmpty ? null : strings.Get(name) };
        facts.Add(flow.Facts, hello, strings.MadeCharacters - madeBefore);
        if (!name.IsEmpty)
            flow.Facts.Name(strings.GetHost(name), HostSource.QuicSni);
    }

    /// <summary>The name in the clear beside a real Encrypted Client Hello is not that of the host.</summary>
    private static HostSource SourceOf(Ja4Transport transport, EchState ech)
    {
        if (ech == EchState.Real)
            return HostSource.EchCover;
        return transport == Ja4Transport.Quic ? HostSource.QuicSni : HostSource.TlsSni;
    }

    private bool MayLook(Flow flow, bool isFromClient, int bytes) =>
        work.TryCharge(flow.Sender, flow.IsSent(isFromClient), StepsPerHello + bytes / BytesPerStep);
}
