using System.Runtime.CompilerServices;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis;

/// <summary>
/// Rolls flows up into device x host. A flow's share is booked when a state of it is handed on; where it got another name or
/// verdict since, the old share is taken back from where it was.
/// </summary>
internal sealed class ContactLedger
{
    private sealed class Entry
    {
        public long Flows, Encrypted, Readable, Opaque, PacketsUp, PacketsDown, BytesUp, BytesDown, FirstNs, LastNs;
    }

    private readonly Dictionary<ContactKey, Entry> _entries = [];
    private readonly List<ContactKey> _order = [];

    /// <summary>Books the state of a flow.</summary>
    public void Book(Flow flow, FlowRecord record)
    {
        bool isOutgoing = flow.ClientIsLow == flow.DeviceIsLow;
        string host = isOutgoing && record.Host is not null ? record.Host : flow.PeerText();
        HostSource source = isOutgoing && record.Host is not null ? record.HostSource : HostSource.None;
        ref ContactShare share = ref flow.Share;
        if (share.Host is not null && (share.Host != host || share.HostSource != source || share.Device != flow.Device || record.IsReduced))
        {
            Entry old = Get(share.Device!, share.Host, share.HostSource);
            Add(old, share, -1);
            Stretch(old, record);
            share = default;
        }
        if (record.IsReduced)
            return;
        Entry entry = Get(flow.Device, host, source);
        if (share.Host is not null)
            Add(entry, share, -1);
        share = new ContactShare
        {
            Device = flow.Device,
            Host = host,
            HostSource = source,
            Verdict = record.Verdict,
            PacketsUp = isOutgoing ? record.PacketsUp : record.PacketsDown,
            PacketsDown = isOutgoing ? record.PacketsDown : record.PacketsUp,
            BytesUp = isOutgoing ? record.BytesUp : record.BytesDown,
            BytesDown = isOutgoing ? record.BytesDown : record.BytesUp,
        };
        Add(entry, share, 1);
        Stretch(entry, record);
    }

    /// <summary>What came on top since the call before, in order of first mention.</summary>
    public List<ContactRecord> Take()
    {
        var records = new List<ContactRecord>(_order.Count);
        foreach (ContactKey key in _order)
        {
            Entry entry = _entries[key];
            records.Add(new ContactRecord
            {
                Device = key.Device.Id,
                Host = key.Host,
                HostSource = key.Source,
                Flows = entry.Flows,
                FlowsEncrypted = entry.Encrypted,
                FlowsReadable = entry.Readable,
                FlowsOpaque = entry.Opaque,
                PacketsUp = entry.PacketsUp,
                PacketsDown = entry.PacketsDown,
                BytesUp = entry.BytesUp,
                BytesDown = entry.BytesDown,
                FirstSeenNs = entry.FirstNs,
                LastSeenNs = entry.LastNs,
            });
        }
        _entries.Clear();
        _order.Clear();
        return records;
    }

    private static void Add(Entry entry, in ContactShare share, int sign)
    {
        entry.Flows += sign;
        entry.Encrypted += share.Verdict == Verdict.Encrypted ? sign : 0;
        entry.Readable += share.Verdict == Verdict.Readable ? sign : 0;
        entry.Opaque += share.Verdict == Verdict.Opaque ? sign : 0;
        entry.PacketsUp += sign * share.PacketsUp;
        entry.PacketsDown += sign * share.PacketsDown;
        entry.BytesUp += sign * share.BytesUp;
        entry.BytesDown += sign * share.BytesDown;
    }

    private static void Stretch(Entry entry, FlowRecord record)
    {
        entry.FirstNs = Math.Min(entry.FirstNs, record.StartNs);
        entry.LastNs = Math.Max(entry.LastNs, record.EndNs);
    }

    private Entry Get(Device device, string host, HostSource source)
    {
        var key = new ContactKey(device, host, source);
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = new Entry { FirstNs = long.MaxValue, LastNs = long.MinValue };
            _entries.Add(key, entry);
            _order.Add(key);
        }
        return entry;
    }

    private readonly struct ContactKey(Device device, string host, HostSource source) : IEquatable<ContactKey>
    {
        public Device Device { get; } = device;

        public string Host { get; } = host;

        public HostSource Source { get; } = source;

        public bool Equals(ContactKey other) => Device == other.Device && Source == other.Source && Host == other.Host;

        public override bool Equals(object? obj) => obj is ContactKey other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Device), Host.GetHashCode(StringComparison.Ordinal), (int)Source);
    }
}
