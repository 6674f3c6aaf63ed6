using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Analysis.Tests;

/// <summary>Takes packets through an analysis and keeps what comes out.</summary>
internal sealed class Analysis(AnalysisOptions? options = null)
{
    private readonly Pipeline _pipeline = new(options ?? new AnalysisOptions());
    private bool _hasSource;

    public List<FlowRecord> Flows { get; } = [];

    public List<NameLookup> Lookups { get; } = [];

    public List<ContactRecord> Contacts { get; } = [];

    public List<MinuteRecord> Minutes { get; } = [];

    public Dictionary<string, DeviceRecord> Devices { get; } = [];

    public Dictionary<string, long> Losses { get; } = [];

    public SourceCounters Source { get; private set; } = new() { Source = "" };

    public static Analysis Of(params Conversation[] conversations) =>
        new Analysis()
            .Add([.. conversations.SelectMany(static conversation => conversation.Packets).OrderBy(static packet => packet.TimeNs)])
            .Finish();

    public Analysis Add(params IEnumerable<TimedPacket> packets)
    {
        if (!_hasSource)
            _pipeline.AddSource("test");
        _hasSource = true;
        foreach (TimedPacket packet in packets)
        {
            _pipeline.Process(
                new CapturedPacket { TimeNs = packet.TimeNs, Link = packet.Link, OriginalLength = packet.Data.Length, Data = packet.Data },
                0);
        }
        return this;
    }

    public Analysis Flush()
    {
        Keep(_pipeline.Flush(includeOpen: true));
        return this;
    }

    public bool Forget(string device) => _pipeline.Forget(new DeviceTraces(device, _pipeline.Devices()));

    public Analysis Finish()
    {
        Keep(_pipeline.Finish());
        return this;
    }

    private void Keep(RecordBatch batch)
    {
        Flows.AddRange(batch.Flows);
        Lookups.AddRange(batch.Lookups);
        Contacts.AddRange(batch.Contacts);
        Minutes.AddRange(batch.Minutes);
        foreach (DeviceRecord device in batch.Devices)
            Devices[device.Id] = device;
        foreach (LossCounter loss in batch.Losses)
            Losses[loss.Name] = loss.Count;
        foreach (SourceCounters source in batch.Sources)
            Source = source;
    }
}
