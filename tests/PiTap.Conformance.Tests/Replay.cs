using PiTap.Analysis;
using PiTap.Capture.Files;
using PiTap.Model;

namespace PiTap.Conformance.Tests;

/// <summary>Everything that a replay of one capture found.</summary>
internal sealed record ReplayResult(IReadOnlyList<FlowRecord> Flows, IReadOnlyList<NameLookup> Lookups, string? Failure)
{
    /// <summary>What came on top, batch by batch.</summary>
    public required IReadOnlyList<ContactRecord> Contacts { get; init; }

    /// <summary>Each state of each device.</summary>
    public required IReadOnlyList<DeviceRecord> Devices { get; init; }
}

internal static class Replay
{
    /// <summary>One flow for each 5-tuple in the whole capture: how the truth counts.</summary>
    public static readonly AnalysisOptions WholeCapture = new() { FlowIdleTimeoutNs = null };

    public static ReplayResult Run(string path, AnalysisOptions options, int flushEvery = int.MaxValue)
    {
        var flows = new List<FlowRecord>();
        var lookups = new List<NameLookup>();
        var contacts = new List<ContactRecord>();
        var devices = new List<DeviceRecord>();
        var pipeline = new Pipeline(options);
        int source = pipeline.AddSource(path);
        using FilePacketSource file = FilePacketSource.Open(path);
        int packets = 0;
        ReadStatus status;
        while ((status = file.Read(out CapturedPacket packet)) is ReadStatus.Packet or ReadStatus.Idle)
        {
            if (status == ReadStatus.Idle)
                continue;
            pipeline.Process(packet, source);
            if (++packets % flushEvery == 0)
                Keep(pipeline.Flush(includeOpen: false));
        }
        Keep(pipeline.Finish());
        return new ReplayResult(flows, lookups, file.Failure) { Contacts = contacts, Devices = devices };

        void Keep(RecordBatch batch)
        {
            flows.AddRange(batch.Flows);
            lookups.AddRange(batch.Lookups);
            contacts.AddRange(batch.Contacts);
            devices.AddRange(batch.Devices);
        }
    }
}
