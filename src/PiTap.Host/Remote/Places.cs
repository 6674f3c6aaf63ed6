namespace PiTap.Host.Remote;

/// <summary>
/// So many clients of one kind are served at once, and so many more wait their turn, for so long. One kind takes no places of another.
/// </summary>
internal sealed class Places(int atOnce, int waiting, TimeSpan maxWait) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce);
    private int _present;

    /// <summary>False if there are too many, or none left in time. Else <see cref="Leave"/> gives the place back.</summary>
    public async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _present) > atOnce + waiting)
        {
            Interlocked.Decrement(ref _present);
            return false;
        }
        bool isIn = false;
        try
        {
            isIn = await _free.WaitAsync(maxWait, cancellation).ConfigureAwait(false);
            return isIn;
        }
        finally
        {
            if (!isIn)
                Interlocked.Decrement(ref _present);
        }
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _present);
        _free.Release();
    }

    public void Dispose() => _free.Dispose();
}
