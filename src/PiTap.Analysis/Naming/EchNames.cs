using PiTap.Analysis.Core;
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
internal sealed class EchNames(StringTable strings, Losses losses)
{
    /// <summary>Known beforehand: the public name of all sites behind Cloudflare, which most clients learn over encrypted DNS.</summary>
    private const string CloudflareName = "cloudflare-ech.com";

    /// <summary>Each with the device that was told it first.</summary>
    private readonly Dictionary<string, Device> _names = new(StringComparer.Ordinal);
    private readonly FairQueue<string> _byAge = new();

    public void Learn(ReadOnlySpan<byte> publicName, Device device)
    {
        if (publicName.IsEmpty)
            return;
        string name = strings.GetHost(publicName);
        if (!_names.TryAdd(name, device))
            return;
        _byAge.Add(name, device);
        if (_byAge.Count > Limits.EchNames)
        {
            _names.Remove(_byAge.TakeLeastUseful());
            losses.Count(Losses.EchNamesEvicted);
        }
    }

    /// <summary>Forgets the names that a device was told first.</summary>
    public void Forget(Device device) => _byAge.RemoveWhere(name => _names[name] == device, name => _names.Remove(name));

    /// <summary>What a ClientHello's extension is. Only one with an encrypted hello in it can be real.</summary>
    public EchState Judge(in ClientHelloView hello)
    {
        if (!hello.HasEch)
            return EchState.None;
        bool holdsHello = hello.ParseEch(out EncryptedClientHelloView ech) == ParseStatus.Ok && !ech.IsInner && ech.PayloadLength > 0;
        ReadOnlySpan<byte> outerName = hello.ServerName;
        return holdsHello && !outerName.IsEmpty && IsPublic(strings.GetHost(outerName)) ? EchState.Real : EchState.Grease;
    }

    private bool IsPublic(string name) => name == CloudflareName || _names.ContainsKey(name);
}
