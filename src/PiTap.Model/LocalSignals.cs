namespace PiTap.Model;

/// <summary>
/// What devices say to everybody around and to the router, to be on the network at all: one decision for who is a party, and for what
/// tables sum up.
/// </summary>
public static class LocalSignals
{
    /// <summary>Protocols that a local network is held together by.</summary>
    private static readonly ulong s_housekeeping = Bits(
        AppProtocol.Dns, AppProtocol.Mdns, AppProtocol.Llmnr, AppProtocol.Dhcp, AppProtocol.Dhcp6, AppProtocol.Ntp, AppProtocol.Icmp,
        AppProtocol.Icmp6, AppProtocol.Ssdp, AppProtocol.Nbns);

    /// <summary>Protocols as a set: 1 &lt;&lt; <see cref="AppProtocol"/> of each.</summary>
    public static ulong Bits(params ReadOnlySpan<AppProtocol> protocols)
    {
        ulong bits = 0;
        foreach (AppProtocol protocol in protocols)
            bits |= 1UL << (int)protocol;
        return bits;
    }

    /// <summary>True if of what is known to be spoken nothing but lookups, time, addresses and signals is among.</summary>
    public static bool IsHousekeeping(ulong protocols) => (protocols & ~1UL) != 0 && (protocols & ~1UL & ~s_housekeeping) == 0;

    /// <summary>True for an address that is nobody's: a group's, everybody's, or none.</summary>
    public static bool IsForAll(IpAddress address) =>
        address.IsMulticast || address.IsLimitedBroadcast || address.IsUnspecified || address.IsLocalBroadcast;
}
