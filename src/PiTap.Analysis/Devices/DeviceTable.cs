using PiTap.Analysis.Core;
using PiTap.Model;
using PiTap.Wire.Network;

namespace PiTap.Analysis.Devices;

/// <summary>
/// Devices by MAC, or by address where the capture has no link layer. Bounded: a sender of forged addresses only drives out others that
/// never got an answer, as long as these are more than an eighth of the table.
/// </summary>
internal sealed class DeviceTable(Losses losses)
{
    /// <summary>Devices without an answer that nobody with one is forgotten for.</summary>
    private const int MinNewcomers = Limits.Devices / 8;

    /// <summary>Newcomers that are passed over because they sent again, before one is forgotten whatever it did.</summary>
    private const int MaxSecondChances = 16;

    private readonly Dictionary<MacAddress, Device> _byMac = [];
    private readonly Dictionary<IpAddress, Device> _byAddress = [];
    private readonly List<Device> _all = [];
    private readonly List<Device> _evicted = [];
    private readonly Dictionary<MacAddress, long> _gateways = [];
    private readonly Dictionary<IpAddress, Device> _byLocalAddress = [];
    private readonly FairQueue<IpAddress> _localAddresses = new();
    private readonly LinkPrefixes _prefixes = new(losses);

    // Those that had no answer when they were last looked at, oldest first, with the time of their last packet then.
    private readonly Queue<(Device Device, long SeenNs)> _newcomers = new();
    private long _gatewayNotes;
    private MacAddress _latestGateway;

    /// <summary>Stands for packets that belong to no device.</summary>
    public Device None { get; } = Device.MakeNone();

    public IReadOnlyList<Device> All => _all;

    /// <summary>Devices that were forgotten for others since the last <see cref="TakeEvicted"/>: their last records are due.</summary>
    public int EvictedCount => _evicted.Count;

    /// <summary>Hands over the devices that were forgotten for others.</summary>
    public List<Device> TakeEvicted()
    {
        List<Device> evicted = [.. _evicted];
        _evicted.Clear();
        return evicted;
    }

    /// <summary>Drops of those what belongs to a device.</summary>
    public void ForgetEvicted(DeviceTraces traces) => _evicted.RemoveAll(device => traces.IsDevice(device.Id));

    /// <summary>Notes that a local address reaches a public one by this MAC.</summary>
    public void NoteGateway(MacAddress mac)
    {
        // Most networks have one.
        if (mac == _latestGateway || mac.IsNone || mac.IsGroup)
            return;
        if (_gateways.Count >= Limits.Gateways && !_gateways.ContainsKey(mac))
        {
            _gateways.Remove(_gateways.MinBy(static entry => entry.Value).Key);
            losses.Count(Losses.GatewaysEvicted);
        }
        _gateways[mac] = ++_gatewayNotes;
        _latestGateway = mac;
    }

    public bool IsGateway(MacAddress mac) => _gateways.ContainsKey(mac);

    /// <summary>Notes that addresses with this prefix are on the link: a router says so.</summary>
    public void NotePrefix(AnnouncedPrefix prefix) => _prefixes.Note(prefix);

    /// <summary>Notes that an address on the link is this device's, which is known by its MAC.</summary>
    public void NoteAddress(IpAddress address, Device device)
    {
        if (device.Mac.IsNone || address.IsUnspecified || address.IsMulticast)
            return;
        NoteLocalAddress(address, device);
        if (_byAddress.TryGetValue(address, out Device? nameless))
            Join(nameless, device);
    }

    /// <summary>
    /// True for an address that only means something on a local network, for one with a prefix that a router announced, and for one that a
    /// device here was seen to have.
    /// </summary>
    public bool IsHere(IpAddress address) =>
        address.IsLocal || (!address.IsV4 && !address.IsMulticast && (_prefixes.Contains(address) || _byLocalAddress.ContainsKey(address)));

    /// <summary>The device behind one side of a packet.</summary>
    public Device Get(MacAddress mac, IpAddress address, long timeNs)
    {
        Device? device;
        if (!mac.IsNone && !mac.IsGroup)
        {
            if (!_byMac.TryGetValue(mac, out device))
            {
                device = Add(new Device(mac, default, timeNs));
                _byMac.Add(mac, device);
            }
            if (address.IsLocal)
                NoteAddress(address, device);
        }
        else if (_byLocalAddress.TryGetValue(address, out device) && !device.IsForgotten)
        {
            // Linux cooked captures show the sender's MAC only: this is who had the address when it sent.
            return device;
        }
        else if (address.IsUnspecified)
        {
            // A sender without an address belongs to no device.
            return None;
        }
        else if (!_byAddress.TryGetValue(address, out device))
        {
            device = Add(new Device(default, address, timeNs));
            _byAddress.Add(address, device);
        }
        return device;
    }

    /// <summary>
    /// What was booked on an address is the device's whose address it is; what was handed on under the address stays there.
    /// </summary>
    private void Join(Device nameless, Device device)
    {
        TakeOut(nameless);
        device.Join(nameless);
        _evicted.Add(nameless);
    }

    /// <summary>Takes back a device of which nothing was handed on and no flow is left: what it sent was not its own.</summary>
    public void Dissolve(Device device)
    {
        if (device == None || device.IsForgotten || device.OpenFlows > 0 || !device.TryJoinTo(None))
            return;
        TakeOut(device);
        _evicted.Add(device);
    }

    /// <summary>Forgets a device: the next packet of it makes another one.</summary>
    public void Remove(Device device)
    {
        TakeOut(device);
        _gateways.Remove(device.Mac);
        _latestGateway = default;
        _localAddresses.RemoveWhere(address => _byLocalAddress[address] == device, address => _byLocalAddress.Remove(address));
    }

    private void NoteLocalAddress(IpAddress address, Device device)
    {
        if (_byLocalAddress.ContainsKey(address))
        {
            _byLocalAddress[address] = device;
            return;
        }
        _byLocalAddress.Add(address, device);
        _localAddresses.Add(address, device);
        if (_localAddresses.Count > Limits.LocalAddresses)
        {
            _byLocalAddress.Remove(_localAddresses.TakeLeastUseful());
            losses.Count(Losses.LocalAddressesEvicted);
        }
    }

    private Device Add(Device device)
    {
        if (_all.Count >= Limits.Devices)
        {
            Device victim = TakeNewcomer() ?? _all.MinBy(static known => known.LastSeenNs)!;
            TakeOut(victim);
            _evicted.Add(victim);
            losses.Count(Losses.DevicesEvicted);
        }
        device.Place = _all.Count;
        _all.Add(device);
        _newcomers.Enqueue((device, device.LastSeenNs));
        return device;
    }

    /// <summary>The oldest device that got no answer yet and sent nothing more; null if there are few of them.</summary>
    private Device? TakeNewcomer()
    {
        int chances = 0;
        while (_newcomers.Count > MinNewcomers)
        {
            (Device device, long seenNs) = _newcomers.Dequeue();
            if (device.IsForgotten || device.IsAnswered)
                continue;
            if (device.LastSeenNs == seenNs || ++chances > MaxSecondChances)
                return device;
            _newcomers.Enqueue((device, device.LastSeenNs));
        }
        return null;
    }

    private void TakeOut(Device device)
    {
        Device last = _all[^1];
        _all[device.Place] = last;
        last.Place = device.Place;
        _all.RemoveAt(_all.Count - 1);
        device.IsForgotten = true;
        if (device.Mac.IsNone)
            _byAddress.Remove(device.Address);
        else
            _byMac.Remove(device.Mac);
    }
}
