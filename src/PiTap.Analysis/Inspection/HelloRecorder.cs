using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes on a flow what its hellos and certificates say, whichever way they came: TLS, DTLS or QUIC.</summary>
internal sealed class HelloRecorder(InspectionContext context)
{
    private const int Ja3Length = 32;

    private readonly ClientSoftwareTable _software = new(context.Strings);

    /// <summary>Notes a ClientHello, given without its handshake header. True where early data may follow it (RFC 8446 section 4.2.10).</summary>
    public bool ClientHello(Flow flow, ReadOnlySpan<byte> body, Ja4Transport transport)
    {
        if (ClientHelloView.Parse(body, transport == Ja4Transport.Dtls, out ClientHelloView hello) != ParseStatus.Ok)
            return false;
        long madeBefore = context.Strings.MadeCharacters;
        flow.Facts.HasHandshake = true;
        ReadOnlySpan<byte> name = hello.ServerName;
        ClientSoftware software = _software.Get(hello, transport);
        context.Note(flow, new TlsHello
        {
            Version = software.Version,
            Sni = name.IsEmpty ? null : context.Strings.Get(name),
            Alpn = software.Alpn,
            Ja3 = software.Ja3,
            Ja4 = software.Ja4,
            Ech = context.Ech.Judge(hello),
        }, madeBefore);
        if (!name.IsEmpty)
            flow.Facts.Name(context.Strings.GetHost(name), transport == Ja4Transport.Quic ? HostSource.QuicSni : HostSource.TlsSni);
        return hello.Extensions.Contains(TlsExtensionType.EarlyData);
    }

    /// <summary>Notes a ServerHello, given without its handshake header. True for a HelloRetryRequest: the client will send another hello.</summary>
    public bool ServerHello(Flow flow, ReadOnlySpan<byte> body)
    {
        if (ServerHelloView.Parse(body, out ServerHelloView hello) != ParseStatus.Ok)
            return false;
        long madeBefore = context.Strings.MadeCharacters;
        FlowFacts facts = flow.Facts;
        facts.HasHandshake = true;
        facts.HasHandshakeAnswer = true;
        facts.HasNullCipher |= CipherSuites.IsWithoutEncryption(hello.CipherSuite);
        string version = TlsVersions.Text(hello.Version);
        facts.ChosenVersion = version;
        Span<byte> fingerprint = stackalloc byte[Ja3Length];
        ReadOnlySpan<byte> alpn = hello.Alpn;
        context.Note(flow, new TlsHello
        {
            IsServer = true,
            Version = version,
            Alpn = alpn.IsEmpty ? [] : [context.Strings.Get(alpn)],
            Ja3s = TlsFingerprint.WriteJa3s(hello, fingerprint) ? context.Strings.Get(fingerprint) : null,
        }, madeBefore);
        return hello.IsHelloRetryRequest;
    }

    /// <summary>Notes the names in the first certificate of a server's Certificate message: the server's own; the others are its issuers'.</summary>
    public void Certificate(Flow flow, ReadOnlySpan<byte> body)
    {
        if (CertificateView.Parse(body, out CertificateView certificates) != ParseStatus.Ok)
            return;
        foreach (ReadOnlySpan<byte> certificate in certificates)
        {
            foreach (ReadOnlySpan<byte> name in new CertificateNames(certificate))
            {
                flow.Facts.Name(context.Strings.GetHost(name), HostSource.Certificate);
                return;
            }
            return;
        }
    }

    /// <summary>Notes a hello of Google's QUIC.</summary>
    public void GquicHello(Flow flow, bool isServer, string version, ReadOnlySpan<byte> name)
    {
        long madeBefore = context.Strings.MadeCharacters;
        flow.Facts.HasHandshake = true;
        flow.Facts.HasHandshakeAnswer |= isServer;
        flow.Facts.ChosenVersion = version;
        context.Note(flow, new TlsHello { IsServer = isServer, Version = version, Sni = name.IsEmpty ? null : context.Strings.Get(name) }, madeBefore);
        if (!name.IsEmpty)
            flow.Facts.Name(context.Strings.GetHost(name), HostSource.QuicSni);
    }

}
