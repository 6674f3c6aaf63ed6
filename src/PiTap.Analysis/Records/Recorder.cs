using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;

namespace PiTap.Analysis.Records;

/// <summary>Gathers records for the next flush.</summary>
internal sealed class Recorder(DeviceTable devices, FoundLookups lookups, Losses losses)
{
    private const int CharactersPerRecord = 1_024;

    private readonly ContactLedger _contacts = new();

    // A flow that ended leaves its place empty: what is pending must not hold it in memory.
    private readonly List<Flow?> _dirty = [];
    private List<FlowRecord> _flows = [];
    private List<MinuteRecord> _minutes = [];
    private long _flowCharacters;
    private bool _hasNews;

    // Kinds of losses that were there at the last flush.
    private long _lossKinds;

    /// <summary>A record with much in it counts as several: what is pending holds memory.</summary>
    public int PendingRecords =>
        _flows.Count + lookups.Count + _minutes.Count + devices.EvictedCount
        + (int)((_flowCharacters + lookups.Characters) / CharactersPerRecord);

    /// <summary>Open flows of which a state is due, about.</summary>
    public int DirtyFlows => _dirty.Count;

    public void MarkDirty(Flow flow)
    {
        _dirty.Add(flow);
        flow.DirtyPlace = _dirty.Count;
    }

    /// <summary>Records the states of open flows that changed.</summary>
    public void RecordDirty()
    {
        foreach (Flow? flow in _dirty)
        {
            if (flow is not null && !flow.Device.IsAwaited)
                Record(flow, FlowEnd.Open);
        }
        ClearDirty();
    }

    /// <summary>Records a flow that ended.</summary>
    public void RecordEnd(Flow flow, FlowEnd end)
    {
        Record(flow, end);
        _flowCharacters += flow.Facts.Characters;
    }

    /// <summary>A flow ended, with a record or without: no state of it is due any more.</summary>
    public void Leave(Flow flow)
    {
        if (!flow.IsDirty)
            return;
        _dirty[flow.DirtyPlace - 1] = null;
        flow.DirtyPlace = Flow.NotDirty;
    }

    /// <summary>Books what a device moved in the minute that it was last seen in.</summary>
    public void CloseMinute(Device device)
    {
        if (device.HasTraffic)
            _minutes.Add(device.TakeMinute());
    }

    /// <summary>Drops what of a device is pending; <paramref name="device"/> is null if it is not among those of the run.</summary>
    public void Forget(Device? device, DeviceTraces traces)
    {
        _flows.RemoveAll(traces.IsIn);
        _minutes.RemoveAll(minute => traces.IsDevice(minute.Device));
        lookups.Forget(traces);
        _contacts.Forget(device, traces);
    }

    /// <summary>Hands over all records and begins anew; at the end also what a device's MAC was awaited for.</summary>
    public RecordBatch Take(IReadOnlyList<SourceTotals> sources, bool isEnd)
    {
        ClearDirty();
        var changed = new List<DeviceRecord>();
        foreach (Device device in devices.TakeEvicted().Concat(devices.Known))
        {
            if (device.IsAwaited && !isEnd && !device.IsForgotten)
                continue;
            CloseMinute(device);
            _hasNews |= device.HasNews;
            if (device.IsChanged)
                changed.Add(device.TakeRecord());
            if (device.IsForgotten)
                device.Empty();
        }
        CloseMinute(devices.None);
        SourceCounters[] counters = [.. sources.Select(static source => source.ToRecord())];
        List<LossCounter> lost = losses.ToList();
        List<RejectRecord> rejects = losses.Rejects.ToList();
        long lossKinds = lost.Count + rejects.Count + counters.Sum(KindsOfLoss);
        var batch = new RecordBatch
        {
            Flows = _flows,
            HasNews = _hasNews || lookups.Count > 0 || lossKinds > _lossKinds,
            Lookups = lookups.Take(),
            Devices = changed,
            Contacts = _contacts.Take(),
            Minutes = _minutes,
            Sources = counters,
            Losses = lost,
            Rejects = rejects,
        };
        _lossKinds = Math.Max(_lossKinds, lossKinds);
        _hasNews = false;
        _flows = [];
        _minutes = [];
        _flowCharacters = 0;
        return batch;
    }

    /// <summary>Each time that an interface goes away is told at once.</summary>
    private static long KindsOfLoss(SourceCounters source) => source.Interruptions + (source.DroppedByKernel > 0 ? 1 : 0)
        + (source.DroppedByInterface > 0 ? 1 : 0) + (source.DroppedByRing > 0 ? 1 : 0);

    /// <summary>Those of a device whose MAC is awaited stay due.</summary>
    private void ClearDirty()
    {
        int kept = 0;
        for (int i = 0; i < _dirty.Count; i++)
        {
            if (_dirty[i] is not Flow flow)
                continue;
            bool isKept = flow.Device.IsAwaited;
            if (isKept)
                _dirty[kept++] = flow;
            flow.DirtyPlace = isKept ? kept : Flow.NotDirty;
        }
        _dirty.RemoveRange(kept, _dirty.Count - kept);
    }

    private void Record(Flow flow, FlowEnd end)
    {
        // A reduced flow leaves no trace but its totals; one that was stored before is taken back.
        if (flow.IsReduced && !flow.WasStored)
            return;
        FlowRecord record = FlowState.Record(flow, end);
        flow.Device.NoteReported();
        _contacts.Book(flow, record);
        _flows.Add(record);
        int facts = FlowState.FactsOf(record);
        _hasNews |= !flow.WasStored || facts != flow.StoredFacts;
        flow.StoredFacts = facts;
        flow.WasStored = !flow.IsReduced;
    }
}
