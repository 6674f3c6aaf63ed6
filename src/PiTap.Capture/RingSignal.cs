using PiTap.Model;

namespace PiTap.Capture;

/// <summary>The reading side of one or several rings.</summary>
internal interface IRingReader
{
    /// <summary>True once nothing more will be written. What was written before can still be taken.</summary>
    bool HasStopped { get; }

    /// <summary>Takes the next packet without waiting.</summary>
    bool TryTake(out CapturedPacket packet);
}

/// <summary>
/// Wakes the one reader of one or several rings. A writer pays a fence and a load for each batch, and a system call only where the
/// reader sleeps.
/// </summary>
internal sealed class RingSignal : IDisposable
{
    /// <summary>
    /// How long a reader that has just emptied its rings lets packets gather, in milliseconds. On a busy line waking it costs more
    /// than all that is done with the packets; a ring that fills up wakes it before.
    /// </summary>
    public const int GatherMs = 20;

    /// <summary>How long a reader sleeps on a silent line before it says so, in milliseconds.</summary>
    public const int WaitMs = 100;

    private const int Awake = 0;
    private const int WaitsForAny = 1;
    private const int WaitsForMany = 2;

    private readonly AutoResetEvent _event = new(false);
    private int _reader;
    private bool _hasRead;

    /// <summary>A writer has written. After each batch, from any thread.</summary>
    /// <param name="isUrgent">True if there is much to read, or nothing more will come.</param>
    public void Set(bool isUrgent)
    {
        // Between publishing a record and looking whether the reader sleeps, as in WaitFor between saying so and looking for a
        // record: whichever of the two comes second sees the other.
        Interlocked.MemoryBarrier();
        int reader = Volatile.Read(ref _reader);
        if (reader == Awake || (reader == WaitsForMany && !isUrgent))
            return;
        if (Interlocked.Exchange(ref _reader, Awake) != Awake)
            _event.Set();
    }

    /// <summary>
    /// For a reader that found its rings empty: sleeps until there is a packet, but not for long.
    /// </summary>
    /// <returns>A packet; <see cref="ReadStatus.Idle"/> where none came; <see cref="ReadStatus.End"/> where none will come.</returns>
    public ReadStatus WaitFor(IRingReader rings, out CapturedPacket packet)
    {
        if (_hasRead)
        {
            _hasRead = false;
            Interlocked.Exchange(ref _reader, WaitsForMany);
            Sleep(GatherMs);
            if (rings.TryTake(out packet))
                return Took();
        }
        // Before looking for the last time, so that nothing written before the end is missed.
        bool hasStopped = rings.HasStopped;
        Interlocked.Exchange(ref _reader, WaitsForAny);
        if (rings.TryTake(out packet))
        {
            Volatile.Write(ref _reader, Awake);
            return Took();
        }
        if (hasStopped)
            return ReadStatus.End;
        Sleep(WaitMs);
        return rings.TryTake(out packet) ? Took() : ReadStatus.Idle;
    }

    private void Sleep(int timeoutMs)
    {
        _event.WaitOne(timeoutMs);
        Volatile.Write(ref _reader, Awake);
    }

    private ReadStatus Took()
    {
        _hasRead = true;
        return ReadStatus.Packet;
    }

    public void Dispose() => _event.Dispose();
}
