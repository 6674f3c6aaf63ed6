namespace PiTap.Capture;

/// <summary>
/// Wakes the one reader of one or several rings. A writer pays a fence and a load for each batch, and a system call only where the
/// reader sleeps.
/// </summary>
internal sealed class RingSignal : IDisposable
{
    private readonly AutoResetEvent _event = new(false);
    private int _isReaderWaiting;

    /// <summary>A writer has written. After each batch, from any thread.</summary>
    public void Set()
    {
        // Between publishing a record and looking whether the reader sleeps, as in BeginWait between saying so and looking for a
        // record: whichever of the two comes second sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isReaderWaiting) != 0 && Interlocked.Exchange(ref _isReaderWaiting, 0) != 0)
            _event.Set();
    }

    /// <summary>The reader is about to sleep: it looks at its rings once more, then calls <see cref="Wait"/> or <see cref="CancelWait"/>.</summary>
    public void BeginWait() => Interlocked.Exchange(ref _isReaderWaiting, 1);

    /// <summary>The reader found something after all.</summary>
    public void CancelWait() => Volatile.Write(ref _isReaderWaiting, 0);

    /// <summary>Sleeps until a writer calls, or the time is over. It may wake for nothing.</summary>
    public void Wait(int timeoutMs)
    {
        _event.WaitOne(timeoutMs);
        Volatile.Write(ref _isReaderWaiting, 0);
    }

    public void Dispose() => _event.Dispose();
}
