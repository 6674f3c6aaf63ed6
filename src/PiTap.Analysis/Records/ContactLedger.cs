using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Records;

/// <summary>
/// Rolls flows up into device x host. A flow's share is booked when a state of it is handed on; if it got another name or
/// verdict since, the old share is taken back from where it was.
/// </summary>
internal sealed class ContactLedger
{
    private struct Entry
    {
        public ContactKey Key;
        public long Flows, Encrypted, Readable, Opaque, PacketsUp, PacketsDown, BytesUp, BytesDown, FirstNs, LastNs;
        public ulong AppProtos;
        public List<ContactAddress> Addresses;
        public IReadOnlyList<string>? Aliases;
    }

    /// <summary>Where each contact stands in <see cref="_entries"/>, which is in order of first mention.</summary>
    private readonly Dictionary<ContactKey, int> _places = [];
    private Entry[] _entries = new Entry[256];
    private int _count;

    /// <summary>Books the state of a flow.</summary>
    public void Book(Flow flow, FlowRecord record)
    {
        bool isOutgoing = flow.ClientIsLow == flow.DeviceIsLow;
        string host = isOutgoing && record.Host is not null ? record.Host : flow.PeerText();
        HostSource source = isOutgoing && record.Host is not null ? record.HostSource : HostSource.None;
        ref ContactShare share = ref flow.Share;
        Device device = flow.Device.Booked;
        if (share.Host is not null && (share.Host != host || share.HostSource != source || share.Device != device || record.IsReduced))
        {
            ref Entry old = ref Get(share.Device!, share.Host, share.HostSource);
            Add(ref old, share, -1);
            Stretch(ref old, record);
            share = default;
        }
        if (record.IsReduced)
            return;
        ref Entry entry = ref Get(device, host, source);
        if (share.Host is not null)
            Add(ref entry, share, -1);
        share = new ContactShare
        {
            Device = device,
            Host = host,
            HostSource = source,
            Address = flow.Peer,
            Verdict = record.Verdict,
            PacketsUp = isOutgoing ? record.PacketsUp : record.PacketsDown,
            PacketsDown = isOutgoing ? record.PacketsDown : record.PacketsUp,
            BytesUp = isOutgoing ? record.BytesUp : record.BytesDown,
            BytesDown = isOutgoing ? record.BytesDown : record.BytesUp,
        };
        Add(ref entry, share, 1);
        Stretch(ref entry, record);
        if (record.HostAliases.Count > 0 && share.HostSource != HostSource.None)
            entry.Aliases ??= ContactAliases.Of(record.HostAliases);
        if (record.AppProto != AppProtocol.Unknown)
            entry.AppProtos |= 1UL << (int)record.AppProto;
    }

    /// <summary>What came on top since the call before, in order of first mention.</summary>
    public List<ContactRecord> Take()
    {
        var records = new List<ContactRecord>(_count);
        foreach (ref readonly Entry entry in _entries.AsSpan(0, _count))
        {
            records.Add(new ContactRecord
            {
                Device = entry.Key.Device.Id,
                Host = entry.Key.Host,
                HostSource = entry.Key.Source,
                Flows = entry.Flows,
                FlowsEncrypted = entry.Encrypted,
                FlowsReadable = entry.Readable,
                FlowsOpaque = entry.Opaque,
                AppProtos = entry.AppProtos,
                PacketsUp = entry.PacketsUp,
                PacketsDown = entry.PacketsDown,
                BytesUp = entry.BytesUp,
                BytesDown = entry.BytesDown,
                FirstSeenNs = entry.FirstNs,
                LastSeenNs = entry.LastNs,
                Addresses = entry.Addresses,
                Aliases = entry.Aliases ?? [],
            });
        }
        _places.Clear();
        Array.Clear(_entries, 0, _count);
        _count = 0;
        return records;
    }

    /// <summary>Drops what of a device is pending, and of other devices the contacts that are it.</summary>
    public void Forget(Device? device, DeviceTraces traces)
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            ContactKey key = _entries[i].Key;
            if (key.Device == device || traces.IsIn(key.Host, _entries[i].Aliases ?? []))
            {
                _places.Remove(key);
                continue;
            }
            _entries[i].Addresses.RemoveAll(entry => traces.IsAddress(entry.Address));
            _entries[kept] = _entries[i];
            _places[key] = kept++;
        }
        Array.Clear(_entries, kept, _count - kept);
        _count = kept;
    }

    private static void Add(ref Entry entry, in ContactShare share, int sign)
    {
        entry.Flows += sign;
        entry.Encrypted += share.Verdict == Verdict.Encrypted ? sign : 0;
        entry.Readable += share.Verdict == Verdict.Readable ? sign : 0;
        entry.Opaque += share.Verdict == Verdict.Opaque ? sign : 0;
        entry.PacketsUp += sign * share.PacketsUp;
        entry.PacketsDown += sign * share.PacketsDown;
        entry.BytesUp += sign * share.BytesUp;
        entry.BytesDown += sign * share.BytesDown;
        ContactAddresses.AddTo(entry.Addresses, share.Address, sign * (share.BytesUp + share.BytesDown));
    }

    private static void Stretch(ref Entry entry, FlowRecord record)
    {
        entry.FirstNs = Math.Min(entry.FirstNs, record.StartNs);
        entry.LastNs = Math.Max(entry.LastNs, record.EndNs);
    }

    private ref Entry Get(Device device, string host, HostSource source)
    {
        var key = new ContactKey(device, host, source);
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, key, out bool isKnown);
        if (!isKnown)
        {
            if (_count == _entries.Length)
                Array.Resize(ref _entries, 2 * _count);
            place = _count++;
            _entries[place] = new Entry
            {
                Key = key,
                FirstNs = long.MaxValue,
                LastNs = long.MinValue,
                Addresses = new List<ContactAddress>(1),
            };
        }
        return ref _entries[place];
    }

    private readonly struct ContactKey(Device device, string host, HostSource source) : IEquatable<ContactKey>
    {
        public Device Device { get; } = device;

        public string Host { get; } = host;

        public HostSource Source { get; } = source;

        public bool Equals(ContactKey other) => Device == other.Device && Source == other.Source && Host == other.Host;

        public override bool Equals(object? obj) => obj is ContactKey other && Equals(other);

        public override int GetHashCode() =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(Device), Host.GetHashCode(StringComparison.Ordinal), (int)Source);
    }
}
