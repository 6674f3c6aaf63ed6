using System.Runtime.InteropServices;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>
/// Adds batches up to what the run looks like now. Belongs to the analysis thread. Bounded: where there is no room, what was silent for
/// longest gives way and is counted, but for the contacts with the most bytes; the store has it.
/// </summary>
/// <param name="who">Says who a contact is; null tells of no parties.</param>
internal sealed class LiveFold(Func<ContactRecord, ContactRecord>? who = null)
{
    /// <summary>Contacts kept.</summary>
    public const int MaxContacts = 4_096;

    /// <summary>Characters that the hosts of all contacts and their aliases hold in total.</summary>
    public const int MaxHostCharacters = 256 * 1024;

    /// <summary>Devices kept.</summary>
    public const int MaxDevices = 1_024;

    private readonly Dictionary<(string Device, string Host), ContactRow> _contacts = [];
    private readonly PartyFold? _parties = who is null ? null : new PartyFold(who);
    private readonly Dictionary<string, DeviceRow> _devices = new(StringComparer.Ordinal);
    private RateMeter _up, _down;
    private int _hostCharacters;
    private long _contactsEvicted;
    private long _devicesEvicted;
    private IReadOnlyList<SourceCounters> _sources = [];
    private IReadOnlyList<LossCounter> _losses = [];

    /// <summary>Takes a batch in.</summary>
    public FoldOutcome Fold(RecordBatch batch, long nowNs)
    {
        bool hasNew = false;
        bool hasChanged = batch.Flows.Count + batch.Devices.Count + batch.Contacts.Count + batch.Minutes.Count > 0;
        foreach (DeviceRecord device in batch.Devices)
            hasNew |= Add(device, nowNs);
        hasNew |= Add(batch.Contacts, nowNs);
        foreach (MinuteRecord minute in batch.Minutes)
            Add(minute, nowNs);
        if (batch.Sources.Count > 0 && !batch.Sources.SequenceEqual(_sources))
            (_sources, hasChanged) = (batch.Sources, true);
        if (batch.Losses.Count > 0 && !batch.Losses.SequenceEqual(_losses))
            (_losses, hasChanged) = (batch.Losses, true);
        return hasNew ? FoldOutcome.New : hasChanged ? FoldOutcome.Changed : FoldOutcome.Same;
    }

    /// <summary>Leaves nothing of a device but its share in the rates of all, in the rows of other devices neither.</summary>
    public void Forget(DeviceTraces traces)
    {
        foreach (string device in _devices.Keys.Where(traces.IsDevice).ToArray())
            _devices.Remove(device);
        foreach (ContactRow row in _contacts.Values.ToArray())
        {
            if (traces.IsDevice(row.Device) || traces.IsIn(row.Host, row.Aliases))
                Remove(row);
            else
                row.Forget(traces);
        }
        _parties?.Forget(traces);
        foreach (ContactRow row in _contacts.Values)
            _parties?.Place(row, row.LastNs);
    }

    /// <summary>The state as it is now, but for what only the caller knows.</summary>
    public LiveState ToState(long nowNs) => new()
    {
        UptimeNs = nowNs,
        Contacts = [.. Shown(nowNs).OrderByDescending(static row => row.FirstNs).Select(row => row.ToRecord(NameOf(row.Device), nowNs))],
        Parties = _parties is null ? [] :
        [
            .. Shown(_parties.Rows, nowNs).OrderByDescending(static row => row.FirstNs)
                .Select(row => row.ToRecord(NameOf(row.Device), nowNs)),
        ],
        Devices = [.. Highest(_devices.Values, LiveState.MaxDevices, static row => (row.LastNs, 0))
            .OrderByDescending(static row => row.LastNs).Select(row => row.ToRecord(nowNs))],
        Totals = new LiveTotals
        {
            Contacts = _contacts.Count,
            ContactsEvicted = _contactsEvicted,
            Parties = _parties?.Count ?? 0,
            PartiesEvicted = _parties?.Evicted ?? 0,
            Devices = _devices.Count,
            DevicesEvicted = _devicesEvicted,
            UpPerSecond = _up.PerSecond(nowNs),
            DownPerSecond = _down.PerSecond(nowNs),
        },
        Sources = _sources,
        Losses = _losses,
    };

    private HashSet<ContactRow> Shown(long nowNs) =>
    [
        .. Highest(_contacts.Values, LiveState.MaxNewest, static row => (row.FirstNs, 0)),
        .. Highest(_contacts.Values, LiveState.MaxBusiest, row => (row.BytesPerSecond(nowNs), row.Bytes)),
        .. Highest(_contacts.Values, LiveState.MaxLargest, static row => (row.Bytes, 0)),
    ];

    private static HashSet<PartyRow> Shown(IReadOnlyCollection<PartyRow> parties, long nowNs) =>
    [
        .. Highest(parties, LiveState.MaxParties, static row => (row.FirstNs, 0)),
        .. Highest(parties, LiveState.MaxParties, row => (row.BytesPerSecond(nowNs), row.Bytes)),
        .. Highest(parties, LiveState.MaxParties, static row => (row.Bytes, 0)),
    ];

    private static IEnumerable<T> Highest<T>(IReadOnlyCollection<T> rows, int count, Func<T, (long, long)> rank)
    {
        if (rows.Count <= count)
            return rows;
        PriorityQueue<T, (long, long)> highest = new(count + 1);
        foreach (T row in rows)
        {
            if (highest.Count < count)
                highest.Enqueue(row, rank(row));
            else
                highest.EnqueueDequeue(row, rank(row));
        }
        return highest.UnorderedItems.Select(static item => item.Element);
    }

    private string NameOf(string device) => _devices.TryGetValue(device, out DeviceRow? row) ? row.Record.DisplayName : device;

    private bool Add(DeviceRecord record, long nowNs)
    {
        if (_devices.TryGetValue(record.Id, out DeviceRow? known))
        {
            known.Record = record;
            return false;
        }
        _devices.Add(record.Id, new DeviceRow(record, nowNs));
        if (_devices.Count > MaxDevices)
        {
            // An eighth at once: looking for the oldest costs a walk through all of them.
            string[] oldest = [.. _devices.OrderBy(static pair => pair.Value.LastNs).Take(MaxDevices / 8).Select(static pair => pair.Key)];
            foreach (string id in oldest)
                _devices.Remove(id);
            _devicesEvicted += oldest.Length;
        }
        return true;
    }

    /// <summary>
    /// Adds a batch's contacts. Only then is known which are empty: of a flow that got a better name from another source, under which its
    /// host was known already, the same row loses and gains.
    /// </summary>
    private bool Add(IReadOnlyList<ContactRecord> deltas, long nowNs)
    {
        List<ContactRow> added = [], reduced = [];
        foreach (ContactRecord delta in deltas)
        {
            ref ContactRow? row = ref CollectionsMarshal.GetValueRefOrAddDefault(_contacts, (delta.Device, delta.Host), out bool isKnown);
            row ??= new ContactRow(delta.Device, delta.Host, nowNs);
            _hostCharacters -= isKnown ? row.Characters : 0;
            row.Add(delta, nowNs);
            _hostCharacters += row.Characters;
            if (!isKnown)
                added.Add(row);
            if (delta.Flows < 0)
                reduced.Add(row);
        }
        // Their flows got a better name, or they had given way before.
        HashSet<ContactRow> emptied = [.. reduced.Where(static row => row.IsEmpty)];
        foreach (ContactRow row in emptied)
            Remove(row);
        bool hasNew = added.Exists(row => !emptied.Contains(row));
        Place(deltas, nowNs);
        while (_contacts.Count > MaxContacts || _hostCharacters > MaxHostCharacters)
            EvictContacts();
        return hasNew;
    }

    private void Place(IReadOnlyList<ContactRecord> deltas, long nowNs)
    {
        if (_parties is null)
            return;
        foreach (ContactRecord delta in deltas)
        {
            if (_contacts.TryGetValue((delta.Device, delta.Host), out ContactRow? row))
                _parties.Place(row, nowNs);
        }
    }

    private void Add(in MinuteRecord delta, long nowNs)
    {
        _up.Add(delta.BytesUp, nowNs);
        _down.Add(delta.BytesDown, nowNs);
        if (_devices.TryGetValue(delta.Device, out DeviceRow? row))
            row.Add(delta, nowNs);
    }

    private void EvictContacts()
    {
        // The largest stay, however silent, unless there are no others: then it is their names that are too long.
        HashSet<ContactRow> largest = _contacts.Count > LiveState.MaxLargest
            ? [.. Highest(_contacts.Values, LiveState.MaxLargest, static row => (row.Bytes, row.LastNs))]
            : [];
        ContactRow[] oldest =
        [
            .. _contacts.Values.Where(row => !largest.Contains(row)).OrderBy(static row => row.LastNs)
                .Take(Math.Max(1, _contacts.Count / 8)),
        ];
        foreach (ContactRow row in oldest)
        {
            PartyFold.Fold(row);
            Remove(row);
        }
        _contactsEvicted += oldest.Length;
    }

    private void Remove(ContactRow row)
    {
        _parties?.Remove(row);
        _contacts.Remove((row.Device, row.Host));
        _hostCharacters -= row.Characters;
    }
}

/// <summary>What a batch meant for the state.</summary>
internal enum FoldOutcome
{
    /// <summary>Nothing.</summary>
    Same,
    /// <summary>Something that was known has moved.</summary>
    Changed,
    /// <summary>A contact or a device is there that was not.</summary>
    New,
}
