using PiTap.Model;

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

    public EchState Judge(ReadOnlySpan<byte> outerName) =>
        !outerName.IsEmpty && _names.Contains(strings.GetHost(outerName)) ? EchState.Real : EchState.Grease;
}
