using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PiTap.Model;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// What each device's documents take, and what it is worth: beyond a cap the least useful are counted as
/// <see cref="DeviceRecord.OtherDevices"/>. Whoever forges senders and their answers makes a device with each few packets.
/// </summary>
internal sealed class KeptDevices
{
    /// <summary>The most devices; a large event has some thousands.</summary>
    public const int MaxDevices = 16_384;

    /// <summary>The most bytes of their documents and those of their contacts, reckoned from above.</summary>
    public const long MaxBytes = 256 << 20;

    /// <summary>Without room this part gives way at once: looking for the least useful takes a look at all.</summary>
    private const int PartThatGoes = 16;

    /// <summary>Devices, and bytes of their documents, that give way at one time at most: all are in memory then.</summary>
    private const int DevicesAtOnce = 2 * MaxDevices;

    private const long BytesAtOnce = 32 << 20;

    /// <summary>A name is worth as much as sixteen times the traffic: it is told by one packet.</summary>
    private const int NameWorth = 4;

    /// <summary>Documents of a device with one contact, in bytes; larger ones have to be worth it.</summary>
    private const long UsualBytes = 512;

    private const long AddressBytes = 48;

    private const long NumberBytes = 12;

    /// <summary>How long a device was seen, at most: times of packets in a capture file are what its maker wants.</summary>
    private const long LongestHours = 90 * 24;

    private readonly Dictionary<string, Entry> _devices = new(StringComparer.Ordinal);
    private long _bytes;

    private struct Entry
    {
        public long RecordBytes, ContactBytes, TrafficBytes, FirstNs, LastNs;
        public bool IsNamed, HasRecord;

        public readonly long Bytes => RecordBytes + ContactBytes;
    }

    public int Count => _devices.Count;

    public bool HasContacts(string device) => _devices.TryGetValue(device, out Entry entry) && entry.ContactBytes > 0;

    public bool HasRecord(string device) => _devices.TryGetValue(device, out Entry entry) && entry.HasRecord;

    public void Clear()
    {
        _devices.Clear();
        _bytes = 0;
    }

    /// <summary>Notes a device's contacts as they are now.</summary>
    public void Note(DeviceContacts contacts)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, contacts.Device, out _);
        _bytes -= entry.Bytes;
        entry.ContactBytes = contacts.DocumentBytes;
        entry.TrafficBytes = contacts.TrafficBytes;
        _bytes += entry.Bytes;
        RemoveIfEmpty(contacts.Device, entry);
    }

    /// <summary>Notes a device's record as it is now.</summary>
    public void Note(DeviceRecord device)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, Documents.WellFormed(device.Id), out _);
        _bytes -= entry.Bytes;
        entry.HasRecord = true;
        entry.RecordBytes = BytesOf(device);
        (entry.FirstNs, entry.LastNs) = (device.FirstSeenNs, device.LastSeenNs);
        entry.IsNamed = (device.DhcpName ?? device.MdnsName ?? device.NetBiosName) is not null;
        _bytes += entry.Bytes;
    }

    /// <summary>Its record is gone.</summary>
    public void ForgetRecord(string device)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_devices, device);
        if (Unsafe.IsNullRef(ref entry))
            return;
        _bytes -= entry.RecordBytes;
        (entry.RecordBytes, entry.HasRecord) = (0, false);
        RemoveIfEmpty(device, entry);
    }

    /// <summary>
    /// Those that have to give way, the least useful first; none while there is room. Of two that moved as much the one goes that was not
    /// seen for longer, so that who comes late has its place.
    /// </summary>
    public List<string> LeastUseful()
    {
        List<string> gone = [];
        if (_devices.Count <= MaxDevices && _bytes <= MaxBytes)
            return gone;
        const int mostDevices = MaxDevices - MaxDevices / PartThatGoes;
        const long mostBytes = MaxBytes - MaxBytes / PartThatGoes;
        long bytes = _bytes, fewestBytes = _bytes - BytesAtOnce;
        foreach ((string device, Entry entry) in _devices.Where(static pair => pair.Key.Length > 0 && pair.Key != DeviceRecord.OtherDevices)
            .OrderBy(static pair => Worth(pair.Value)).ThenBy(static pair => pair.Value.LastNs)
            .ThenBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            if ((_devices.Count - gone.Count <= mostDevices && bytes <= mostBytes) || gone.Count == DevicesAtOnce || bytes <= fewestBytes)
                break;
            gone.Add(device);
            bytes -= entry.Bytes;
        }
        return gone;
    }

    /// <summary>
    /// In powers of two: what it moved, for how long it was seen, and whether it has a name, against what its documents take.
    /// </summary>
    private static int Worth(in Entry entry)
    {
        long hours = Math.Clamp((entry.LastNs - entry.FirstNs) / (60 * PacketTime.NanosecondsPerMinute), 0, LongestHours);
        return Log2(entry.TrafficBytes) + Log2(hours) + (entry.IsNamed ? NameWorth : 0) - Log2(entry.Bytes / UsualBytes);
    }

    /// <summary>Addresses and numbers take more as text and elements of a list (BSON 1.1) than in memory.</summary>
    private static long BytesOf(DeviceRecord device) =>
        RecordWeight.Of(device) + device.Addresses.Count * AddressBytes + device.DhcpParameters.Count * NumberBytes;

    private static int Log2(long value) => BitOperations.Log2((ulong)Math.Max(value, 0) + 1);

    private void RemoveIfEmpty(string device, in Entry entry)
    {
        if (!entry.HasRecord && entry.ContactBytes <= 0)
            _devices.Remove(device);
    }
}
