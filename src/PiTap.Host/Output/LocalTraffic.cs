using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>
/// What devices say to everybody around and to the router, to be on the network at all. Every phone does; it would hide those whom a phone
/// talks to outside, so tables sum it up in one line.
/// </summary>
internal sealed class LocalTraffic(Roster roster)
{
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private ulong _protocols;
    private long _rows, _flows, _bytes;

    /// <summary>True for multicast and broadcast, and for DNS, DHCP, NTP, neighbour discovery and their like with a near host.</summary>
    public bool Has(ContactRecord contact) => Is(contact.Host, contact.Addresses, contact.AppProtos);

    /// <summary>The same of a flow.</summary>
    public bool Has(FlowRecord flow) => Is(flow.Peer(), LocalSignals.Bits([.. flow.AppProtos, flow.AppProto]));

    public void Add(ContactRecord contact) => Add(contact.Device, contact.AppProtos, contact.Flows, contact.BytesUp + contact.BytesDown);

    public void Add(FlowRecord flow) =>
        Add(flow.Device, LocalSignals.Bits([.. flow.AppProtos, flow.AppProto]), 1, flow.BytesUp + flow.BytesDown);

    public void Add(PartyRecord party) => Add(party.Device, party.AppProtos, party.Flows, party.BytesUp + party.BytesDown);

    /// <summary>The line that stands for all of it; null if there was none.</summary>
    /// <param name="noun">What one row of the table is called: contact.</param>
    /// <param name="all">What shows them.</param>
    public string? Line(string noun, string all)
    {
        if (_rows == 0)
            return null;
        string flows = noun == "flow" ? "" : $", {Numbers.Of(_flows, "flow")}";
        string protocols = string.Join(", ", KindNames.Names(_protocols));
        string spoken = protocols.Length > 0 ? $" ({protocols})" : "";
        return $"Local network: {Numbers.Of(_rows, noun)}{flows} of {Numbers.Of(_devices.Count, "device")}, {ByteSize.Format(_bytes)}, "
            + $"with the router and with everybody around{spoken}. {all} shows {(_rows == 1 ? "it" : "them")}.";
    }

    private void Add(string device, ulong protocols, long flows, long bytes)
    {
        _devices.Add(device);
        _protocols |= protocols & ~1UL;
        _rows++;
        _flows += flows;
        _bytes += bytes;
    }

    private bool Is(string host, IReadOnlyList<ContactAddress> addresses, ulong protocols)
    {
        if (IpAddress.TryParse(host, out IpAddress address))
            return Is(address, protocols);
        return addresses.Count > 0 && addresses.All(one => Is(one.Address, protocols));
    }

    /// <summary>Devices have public addresses, too, with IPv6.</summary>
    private bool Is(IpAddress address, ulong protocols) => LocalSignals.IsForAll(address)
        || (LocalSignals.IsHousekeeping(protocols) && (address.IsLocal || roster.Has(address)));
}
