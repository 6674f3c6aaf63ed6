using PiTap.Analysis.Core;
using PiTap.Model;
using PiTap.Wire.Network;

namespace PiTap.Analysis.Devices;

/// <summary>
/// Devices by MAC, or by address where the capture has no link layer. Bounded: a sender of forged addresses only drives out others that
/// never got an answer, or hardly one where the answers are forged too, as long as these are more than a share of the table.
/// </summary>
internal sealed class DeviceTable(Losses losses)
{
    private readonly Dictionary<MacAddress, Device> _byMac = [];
    private readonly Dictionary<IpAddress, Device> _byAddress = [];
    private readonly List<Device> _all = [];
    private readonly List<Device> _evicted = [];
    private readonly Dictionary<MacAddress, long> _gateways = [];
    private readonly Dictionary<IpAddress, Device> _byLocalAddress = [];
    private readonly FairQueue<IpAddress> _localAddresses = new();
    private readonly LinkPrefixes _prefixes = new(losses);

    // Those that nobody answered, and those that were answered a few times at most.
    private readonly DeviceQueue _unanswered = new();
    private readonly DeviceQueue _brief = new();
    private long _gatewayNotes;
    private MacAddress _latestGateway;
    private long _inCrowd;

    /// <summary>Stands for packets that belong to no device.</summary>
    public Device None { get; } = Device.MakeNone();

    /// <summary>
    /// Stands for those beyond <see cref="Limits.UnansweredDevices"/> and <see cref="Limits.BriefDevices"/>; null as long as there were
    /// none.
    /// </summary>
    public Device? Crowd { get; private set; }

    /// <summary>Those that are known by themselves, and what stands for the others.</summary>
    public IEnumerable<Device> Known => _all.Where(static device => !device.IsInCrowd).Concat(Crowd is null ? [] : [Crowd]);

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

    /// <summary>Notes a packet of a device that is not established. Returns the device whose packet it counts as.</summary>
    public Device NoteDirection(Device device, bool isUp, long minuteNs)
    {
        bool wasAnswered = device.IsAnswered;
        device.NoteDirection(isUp, minuteNs);
        if (device.IsForgotten)
            return device.Booked;
        bool mayLeave = device.IsEstablished;
        if (!wasAnswered && device.IsAnswered)
        {
            mayLeave |= _brief.Count < Limits.BriefDevices;
            _unanswered.Remove(device);
            _brief.Add(device);
        }
        if (device.IsEstablished)
            _brief.Remove(device);
        if (mayLeave && device.IsInCrowd)
        {
            CountCrowd(-1);
            device.LeaveCrowd();
        }
        return device.Booked;
    }

    /// <summary>The device behind one side of a packet.</summary>
    public Device Get(MacAddress mac, IpAddress address, long timeNs)
    {
        Device? device;
        if (!mac.IsNone && !mac.IsGroup)
        {
            if (!_byMac.TryGetValue(mac, out device))
            {
                device = Add(mac, default, timeNs);
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
        else if (address.IsUnspecified || address.IsMulticast || address.IsLimitedBroadcast)
        {
            // A sender without an address belongs to no device, and a group's address to many.
            return None;
        }
        else if (!_byAddress.TryGetValue(address, out device))
        {
            device = Add(default, address, timeNs);
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
        CountCrowd(nameless.IsInCrowd ? -1 : 0);
        device.Join(nameless);
        _evicted.Add(nameless);
    }

    /// <summary>Takes back a device of which nothing was handed on and no flow is left: what it sent was not its own.</summary>
    public void Dissolve(Device device)
    {
        int inCrowd = device.IsInCrowd ? 1 : 0;
        if (device == None || device.IsForgotten || device.OpenFlows > 0 || !device.TryJoinTo(None))
            return;
        TakeOut(device);
        CountCrowd(-inCrowd);
        _evicted.Add(device);
    }

    /// <summary>Forgets a device: the next packet of it makes another one. With what stands for many all of these are forgotten.</summary>
    public void Remove(Device device)
    {
        HashSet<Device> gone = [device];
        if (device == Crowd)
        {
            gone = [.. _all.Where(static one => one.IsInCrowd)];
            Crowd = null;
        }
        foreach (Device one in gone)
        {
            TakeOut(one);
            _gateways.Remove(one.Mac);
        }
        _latestGateway = default;
        _localAddresses.RemoveWhere(address => gone.Contains(_byLocalAddress[address]), address => _byLocalAddress.Remove(address));
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

    private Device Add(MacAddress mac, IpAddress address, long timeNs)
    {
        // As things are before room is made: whoever goes must not make a row of its own for each that comes.
        bool isOneOfMany = _unanswered.Count >= Limits.UnansweredDevices || _brief.Count >= Limits.BriefDevices;
        if (_all.Count >= Limits.Devices)
            Evict(LeastUseful());
        if (isOneOfMany)
        {
            Crowd ??= Device.MakeCrowd(timeNs);
            CountCrowd(1);
        }
        var device = new Device(mac, address, timeNs, isOneOfMany ? Crowd : null) { Place = _all.Count };
        _all.Add(device);
        _unanswered.Add(device);
        return device;
    }

    /// <summary>Of one of many there is nothing left to record.</summary>
    private void Evict(Device victim)
    {
        TakeOut(victim);
        losses.Count(Losses.DevicesEvicted);
        if (victim.IsInCrowd)
            victim.Empty();
        else
            _evicted.Add(victim);
    }

    private void CountCrowd(int devices)
    {
        _inCrowd += devices;
        losses.Set(Losses.DevicesFolded, _inCrowd);
    }

    /// <summary>
    /// One without an answer, if there are many of them, else one with few answers, else the one of the others that was silent for longest.
    /// The first two keep their shares, as a place that becomes free there is a row of its own for the next one.
    /// </summary>
    private Device LeastUseful()
    {
        if (_unanswered.Count > Limits.UnansweredDevices)
            return _unanswered.LeastUseful();
        if (_brief.Count > Limits.BriefDevices)
            return _brief.LeastUseful();
        return _all.Where(static device => device.IsEstablished).MinBy(static device => device.LastSeenNs)!;
    }

    private void TakeOut(Device device)
    {
        Device last = _all[^1];
        _all[device.Place] = last;
        last.Place = device.Place;
        _all.RemoveAt(_all.Count - 1);
        device.IsForgotten = true;
        _unanswered.Remove(device);
        _brief.Remove(device);
        if (device.Mac.IsNone)
            _byAddress.Remove(device.Address);
        else
            _byMac.Remove(device.Mac);
    }
}
