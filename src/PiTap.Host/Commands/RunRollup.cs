using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>
/// Contacts and devices of a single run: the store has them rolled up over all, and so these are added up from the run's flows.
/// </summary>
internal static class RunRollup
{
    /// <summary>Contacts of a run; of more, those that begin first are printed.</summary>
    private const int MaxContacts = 100_000;

    public static IEnumerable<ContactRecord> Contacts(IEnumerable<FlowRecord> flows)
    {
        Dictionary<(string Device, string Host), ContactRecord> sums = [];
        foreach (FlowRecord flow in flows)
        {
            (string, string) key = (flow.Device, flow.PeerHost() ?? flow.Peer().ToString());
            bool isKnown = sums.TryGetValue(key, out ContactRecord? sum);
            if (isKnown || sums.Count < MaxContacts)
                sums[key] = isKnown ? sum!.Plus(Contact(flow, key)) : Contact(flow, key);
        }
        return sums.Values.OrderBy(static contact => contact.Device, StringComparer.Ordinal)
            .ThenByDescending(static contact => contact.BytesUp + contact.BytesDown);
    }

    /// <summary>As the store knows them: their names and times are of all runs.</summary>
    public static IEnumerable<DeviceRecord> Devices(IStoreReader reader, IEnumerable<FlowRecord> flows)
    {
        HashSet<string> ids = [.. flows.Select(static flow => flow.Device)];
        return reader.Devices(StoreQuery.All).Where(device => ids.Contains(device.Id));
    }

    private static ContactRecord Contact(FlowRecord flow, (string Device, string Host) key) => new()
    {
        Device = key.Device,
        Host = key.Host,
        HostSource = flow.PeerHost() is null ? HostSource.None : flow.HostSource,
        AppProtos = flow.AppProtos.Append(flow.AppProto).Aggregate(0UL, static (bits, app) => bits | 1UL << (int)app) & ~1UL,
        Flows = 1,
        FlowsEncrypted = flow.Verdict == Verdict.Encrypted ? 1 : 0,
        FlowsReadable = flow.Verdict == Verdict.Readable ? 1 : 0,
        FlowsOpaque = flow.Verdict == Verdict.Opaque ? 1 : 0,
        // Up is from the device, also where it is the server.
        PacketsUp = flow.IsIncoming() ? flow.PacketsDown : flow.PacketsUp,
        PacketsDown = flow.IsIncoming() ? flow.PacketsUp : flow.PacketsDown,
        BytesUp = flow.IsIncoming() ? flow.BytesDown : flow.BytesUp,
        BytesDown = flow.IsIncoming() ? flow.BytesUp : flow.BytesDown,
        FirstSeenNs = flow.StartNs,
        LastSeenNs = flow.EndNs,
        Addresses = [new ContactAddress(flow.Peer(), flow.BytesUp + flow.BytesDown)],
        Aliases = flow.PeerHost() is null ? [] : ContactAliases.Of(flow.HostAliases),
    };
}
