namespace PiTap.Model;

/// <summary>
/// Makes one batch of several that follow each other. States of the same flow, lookup or device become one; deltas stay as they are: the
/// store adds them up. Whoever adds to it keeps it bounded.
/// </summary>
public sealed class BatchJoin
{
    private readonly Dictionary<long, FlowRecord> _flows = [];
    private readonly Dictionary<long, NameLookup> _lookups = [];
    private readonly Dictionary<string, DeviceRecord> _devices = new(StringComparer.Ordinal);
    private readonly List<ContactRecord> _contacts = [];
    private readonly List<MinuteRecord> _minutes = [];
    private IReadOnlyList<SourceCounters> _sources = [];
    private IReadOnlyList<LossCounter> _losses = [];
    private IReadOnlyList<RejectRecord> _rejects = [];

    /// <summary>Flows in it.</summary>
    public int Flows => _flows.Count;

    /// <summary>Flows and lookups in it.</summary>
    public int Rows => _flows.Count + _lookups.Count;

    /// <summary>Contacts, minutes and devices in it.</summary>
    public int Totals => _contacts.Count + _minutes.Count + _devices.Count;

    /// <summary>Takes in the batch that follows.</summary>
    public void Add(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (FlowRecord flow in batch.Flows)
            _flows[flow.Sequence] = flow;
        foreach (NameLookup lookup in batch.Lookups)
            _lookups[lookup.Sequence] = lookup;
        foreach (DeviceRecord device in batch.Devices)
            _devices[device.Id] = device;
        _contacts.AddRange(batch.Contacts);
        _minutes.AddRange(batch.Minutes);
        _sources = batch.Sources.Count > 0 ? batch.Sources : _sources;
        _losses = batch.Losses.Count > 0 ? batch.Losses : _losses;
        _rejects = batch.Rejects.Count > 0 ? batch.Rejects : _rejects;
    }

    /// <summary>All of it as one batch; what follows begins anew, but for the counters, which are cumulative.</summary>
    public RecordBatch Take()
    {
        RecordBatch batch = new()
        {
            Flows = [.. _flows.Values],
            Lookups = [.. _lookups.Values],
            Devices = [.. _devices.Values],
            Contacts = [.. _contacts],
            Minutes = [.. _minutes],
            Sources = _sources,
            Losses = _losses,
            Rejects = _rejects,
        };
        _flows.Clear();
        _lookups.Clear();
        _devices.Clear();
        _contacts.Clear();
        _minutes.Clear();
        return batch;
    }
}
