using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes on a flow what its hellos and certificates say, whichever way they came: TLS, DTLS or QUIC.</summary>
internal sealed class HelloRecorder(InspectionContext context)
{
    private const int Ja3Length = 32;
    private const int Ja4Length = 36;

    /// <summary>Protocols of an ALPN list that are kept.</summary>
    private const int MaxAlpn = 16;

    /// <summary>Notes a ClientHello, given without its handshake header.</summary>
    public void ClientHello(Flow flow, ReadOnlySpan<byte> body, Ja4Transport transport)
    {
        bool isDtls = transport == Ja4Transport.Dtls;
        if (ClientHelloView.Parse(body, isDtls, out ClientHelloView hello) != ParseStatus.Ok)
            return;
        long madeBefore = context.Strings.MadeCharacters;
        flow.Facts.HasHandshake = true;
        ReadOnlySpan<byte> name = hello.ServerName;
        Span<byte> fingerprint = stackalloc byte[Ja4Length];
        string? ja3 = TlsFingerprint.WriteJa3(hello, fingerprint) ? context.Strings.Get(fingerprint[..Ja3Length]) : null;
        string? ja4 = !isDtls && TlsFingerprint.WriteJa4(hello, transport, fingerprint) ? context.Strings.Get(fingerprint) : null;
        context.Note(flow, new TlsHello
        {
            Version = TlsVersions.Text(hello.HighestVersion),
            Sni = name.IsEmpty ? null : context.Strings.Get(name),
            Alpn = AlpnList(hello.Alpn),
            Ja3 = ja3,
            Ja4 = ja4,
            Ech = hello.HasEch ? context.Ech.Judge(name) : EchState.None,
        }, madeBefore);
        if (!name.IsEmpty)
            flow.Facts.Name(context.Strings.GetHost(name), transport == Ja4Transport.Quic ? HostSource.QuicSni : HostSource.TlsSni);
    }

    /// <summary>Notes a ServerHello, given without its handshake header. True where it chose TLS 1.3 or later, whose certificates are encrypted.</summary>
    public bool ServerHello(Flow flow, ReadOnlySpan<byte> body, bool isDtls)
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
        return !isDtls && hello.Version == TlsVersions.Tls13;
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

    private string[] AlpnList(TlsProtocolNames names)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in names)
            count++;
        if (count == 0)
            return [];
        string[] list = new string[Math.Min(count, MaxAlpn)];
        int index = 0;
        foreach (ReadOnlySpan<byte> name in names)
        {
            if (index == list.Length)
                break;
            list[index++] = context.Strings.Get(name);
        }
        return list;
    }
}
