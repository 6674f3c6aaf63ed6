using PiTap.Model;
using PiTap.Wire.Application.Stun;

namespace PiTap.Analysis.Inspection;

/// <summary>What STUN and TURN tell whoever reads along, in a sentence.</summary>
internal static class StunReasons
{
    private const string Relay = "TURN in the clear: relays to ";
    private const string Address = "STUN in the clear, with the address that others see";

    /// <summary>
    /// A better sentence than the current one; null if the message has none. Whom a relay talks to, which nothing else shows, is the
    /// best one.
    /// </summary>
    public static string? Describe(in StunView stun, string? known)
    {
        if (known is not null && known.StartsWith(Relay, StringComparison.Ordinal))
            return null;
        if (stun.TryReadPeerAddress(out IpAddress peer, out _))
            return Relay + peer.ToString();
        return known is null && stun.TryReadMappedAddress(out _, out _) ? Address : null;
    }
}
