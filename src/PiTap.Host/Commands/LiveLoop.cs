using PiTap.Analysis;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>Hears once a second how a live capture goes.</summary>
internal interface ILiveObserver
{
    /// <summary>A batch was handed to the store.</summary>
    void Flushed(RecordBatch batch);

    /// <summary>A source ended although nobody asked it to.</summary>
    void Failed(string sentence);
}

/// <summary>
/// The analysis thread of a live capture: takes packets from all sources in turn, and once a second hands what is new to the store,
/// also when no packet comes.
/// </summary>
internal sealed class LiveLoop(Pipeline pipeline, IRecordSink sink, TimeProvider clock, ILiveObserver observer)
{
    /// <summary>Packets taken from one source before the next has its turn and the clock is looked at.</summary>
    private const int MaxBurstPackets = 1024;

    private static readonly TimeSpan s_flushEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs until stopped, until the time is over, or until no source is left. False in the last case.</summary>
    public bool Run(IReadOnlyList<IPacketSource> sources, TimeSpan? duration, CancellationToken stop)
    {
        Open[] open = [.. sources.Select(source => new Open(source, pipeline.AddSource(source.Name)))];
        long started = clock.GetTimestamp();
        long flushed = started;
        while (!stop.IsCancellationRequested)
        {
            bool isAnyOpen = false;
            foreach (Open source in open)
                isAnyOpen |= !source.IsEnded && Drain(source);
            if (clock.GetElapsedTime(flushed) >= s_flushEvery)
            {
                flushed = clock.GetTimestamp();
                UpdateCounters(open);
                Hand(pipeline.Flush(includeOpen: true));
            }
            if (!isAnyOpen || clock.GetElapsedTime(started) >= duration)
                break;
        }
        UpdateCounters(open);
        Hand(pipeline.Finish());
        return open.Any(static source => !source.IsEnded);
    }

    /// <summary>Takes what there is, up to a burst. False where the source ended.</summary>
    private bool Drain(Open source)
    {
        for (int i = 0; i < MaxBurstPackets; i++)
        {
            ReadStatus status = source.Packets.Read(out CapturedPacket packet);
            if (status == ReadStatus.Packet)
            {
                pipeline.Process(in packet, source.Index);
                continue;
            }
            if (status == ReadStatus.Idle)
                return true;
            source.IsEnded = true;
            observer.Failed(source.Packets.Failure ?? $"{source.Packets.Name} ended");
            return false;
        }
        return true;
    }

    private void UpdateCounters(Open[] sources)
    {
        foreach (Open source in sources)
            pipeline.UpdateSource(source.Index, source.Packets.Counters());
    }

    private void Hand(RecordBatch batch)
    {
        sink.Write(batch);
        observer.Flushed(batch);
    }

    private sealed class Open(IPacketSource packets, int index)
    {
        public IPacketSource Packets { get; } = packets;

        public int Index { get; } = index;

        public bool IsEnded { get; set; }
    }
}
