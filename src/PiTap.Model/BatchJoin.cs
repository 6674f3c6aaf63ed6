using System.Runtime.InteropServices;

namespace PiTap.Model;

/// <summary>
/// Makes one batch of several that follow each other: states of the same flow, lookup or device become one, and what contacts and minutes
/// got on top is added up. Whoever adds to it keeps it bounded, by <see cref="Bytes"/> and <see cref="Shed"/>.
/// </summary>
public sealed class BatchJoin
{
    private readonly Dictionary<long, FlowRecord> _flows = [];
    private readonly Dictionary<long, NameLookup> _lookups = [];
    private readonly Dictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Device, string Host), ContactRecord> _contacts = [];
    private readonly Dictionary<(long MinuteNs, string Device), MinuteRecord> _minutes = [];
    private IReadOnlyList<SourceCounters> _sources = [];
    private IReadOnlyList<LossCounter> _losses = [];
    private IReadOnlyList<RejectRecord> _rejects = [];

    /// <summary>True if a batch in it has news (<see cref="RecordBatch.HasNews"/>).</summary>
    public bool HasNews { get; private set; }

    /// <summary>What its records hold of memory, by <see cref="RecordWeight"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes in the batch that follows.</summary>
    public void Add(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        HasNews |= batch.HasNews;
        foreach (FlowRecord flow in batch.Flows)
            Set(_flows, flow.Sequence, flow, RecordWeight.Of);
        foreach (NameLookup lookup in batch.Lookups)
            Set(_lookups, lookup.Sequence, lookup, RecordWeight.Of);
        foreach (DeviceRecord device in batch.Devices)
            Set(_devices, device.Id, device, RecordWeight.Of);
        foreach (ContactRecord contact in batch.Contacts)
            Add(contact);
        foreach (MinuteRecord minute in batch.Minutes)
            Add(minute);
        _sources = batch.Sources.Count > 0 ? batch.Sources : _sources;
        _losses = batch.Losses.Count > 0 ? batch.Losses : _losses;
        _rejects = batch.Rejects.Count > 0 ? batch.Rejects : _rejects;
    }

    /// <summary>
    /// Drops records until no more than so many bytes are left, the least useful first and of these the oldest: questions without an
    /// answer and flows without a name that nobody answered; other flows without a name; other lookups; other flows. What contacts,
    /// minutes and devices got on top are sums that nothing else has: they go last. Returns how many records that were.
    /// </summary>
    public long Shed(long mostBytes)
    {
        long dropped = Drop(_lookups, mostBytes, static lookup => lookup.ResponseCode is null, RecordWeight.Of)
            + Drop(_flows, mostBytes, static flow => flow.Host is null && (flow.PacketsUp == 0 || flow.PacketsDown == 0), RecordWeight.Of)
            + Drop(_flows, mostBytes, static flow => flow.Host is null, RecordWeight.Of)
            + Drop(_lookups, mostBytes, static _ => true, RecordWeight.Of)
            + Drop(_flows, mostBytes, static _ => true, RecordWeight.Of)
            + Drop(_contacts, mostBytes, static contact => contact.HostSource == HostSource.None, RecordWeight.Of)
            + Drop(_contacts, mostBytes, static _ => true, RecordWeight.Of)
            + Drop(_minutes, mostBytes, static _ => true, static _ => RecordWeight.OfMinute)
            + Drop(_devices, mostBytes, static _ => true, RecordWeight.Of);
        return dropped;
    }

    /// <summary>All of it as one batch; what follows begins anew, but for the counters, which are cumulative.</summary>
    public RecordBatch Take()
    {
        RecordBatch batch = new()
        {
            Flows = [.. _flows.Values],
            Lookups = [.. _lookups.Values],
            Devices = [.. _devices.Values],
            Contacts = [.. _contacts.Values],
            Minutes = [.. _minutes.Values],
            Sources = _sources,
            Losses = _losses,
            Rejects = _rejects,
            HasNews = HasNews,
        };
        _flows.Clear();
        _lookups.Clear();
        _devices.Clear();
        _contacts.Clear();
        _minutes.Clear();
        Bytes = 0;
        HasNews = false;
        return batch;
    }

    private void Add(ContactRecord contact)
    {
        (string, string) key = (contact.Device, contact.Host);
        ref ContactRecord? sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_contacts, key, out bool isKnown);
        Bytes -= isKnown ? RecordWeight.Of(sum!) : 0;
        sum = isKnown ? sum!.Join(contact) : contact;
        Bytes += RecordWeight.Of(sum);
    }

    private void Add(in MinuteRecord minute)
    {
        (long, string) key = (minute.MinuteNs, minute.Device);
        ref MinuteRecord sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_minutes, key, out bool isKnown);
        sum = isKnown ? sum.Plus(minute) : minute;
        Bytes += isKnown ? 0 : RecordWeight.OfMinute;
    }

    private void Set<TKey, TRecord>(Dictionary<TKey, TRecord> states, TKey key, TRecord state, Func<TRecord, int> weightOf)
        where TKey : notnull
        where TRecord : class
    {
        ref TRecord? place = ref CollectionsMarshal.GetValueRefOrAddDefault(states, key, out bool isKnown);
        Bytes += weightOf(state) - (isKnown ? weightOf(place!) : 0);
        place = state;
    }

    private long Drop<TKey, TRecord>(
        Dictionary<TKey, TRecord> records, long mostBytes, Predicate<TRecord> isOfKind, Func<TRecord, int> weightOf)
        where TKey : notnull
    {
        if (Bytes <= mostBytes)
            return 0;
        long dropped = 0;
        foreach ((TKey key, TRecord record) in records)
        {
            if (Bytes <= mostBytes)
                break;
            if (!isOfKind(record))
                continue;
            // A table may lose entries while it is walked through.
            records.Remove(key);
            Bytes -= weightOf(record);
            dropped++;
        }
        return dropped;
    }
}
