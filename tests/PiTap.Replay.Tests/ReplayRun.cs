using PiTap.Analysis;
using PiTap.Capture.Files;
using PiTap.Model;

namespace PiTap.Replay.Tests;

/// <summary>Everything that the analysis made of some packets, added up over its batches.</summary>
internal sealed class ReplayRun
{
    public List<FlowRecord> Flows { get; } = [];

    public List<NameLookup> Lookups { get; } = [];

    public Dictionary<string, DeviceRecord> Devices { get; } = [];

    public List<ContactRecord> Contacts { get; } = [];

    public List<MinuteRecord> Minutes { get; } = [];

    public List<RejectRecord> Rejects { get; } = [];

    public SourceCounters Source { get; private set; } = new() { Source = "" };

    public static ReplayRun Of(string path, AnalysisOptions options, int flushEvery = int.MaxValue, bool withOpenFlows = false)
    {
        using FilePacketSource file = FilePacketSource.Open(path);
        return Of(file, options, flushEvery, withOpenFlows);
    }

    public static ReplayRun Of(IPacketSource source, AnalysisOptions options, int flushEvery = int.MaxValue, bool withOpenFlows = false)
    {
        var run = new ReplayRun();
        var pipeline = new Pipeline(options);
        int number = pipeline.AddSource("capture");
        int packets = 0;
        ReadStatus status;
        while ((status = source.Read(out CapturedPacket packet)) is ReadStatus.Packet or ReadStatus.Idle)
        {
            if (status == ReadStatus.Idle)
                continue;
            pipeline.Process(packet, number);
            if (++packets % flushEvery == 0)
                run.Add(pipeline.Flush(withOpenFlows));
        }
        run.Add(pipeline.Finish());
        Assert.Equal(ReadStatus.End, status);
        return run;
    }

    private void Add(RecordBatch batch)
    {
        Flows.AddRange(batch.Flows);
        Lookups.AddRange(batch.Lookups);
        Contacts.AddRange(batch.Contacts);
        Minutes.AddRange(batch.Minutes);
        Rejects.AddRange(batch.Rejects);
        foreach (DeviceRecord device in batch.Devices)
            Devices[device.Id] = device;
        foreach (SourceCounters source in batch.Sources)
            Source = source;
    }
}
