using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Tells real Encrypted Client Hello from GREASE (RFC 9849 section 6.2), which looks the same by design: only the outer name shows it, where it is a public name
/// that servers hand out for this purpose. Such names are learnt from HTTPS records seen on the wire; one is known beforehand.
/// </summary>
internal sealed class EchNames(Naming.StringTable strings)
{
    /// <summary>Public names learnt; further ones are not.</summary>
    private const int MaxNames = 1_024;

    /// <summary>The public name of all sites behind Cloudflare, which most clients learn over encrypted DNS.</summary>
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "cloudflare-ech.com" };

    public void Learn(ReadOnlySpan<byte> publicName)
    {
        if (_names.Count < MaxNames && !publicName.IsEmpty)
            _names.Add(strings.GetHost(publicName));
    }

    /// <summary>What a ClientHello's extension is. Only one with an encrypted hello in it can be real.</summary>
    public EchState Judge(in ClientHelloView hello)
    {
        if (!hello.HasEch)
            return EchState.None;
        bool holdsHello = hello.ParseEch(out EncryptedClientHelloView ech) == ParseStatus.Ok && !ech.IsInner && ech.PayloadLength > 0;
        ReadOnlySpan<byte> outerName = hello.ServerName;
        return holdsHello && !outerName.IsEmpty && _names.Contains(strings.GetHost(outerName)) ? EchState.Real : EchState.Grease;
    }
}
