using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis;

/// <summary>Gathers records for the next flush, and keeps spent flow objects for reuse.</summary>
internal sealed class Recorder(DeviceTable devices, Losses losses)
{
    /// <summary>Spent flow objects kept.</summary>
    private const int MaxSpare = 16_384;

    private const int CharactersPerRecord = 1_024;

    private readonly ContactLedger _contacts = new();
    private readonly List<Flow> _dirty = [];
    private readonly Stack<Flow> _spare = new();
    private List<FlowRecord> _flows = [];
    private List<NameLookup> _lookups = [];
    private List<MinuteRecord> _minutes = [];
    private long _pendingCharacters;

    /// <summary>A record with much in it counts as several: what waits holds memory.</summary>
    public int PendingRecords => _flows.Count + _lookups.Count + _minutes.Count + (int)(_pendingCharacters / CharactersPerRecord);

    public Flow NewFlow() => _spare.TryPop(out Flow? flow) ? flow : new Flow();

    public void MarkDirty(Flow flow)
    {
        flow.IsDirty = true;
        _dirty.Add(flow);
    }

    /// <summary>Records the states of open flows that changed.</summary>
    public void RecordDirty()
    {
        foreach (Flow flow in _dirty)
        {
            // A flow object may stand here twice, spent and used again: the first mention of a changed one serves.
            if (!flow.IsDirty)
                continue;
            flow.IsDirty = false;
            Record(flow, FlowEnd.Open);
        }
        _dirty.Clear();
    }

    /// <summary>Records a flow that ended and takes its object back.</summary>
    public void RecordEnd(Flow flow, FlowEnd end)
    {
        flow.IsDirty = false;
        Record(flow, end);
        _pendingCharacters += flow.Facts.Characters;
        Recycle(flow);
    }

    public void Recycle(Flow flow)
    {
        flow.IsDirty = false;
        if (_spare.Count >= MaxSpare)
            return;
        flow.Reset();
        _spare.Push(flow);
    }

    public void RecordLookup(NameLookup lookup)
    {
        // Two names each.
        const int AnswerCharacters = 128;
        _lookups.Add(lookup);
        _pendingCharacters += lookup.Answers.Count * AnswerCharacters;
    }

    /// <summary>Books what a device moved in the minute that it was last seen in.</summary>
    public void TurnMinute(Device device)
    {
        if (device.HasTraffic)
            _minutes.Add(device.TakeMinute());
    }

    /// <summary>Hands over all records and begins anew.</summary>
    public RecordBatch Take(IReadOnlyList<SourceTotals> sources)
    {
        foreach (Flow flow in _dirty)
            flow.IsDirty = false;
        _dirty.Clear();
        var changed = new List<DeviceRecord>();
        foreach (Device device in devices.All)
        {
            TurnMinute(device);
            if (device.IsChanged)
                changed.Add(device.ToRecord());
        }
        TurnMinute(devices.None);
        var batch = new RecordBatch
        {
            Flows = _flows,
            Lookups = _lookups,
            Devices = changed,
            Contacts = _contacts.Take(),
            Minutes = _minutes,
            Sources = [.. sources.Select(static source => source.ToRecord())],
            Losses = losses.ToList(),
            Rejects = losses.Rejects.ToList(),
        };
        _flows = [];
        _lookups = [];
        _minutes = [];
        _pendingCharacters = 0;
        return batch;
    }

    private void Record(Flow flow, FlowEnd end)
    {
        // A reduced flow leaves no trace but its totals; one that was stored before is taken back.
        if (flow.IsReduced && !flow.WasStored)
            return;
        FlowRecord record = flow.ToRecord(end);
        _contacts.Book(flow, record);
        _flows.Add(record);
        flow.WasStored = !flow.IsReduced;
    }
}
