using PiTap.Analysis.Core;
using PiTap.Model;

namespace PiTap.Analysis.Devices;

/// <summary>A device in memory: what it is called, and what it moved in the current minute.</summary>
internal sealed class Device
{
    private readonly List<IpAddress> _addresses = [];
    private IpAddress _latestAddress;

    public Device(string id, bool isMacRandomised, long nowNs)
    {
        Id = id;
        IsMacRandomised = isMacRandomised;
        FirstSeenNs = LastSeenNs = nowNs;
        IsChanged = true;
    }

    public string Id { get; }

    public bool IsMacRandomised { get; }

    public long FirstSeenNs { get; private set; }

    public long LastSeenNs { get; private set; }

    public string? DhcpName { get; private set; }

    public string? DhcpVendorClass { get; private set; }

    public IReadOnlyList<int> DhcpParameters { get; private set; } = [];

    public string? MdnsName { get; private set; }

    public string? NetBiosName { get; private set; }

    /// <summary>True once it was told the address of a name.</summary>
    public bool HasAnswers { get; set; }

    /// <summary>True if a record of it is due.</summary>
    public bool IsChanged { get; private set; }

    public long MinuteNs { get; set; }

    public long PacketsUp { get; set; }

    public long PacketsDown { get; set; }

    public long BytesUp { get; set; }

    public long BytesDown { get; set; }

    public bool HasTraffic => (PacketsUp | PacketsDown) != 0;

    public void See(long timeNs)
    {
        if (timeNs > LastSeenNs)
            LastSeenNs = timeNs;
        else if (timeNs < FirstSeenNs)
            FirstSeenNs = timeNs;
        else
            return;
        IsChanged = true;
    }

    public void AddAddress(IpAddress address)
    {
        if (address == _latestAddress || address.IsUnspecified || address.IsMulticast || address.IsLimitedBroadcast)
            return;
        _latestAddress = address;
        // The one in use is the newest: addresses of the day (RFC 8981) must not push out the one that stays.
        if (!_addresses.Remove(address) && _addresses.Count == DeviceRecord.MaxAddresses)
            _addresses.RemoveAt(0);
        _addresses.Add(address);
        IsChanged = true;
    }

    public void SetDhcp(string? name, string? vendorClass, IReadOnlyList<int> parameters)
    {
        IsChanged = true;
        DhcpName = name ?? DhcpName;
        DhcpVendorClass = vendorClass ?? DhcpVendorClass;
        if (parameters.Count > 0)
            DhcpParameters = parameters;
    }

    public void SetMdnsName(string name)
    {
        IsChanged |= MdnsName != name;
        MdnsName = name;
    }

    public void SetNetBiosName(string name)
    {
        IsChanged |= NetBiosName != name;
        NetBiosName = name;
    }

    /// <summary>The record that is due.</summary>
    public DeviceRecord TakeRecord()
    {
        IsChanged = false;
        return ToRecord();
    }

    public DeviceRecord ToRecord() => new()
    {
        Id = Id,
        IsMacRandomised = IsMacRandomised,
        DhcpName = DhcpName,
        DhcpVendorClass = DhcpVendorClass,
        DhcpParameters = DhcpParameters,
        MdnsName = MdnsName,
        NetBiosName = NetBiosName,
        Addresses = [.. _addresses],
        FirstSeenNs = FirstSeenNs,
        LastSeenNs = LastSeenNs,
    };

    public MinuteRecord TakeMinute()
    {
        var record = new MinuteRecord(MinuteNs, Id, PacketsUp, PacketsDown, BytesUp, BytesDown);
        PacketsUp = PacketsDown = BytesUp = BytesDown = 0;
        return record;
    }
}

/// <summary>Devices by MAC, or by address where the capture has no link layer. Bounded.</summary>
internal sealed class DeviceTable(Losses losses)
{
    private readonly Dictionary<MacAddress, Device> _byMac = [];
    private readonly Dictionary<IpAddress, Device> _byAddress = [];
    private readonly List<Device> _all = [];
    private readonly HashSet<MacAddress> _gateways = [];
    private readonly Dictionary<IpAddress, Device> _byLocalAddress = [];

    /// <summary>Stands for packets that belong to no device, and for devices beyond the cap.</summary>
    public Device None { get; } = new("", false, 0);

    public IReadOnlyList<Device> All => _all;

    /// <summary>Notes that a local address reaches a public one by this MAC.</summary>
    public void NoteGateway(MacAddress mac)
    {
        if (!mac.IsNone && !mac.IsGroup && _gateways.Count < Limits.Gateways)
            _gateways.Add(mac);
    }

    public bool IsGateway(MacAddress mac) => _gateways.Contains(mac);

    /// <summary>The device behind one side of a packet.</summary>
    public Device Get(MacAddress mac, IpAddress address, long timeNs)
    {
        Device? device;
        if (!mac.IsNone && !mac.IsGroup)
        {
            if (!_byMac.TryGetValue(mac, out device))
            {
                device = Create(mac.ToString(), mac.IsRandomised, timeNs);
                if (device != None)
                    _byMac.Add(mac, device);
            }
            if (address.IsLocal && (_byLocalAddress.Count < Limits.LocalAddresses || _byLocalAddress.ContainsKey(address)))
                _byLocalAddress[address] = device;
        }
        else if (_byLocalAddress.TryGetValue(address, out device))
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
            device = Create(address.ToString(), false, timeNs);
            if (device != None)
                _byAddress.Add(address, device);
        }
        return device;
    }

    /// <summary>Forgets a device: the next packet of it makes another one.</summary>
    public void Remove(Device device)
    {
        _all.Remove(device);
        RemoveWhere(_byAddress, device);
        RemoveWhere(_byLocalAddress, device);
        foreach (MacAddress mac in RemoveWhere(_byMac, device))
            _gateways.Remove(mac);
    }

    private static List<TKey> RemoveWhere<TKey>(Dictionary<TKey, Device> table, Device device)
        where TKey : struct
    {
        List<TKey> keys = [.. table.Where(entry => entry.Value == device).Select(static entry => entry.Key)];
        keys.ForEach(key => table.Remove(key));
        return keys;
    }

    private Device Create(string id, bool isMacRandomised, long timeNs)
    {
        if (_all.Count >= Limits.Devices)
        {
            losses.Count(Losses.DevicesDropped);
            return None;
        }
        var device = new Device(id, isMacRandomised, timeNs);
        _all.Add(device);
        return device;
    }
}
