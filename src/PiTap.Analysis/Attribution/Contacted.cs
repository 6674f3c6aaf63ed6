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
    public static Contacted Of(ContactRecord contact)
    {
        bool isAddress = IpAddress.TryParse(contact.Host, out IpAddress address);
        IReadOnlyList<IpAddress> addresses = contact.TopAddresses();
        return new Contacted(
            isAddress ? null : contact.Host, contact.HostSource, contact.Aliases,
            isAddress && addresses.Count == 0 ? [address] : addresses, contact.AppProtos);
    }

    /// <summary>Of a flow that came in, whoever opened it; its name, if any, is that of the device.</summary>
    public static Contacted Of(FlowRecord flow)
    {
        ulong protocols = LocalSignals.Bits([.. flow.AppProtos, flow.AppProto]);
        return flow.IsIncoming()
            ? new Contacted(null, HostSource.None, [], [flow.Client], protocols)
            : new Contacted(flow.Host, flow.HostSource, flow.HostAliases, [flow.Server], protocols);
    }

    /// <summary>The name that was really asked for: not the cover of another, which says who hides it at most.</summary>
    public string? Name => HostSource == HostSource.EchCover ? null : Host;

    /// <summary>True if nothing but lookups, time and signalling was spoken.</summary>
    public bool IsHousekeeping => LocalSignals.IsHousekeeping(AppProtos);
}
