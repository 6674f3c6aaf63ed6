using System.Runtime.InteropServices;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// Batches of one run, added up, on their way to the next commit. The writer's thread alone touches it. The queue that
/// feeds it keeps it bounded (<see cref="MemoryBudget.RecordBytes"/>).
/// </summary>
internal sealed class PendingRecords
{
    /// <summary>The longest identifier of a device: LiteDB's keys end at 1,023 bytes.</summary>
    private const int MaxKeyCharacters = 255;

    /// <summary>The longest name of a host, and all that a device says of itself; the analysis keeps less.</summary>
    private const int MaxTextCharacters = 4_096;

    private readonly Dictionary<(string Device, string Host), ContactRecord> _contacts = [];
    private readonly Dictionary<(long MinuteNs, string Device), MinuteRecord> _minutes = [];
    private readonly Dictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
    private long _totalsBytes;
    private long _added;
    private LeftOut _leftOut;

    /// <summary>What is pending of contacts, minutes and devices; it holds until the next batch.</summary>
    public TotalsPart Totals => new(_contacts.Values, _minutes.Values, _devices.Values);

    public RowIntake<FlowRecord> Flows { get; } = new(new FlowBlock());

    public RowIntake<NameLookup> Lookups { get; } = new(new LookupBlock());

    public IReadOnlyList<SourceCounters> Sources { get; private set; } = [];

    public IReadOnlyList<LossCounter> Losses { get; private set; } = [];

    public IReadOnlyList<RejectRecord> Rejects { get; private set; } = [];

    /// <summary>Bytes of the blocks that are ready to be stored.</summary>
    public long ReadyBytes => Flows.ReadyBytes + Lookups.ReadyBytes;

    /// <summary>Bytes of what is pending and stays so until a commit: totals, and states for the journal.</summary>
    public long StateBytes => Flows.StateBytes + Lookups.StateBytes + _totalsBytes;

    /// <summary>Bytes of all that is pending, by <see cref="RecordWeight"/> what is not in blocks yet.</summary>
    public long Bytes => ReadyBytes + Flows.RecordBytes + Lookups.RecordBytes + _totalsBytes;

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
        _leftOut = default;
        Discarded = 0;
    }

    /// <summary>Records that were taken, and are left out now because no store takes them.</summary>
    public void NoteDiscarded(long records) => Discarded += records;

    public static long CountOf(RecordBatch batch) =>
        batch.Flows.Count + batch.Lookups.Count + batch.Contacts.Count + batch.Minutes.Count + batch.Devices.Count;

    /// <summary>Gives up what is pending, and counts it; with counters that may be what was refused.</summary>
    public void Discard()
    {
        Discarded += _added;
        Sources = [];
        Rejects = [];
        Clear();
    }

    public void Add(RecordBatch batch)
    {
        IsEmpty = false;
        _added += CountOf(batch);
        foreach (FlowRecord flow in batch.Flows)
            Flows.Add(flow);
        foreach (NameLookup lookup in batch.Lookups)
            Lookups.Add(lookup);
        foreach (ContactRecord contact in batch.Contacts)
        {
            JoinIf(FitsKey(contact.Device) && contact.Host.Length <= MaxTextCharacters, _contacts, (contact.Device, contact.Host), contact,
                static (earlier, later) => earlier.Join(later), RecordWeight.Of);
        }
        foreach (MinuteRecord minute in batch.Minutes)
        {
            JoinIf(FitsKey(minute.Device), _minutes, (minute.MinuteNs, minute.Device), minute,
                static (earlier, later) => earlier.Plus(later), static _ => RecordWeight.OfMinute);
        }
        foreach (DeviceRecord device in batch.Devices)
            JoinIf(Fits(device), _devices, device.Id, device, Merge.Join, RecordWeight.Of);
        if (batch.Sources.Count > 0)
            Sources = batch.Sources;
        if (batch.Losses.Count > 0)
            Losses = batch.Losses;
        if (batch.Rejects.Count > 0)
            Rejects = batch.Rejects;
    }

    /// <summary>After a commit or a fold: what had no place by itself, or not whole.</summary>
    public void NoteLeftOut(LeftOut leftOut) => _leftOut += leftOut;

    /// <summary>Records that were lost for want of room, or refused, since the run began.</summary>
    public long Lost(long lostOnTheWay) => lostOnTheWay + Discarded;

    /// <summary>The run's losses with the store's own; those of a commit under way besides.</summary>
    public IReadOnlyList<LossCounter> AllLosses(long lostOnTheWay, LeftOut leftOut = default)
    {
        leftOut += _leftOut;
        List<LossCounter> losses = [.. Losses];
        AddLoss(losses, "store-devices-folded", leftOut.Devices);
        AddLoss(losses, "store-hours-lost", leftOut.Hours);
        AddLoss(losses, "store-totals-folded", leftOut.Totals);
        AddLoss(losses, "store-records-shortened", Flows.Shortened + Lookups.Shortened + leftOut.Shortened);
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
        _totalsBytes = 0;
        _added = 0;
        IsEmpty = true;
    }

    private static void AddLoss(List<LossCounter> losses, string name, long count)
    {
        if (count > 0)
            losses.Add(new LossCounter(name, count));
    }

    private static bool FitsKey(string key) => key.Length <= MaxKeyCharacters;

    private static bool Fits(DeviceRecord device) => FitsKey(device.Id)
        && (device.DhcpName?.Length ?? 0) + (device.DhcpVendorClass?.Length ?? 0) + (device.MdnsName?.Length ?? 0)
        + (device.NetBiosName?.Length ?? 0) + device.DhcpParameters.Count <= MaxTextCharacters;

    /// <summary>What no document could hold must not get as far as the journal: it would be in the way of each fold.</summary>
    private void JoinIf<TKey, TValue>(
        bool fits, Dictionary<TKey, TValue> sums, TKey key, TValue value, Func<TValue, TValue, TValue> join, Func<TValue, int> weightOf)
        where TKey : notnull
    {
        if (!fits)
        {
            Discarded++;
            return;
        }
        ref TValue? sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out bool isKnown);
        _totalsBytes -= isKnown ? weightOf(sum!) : 0;
        sum = isKnown ? join(sum!, value) : value;
        _totalsBytes += weightOf(sum);
    }
}
