#pragma warning disable CA1822
using System.Diagnostics.CodeAnalysis;
using PiTap.Model;

namespace PiTap.Analysis;

// The shape of the analysis room, so that the host builds without it. To be deleted with its first version.
internal sealed class AnalysisOptions
{
    public long? FlowIdleTimeoutNs { get; init; } = 5 * PacketTime.NanosecondsPerMinute;
    public long FlowActiveTimeoutNs { get; init; } = 60 * PacketTime.NanosecondsPerMinute;
    public int MaxFlows { get; init; } = 1 << 16;
    public ClientFilter? Clients { get; init; }
    public IReadOnlyList<string> IgnoreSuffixes { get; init; } = [];
}

internal sealed class ClientFilter
{
    public static bool TryParse(IEnumerable<string> texts, [NotNullWhen(true)] out ClientFilter? filter, out string error)
    {
        filter = null;
        error = "";
        foreach (string text in texts)
        {
            string address = text.Split('/')[0];
            if (!IpAddress.TryParse(address, out _) && !MacAddress.TryParse(address, out _))
            {
                error = $"'{text}' is no address, subnet or MAC.";
                return false;
            }
        }
        filter = new ClientFilter();
        return true;
    }
}

internal sealed class Pipeline(AnalysisOptions options)
{
    private readonly List<SourceCounters> _sources = [];

    public AnalysisOptions Options { get; } = options;

    public int PendingRecords { get; private set; }

    public int AddSource(string name)
    {
        _sources.Add(new SourceCounters { Source = name });
        return _sources.Count - 1;
    }

    public void Process(in CapturedPacket packet, int source)
    {
        SourceCounters counters = _sources[source];
        _sources[source] = counters with { Kept = counters.Kept + 1, BytesKept = counters.BytesKept + packet.OriginalLength };
    }

    public RecordBatch Flush(bool includeOpen) => new() { Sources = [.. _sources] };

    public RecordBatch Finish() => Flush(includeOpen: true);

    public void UpdateSource(int source, SourceCounters counters) =>
        _sources[source] = counters with { Kept = _sources[source].Kept, BytesKept = _sources[source].BytesKept };
}
