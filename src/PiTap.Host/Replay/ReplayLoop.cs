using PiTap.Analysis;
using PiTap.Model;

namespace PiTap.Host.Replay;

/// <summary>What became of one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Packets">Packets read.</param>
/// <param name="Bytes">Their bytes, as on the wire.</param>
/// <param name="Failure">Why it ended early; null if it ended normally.</param>
internal sealed record FileOutcome(string Path, long Packets, long Bytes, string? Failure);

/// <summary>Takes a file through the analysis into the store.</summary>
internal sealed class ReplayLoop(Pipeline pipeline, IRecordSink sink)
{
    /// <summary>Records that wait in the analysis before they are handed over.</summary>
    private const int BatchRecords = 4096;

    /// <summary>Packets between two looks at what waits.</summary>
    private const int CheckPackets = 64;

    /// <summary>Packets between two reports of progress.</summary>
    private const int ProgressPackets = 16_384;

    /// <summary>After the last file: hands over the rest.</summary>
    public void Finish()
    {
        foreach (RecordBatch batch in pipeline.FinishInParts(BatchRecords))
            sink.Write(batch);
    }

    /// <param name="source">The file.</param>
    /// <param name="progress">Hears how many packets were read.</param>
    /// <param name="stop">The wish to end.</param>
    /// <param name="identify">What is to be kept of the file itself, asked for once it was read; adds to its counters.</param>
    public FileOutcome Run(
        IPacketSource source, Action<long> progress, CancellationToken stop, Func<SourceCounters, SourceCounters>? identify = null)
    {
        int index = pipeline.AddSource(source.Name);
        long packets = 0;
        long bytes = 0;
        string? failure = null;
        bool isInterrupted = false;
        while (true)
        {
            ReadStatus status = source.Read(out CapturedPacket packet);
            if (status == ReadStatus.Packet)
            {
                pipeline.Process(in packet, index);
                packets++;
                bytes += packet.OriginalLength;
                if (packets % CheckPackets != 0)
                    continue;
                if (pipeline.PendingRecords >= BatchRecords)
                {
                    pipeline.UpdateSource(index, source.Counters());
                    sink.Write(pipeline.Flush(includeOpen: false));
                }
                if (packets % ProgressPackets != 0)
                    continue;
                progress(packets);
            }
            else if (status != ReadStatus.Idle)
            {
                failure = status == ReadStatus.Failed ? source.Failure ?? $"{source.Name} ended early." : null;
                break;
            }
            if (stop.IsCancellationRequested)
            {
                failure = $"{source.Name} was not read to its end: interrupted.";
                isInterrupted = true;
                break;
            }
        }
        SourceCounters counters = source.Counters();
        pipeline.UpdateSource(index, identify is null || isInterrupted ? counters : identify(counters));
        return new FileOutcome(source.Name, packets, bytes, failure);
    }
}
