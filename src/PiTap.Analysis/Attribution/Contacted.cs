using PiTap.Model;

namespace PiTap.Analysis.Attribution;

/// <summary>What was seen of whoever a device talked to.</summary>
/// <param name="Host">The host's name; null if none is known.</param>
/// <param name="HostSource">How that is known.</param>
/// <param name="Aliases">What the name is an alias of, in order.</param>
/// <param name="Addresses">The addresses, of most bytes first.</param>
/// <param name="AppProtos">Protocols spoken, a bit for each.</param>
internal readonly record struct Contacted(
    string? Host, HostSource HostSource, IReadOnlyList<string> Aliases, IReadOnlyList<IpAddress> Addresses, ulong AppProtos)
{
    private static readonly ulong s_housekeeping =
        Bit(AppProtocol.Dns) | Bit(AppProtocol.Ntp) | Bit(AppProtocol.Icmp) | Bit(AppProtocol.Icmp6) | Bit(AppProtocol.Dhcp)
        | Bit(AppProtocol.Dhcp6);

    public static Contacted Of(ContactRecord contact)
    {
        bool isAddress = IpAddress.TryParse(contact.Host, out IpAddress address);
        IReadOnlyList<IpAddress> addresses = contact.TopAddresses();
        return new Contacted(
            isAddress ? null : contact.Host, contact.HostSource, contact.Aliases,
            isAddress && addresses.Count == 0 ? [address] : addresses, contact.AppProtos & ~1UL);
    }

    /// <summary>Of a flow that came in, whoever opened it; its name, if any, is that of the device.</summary>
    public static Contacted Of(FlowRecord flow)
    {
        ulong protocols = Bit(flow.AppProto);
        for (int i = 0; i < flow.AppProtos.Count; i++)
            protocols |= Bit(flow.AppProtos[i]);
        return flow.IsIncoming()
            ? new Contacted(null, HostSource.None, [], [flow.Client], protocols & ~1UL)
            : new Contacted(flow.Host, flow.HostSource, flow.HostAliases, [flow.Server], protocols & ~1UL);
    }

    /// <summary>The name that was really asked for: not the cover of another, which says who hides it at most.</summary>
    public string? Name => HostSource == HostSource.EchCover ? null : Host;

    /// <summary>True if nothing but lookups, time and signalling was spoken.</summary>
    public bool IsHousekeeping => AppProtos != 0 && (AppProtos & ~s_housekeeping) == 0;

    private static ulong Bit(AppProtocol protocol) => 1UL << (int)protocol;
}
