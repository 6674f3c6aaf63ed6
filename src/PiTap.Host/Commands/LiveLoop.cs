using PiTap.Analysis;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>Hears with each flush how a live capture goes.</summary>
internal interface ILiveObserver
{
    /// <summary>A batch was handed to the store.</summary>
    void Flushed(RecordBatch batch);

    /// <summary>A source ended although nobody asked it to.</summary>
    void Failed(string sentence);
}

/// <summary>The source of a live capture: interfaces read as one, each of which counts for itself.</summary>
/// <param name="Packets">All of them; a packet's interface is an index into <paramref name="Parts"/>.</param>
/// <param name="Parts">Each of them.</param>
/// <param name="RequestStop">Ends capturing; what is on its way is still read until the source says End.</param>
internal sealed record LiveSource(IPacketSource Packets, IReadOnlyList<IPacketSource> Parts, Action RequestStop);

/// <summary>
/// The analysis thread of a live capture: takes packets as they come, and twice a second hands what is new to the store, also when no
/// packet comes.
/// </summary>
internal sealed class LiveLoop(Pipeline pipeline, IRecordSink sink, TimeProvider clock, ILiveObserver observer)
{
    /// <summary>Packets taken before the clock is looked at again.</summary>
    private const int MaxBurstPackets = 1024;

    /// <summary>Whatever happens to the process, the last second is the most that may be lost: half of it is left to the kernel's block and the commit.</summary>
    private static readonly TimeSpan s_flushEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long packets that were on their way are taken after the wish to end.</summary>
    private static readonly TimeSpan s_maxDrain = TimeSpan.FromSeconds(5);

    /// <summary>Runs until stopped, until the time is over, or until no interface is left. False in the last case.</summary>
    public bool Run(LiveSource source, TimeSpan? duration, CancellationToken stop)
    {
        int[] indices = [.. source.Parts.Select(part => pipeline.AddSource(part.Name))];
        bool[] haveFailed = new bool[indices.Length];
        long started = clock.GetTimestamp();
        long flushed = started;
        long? stopping = null;
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = Drain(source.Packets, indices);
            if (clock.GetElapsedTime(flushed) >= s_flushEvery)
            {
                flushed = clock.GetTimestamp();
                Hand(source, indices, haveFailed, isLast: false);
            }
            if (stopping is null && (stop.IsCancellationRequested || clock.GetElapsedTime(started) >= duration))
            {
                stopping = clock.GetTimestamp();
                source.RequestStop();
            }
            if (stopping is long since && clock.GetElapsedTime(since) >= s_maxDrain)
                break;
        }
        Hand(source, indices, haveFailed, isLast: true);
        return stopping is not null;
    }

    /// <summary>Takes what there is, up to a burst. False where the source ended.</summary>
    private bool Drain(IPacketSource packets, int[] indices)
    {
        for (int i = 0; i < MaxBurstPackets; i++)
        {
            ReadStatus status = packets.Read(out CapturedPacket packet);
            if (status != ReadStatus.Packet)
                return status == ReadStatus.Idle;
            pipeline.Process(in packet, indices[packet.Interface]);
        }
        return true;
    }

    private void Hand(LiveSource source, int[] indices, bool[] haveFailed, bool isLast)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            pipeline.UpdateSource(indices[i], source.Parts[i].Counters());
            if (haveFailed[i] || source.Parts[i].Failure is not string failure)
                continue;
            haveFailed[i] = true;
            observer.Failed(failure);
        }
        RecordBatch batch = isLast ? pipeline.Finish() : pipeline.Flush(includeOpen: true);
        sink.Write(batch);
        observer.Flushed(batch);
    }
}
