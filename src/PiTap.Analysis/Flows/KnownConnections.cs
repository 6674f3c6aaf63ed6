using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>What is kept of a connection beyond its flow.</summary>
/// <param name="Facts">What is known of it; a copy of its own.</param>
/// <param name="ClientIsLow">Who opened it.</param>
/// <param name="AreRolesSure">True if the side that opened it was seen doing so.</param>
/// <param name="DeviceIsLow">Which side is the device.</param>
/// <param name="DeviceMac">The device's side on the link.</param>
internal readonly record struct KnownConnection(
    FlowFacts Facts, bool ClientIsLow, bool AreRolesSure, bool DeviceIsLow, MacAddress DeviceMac)
{
    /// <summary>What is known of a flow's connection now.</summary>
    public static KnownConnection Of(Flow flow) =>
        new(flow.Facts.Copy(), flow.ClientIsLow, flow.AreRolesSure, flow.DeviceIsLow, flow.DeviceMac);
}

/// <summary>
/// What is known of connections that may go on in another flow, by what they are recognised by. Bounded by its bytes; of a device that
/// fills the table its own oldest go first.
/// </summary>
internal sealed class KnownConnections<TKey>(EngineClock clock, Losses losses, IEqualityComparer<TKey> comparer)
    where TKey : struct
{
    /// <summary>How long a silent connection may still be open: as long as gateways keep it (RFC 5382 section 5, REQ-5).</summary>
    private const long MaxSilenceNs = (2 * 60 + 4) * PacketTime.NanosecondsPerMinute;

    /// <summary>An entry in both lists without the facts, in bytes.</summary>
    private const int EntryBytes = 256;

    private sealed class Entry(TKey key, in KnownConnection connection, long seenNs)
    {
        public readonly TKey Key = key;
        public readonly long SeenNs = seenNs;
        public readonly int FactBytes = connection.Facts.HeldBytes;

        /// <summary>Null once it went on, or was kept anew.</summary>
        public KnownConnection? Connection = connection;
    }

    private readonly Dictionary<TKey, Entry> _entries = new(comparer);
    private readonly FairQueue<Entry> _byAge = new();
    private int _bytes;

    /// <summary>Keeps what is known of a connection, in place of what was kept of it before.</summary>
    /// <param name="key">What it is recognised by.</param>
    /// <param name="device">Whose it is.</param>
    /// <param name="connection">What is known of it.</param>
    /// <param name="seenNs">Engine time of its last packet.</param>
    public void Keep(in TKey key, Device device, in KnownConnection connection, long seenNs)
    {
        Remove(key);
        var entry = new Entry(key, connection, seenNs);
        _entries.Add(key, entry);
        _byAge.Add(entry, device);
        _bytes += EntryBytes + entry.FactBytes;
        while (_byAge.TryPeek(out Entry? oldest) && (oldest.Connection is null || IsOver(oldest)))
            Drop(_byAge.Take());
        while (_bytes > Limits.KnownConnectionBytes)
        {
            Entry evicted = _byAge.TakeLeastUseful();
            if (evicted.Connection is not null)
                losses.Count(Losses.ConnectionsEvicted);
            Drop(evicted);
        }
    }

    /// <summary>What is known of a connection; false if nothing is.</summary>
    public bool TryGet(in TKey key, out KnownConnection connection)
    {
        connection = default;
        if (!_entries.TryGetValue(key, out Entry? entry) || IsOver(entry))
            return false;
        connection = entry.Connection!.Value;
        return true;
    }

    /// <summary>The connection goes on, or is over.</summary>
    public void Remove(in TKey key)
    {
        if (!_entries.Remove(key, out Entry? entry))
            return;
        entry.Connection = null;
        _bytes -= entry.FactBytes;
    }

    /// <summary>Forgets what fulfils a condition, by whose it is, what it is recognised by and what is known.</summary>
    public void Forget(Func<Device, TKey, FlowFacts, bool> condition) =>
        _byAge.RemoveWhere((entry, owner) => entry.Connection is KnownConnection known && condition(owner, entry.Key, known.Facts), Drop);

    private bool IsOver(Entry entry) => clock.NowNs - entry.SeenNs > MaxSilenceNs;

    private void Drop(Entry entry)
    {
        if (entry.Connection is not null)
            Remove(entry.Key);
        _bytes -= EntryBytes;
    }
}
