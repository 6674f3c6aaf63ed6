using PiTap.Analysis.Devices;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Naming;

/// <summary>
/// Tells real Encrypted Client Hello from GREASE (RFC 9849 section 6.2), which looks the same by design: only the outer name shows it,
/// where it is a public name that servers hand out for this purpose. Such names are learnt from HTTPS records seen on the wire; one is
/// known beforehand.
/// </summary>
internal sealed class EchNames(StringTable strings)
{
    /// <summary>Public names learnt; further ones are not.</summary>
    private const int MaxNames = 1_024;

    /// <summary>
    /// Each with the device that was told it first. One is known beforehand: the public name of all sites behind Cloudflare, which most
    /// clients learn over encrypted DNS.
    /// </summary>
    private readonly Dictionary<string, Device?> _names = new(StringComparer.Ordinal) { ["cloudflare-ech.com"] = null };

    public void Learn(ReadOnlySpan<byte> publicName, Device device)
    {
        if (_names.Count < MaxNames && !publicName.IsEmpty)
            _names.TryAdd(strings.GetHost(publicName), device);
    }

    /// <summary>Forgets the names that a device was told first.</summary>
    public void Forget(Device device)
    {
        foreach (string name in _names.Where(entry => entry.Value == device).Select(static entry => entry.Key).ToList())
            _names.Remove(name);
    }

    /// <summary>What a ClientHello's extension is. Only one with an encrypted hello in it can be real.</summary>
    public EchState Judge(in ClientHelloView hello)
    {
        if (!hello.HasEch)
            return EchState.None;
        bool holdsHello = hello.ParseEch(out EncryptedClientHelloView ech) == ParseStatus.Ok && !ech.IsInner && ech.PayloadLength > 0;
        ReadOnlySpan<byte> outerName = hello.ServerName;
        return holdsHello && !outerName.IsEmpty && _names.ContainsKey(strings.GetHost(outerName)) ? EchState.Real : EchState.Grease;
    }
}
