using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>Batches of one run, added up, on their way to the next commit. The writer's thread alone touches it.</summary>
internal sealed class PendingRecords
{
    /// <summary>The most contacts, device-minutes and devices that are pending, each; more are counted as lost.</summary>
    public const int MaxTotals = 65_536;

    private readonly Dictionary<(string Device, string Host), ContactRecord> _contacts = [];
    private readonly Dictionary<(long MinuteNs, string Device), MinuteRecord> _minutes = [];
    private readonly Dictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
    private long _totalsLost;
    private long _added;

    /// <summary>What is pending of contacts, minutes and devices; it holds until the next batch.</summary>
    public TotalsPart Totals => new(_contacts.Values, _minutes.Values, _devices.Values);

    public RowIntake<FlowRecord> Flows { get; } = new(new FlowBlock());

    public RowIntake<NameLookup> Lookups { get; } = new(new LookupBlock());

    public IReadOnlyList<SourceCounters> Sources { get; private set; } = [];

    public IReadOnlyList<LossCounter> Losses { get; private set; } = [];

    public IReadOnlyList<RejectRecord> Rejects { get; private set; } = [];

    /// <summary>Bytes and states that are pending, as far as they say that it is time to commit.</summary>
    public long ReadyBytes => Flows.ReadyBytes + Lookups.ReadyBytes;

    /// <summary>Contacts, device-minutes or devices that are pending, whichever are most.</summary>
    public int PendingTotals => Math.Max(_contacts.Count, Math.Max(_minutes.Count, _devices.Count));

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Records given up because no store would take them, since the run began.</summary>
    public long Discarded { get; private set; }

    public void BeginRun(int run, bool isLive)
    {
        Flows.BeginRun(run, isLive);
        Lookups.BeginRun(run, isLive);
        Sources = [];
        Losses = [];
        Rejects = [];
        _totalsLost = 0;
        Discarded = 0;
    }

    /// <summary>Gives up what is pending, and counts it.</summary>
    public void Discard()
    {
        Discarded += _added;
        Clear();
    }

    public void Add(RecordBatch batch)
    {
        IsEmpty = false;
        _added += batch.Flows.Count + batch.Lookups.Count + batch.Contacts.Count + batch.Minutes.Count + batch.Devices.Count;
        foreach (FlowRecord flow in batch.Flows)
            Flows.Add(flow);
        foreach (NameLookup lookup in batch.Lookups)
            Lookups.Add(lookup);
        foreach (ContactRecord contact in batch.Contacts)
            Join(_contacts, (contact.Device, contact.Host), contact, static (earlier, later) => earlier.Join(later));
        foreach (MinuteRecord minute in batch.Minutes)
            Join(_minutes, (minute.MinuteNs, minute.Device), minute, Merge.Add);
        foreach (DeviceRecord device in batch.Devices)
            Join(_devices, device.Id, device, Merge.Join);
        if (batch.Sources.Count > 0)
            Sources = batch.Sources;
        if (batch.Losses.Count > 0)
            Losses = batch.Losses;
        if (batch.Rejects.Count > 0)
            Rejects = batch.Rejects;
    }

    /// <summary>The run's losses with the store's own.</summary>
    public IReadOnlyList<LossCounter> AllLosses(long lostOnTheWay)
    {
        List<LossCounter> losses = [.. Losses];
        AddLoss(losses, "store-flows-lost", Flows.Lost);
        AddLoss(losses, "store-lookups-lost", Lookups.Lost);
        AddLoss(losses, "store-totals-lost", _totalsLost);
        AddLoss(losses, "store-rows-lost", lostOnTheWay);
        AddLoss(losses, "store-records-discarded", Discarded);
        return losses;
    }

    /// <summary>After the commit. Counters are cumulative and stay.</summary>
    public void Clear()
    {
        Flows.Clear();
        Lookups.Clear();
        _contacts.Clear();
        _minutes.Clear();
        _devices.Clear();
        _added = 0;
        IsEmpty = true;
    }

    private static void AddLoss(List<LossCounter> losses, string name, long count)
    {
        if (count > 0)
            losses.Add(new LossCounter(name, count));
    }

    private void Join<TKey, TValue>(Dictionary<TKey, TValue> sums, TKey key, TValue value, Func<TValue, TValue, TValue> join)
        where TKey : notnull
    {
        if (sums.TryGetValue(key, out TValue? sum))
            sums[key] = join(sum, value);
        else if (sums.Count < MaxTotals)
            sums.Add(key, value);
        else
            _totalsLost++;
    }
}
