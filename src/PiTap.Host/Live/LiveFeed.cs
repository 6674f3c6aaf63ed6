using System.Runtime.CompilerServices;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>The present state of the capture, for any number of readers: nobody holds a lock, so nobody waits for another.</summary>
internal sealed class LiveFeed : ILiveStateReader
{
    private LiveState _current = new();
    private TaskCompletionSource _next = NewSignal();
    private bool _hasEnded;

    public LiveState Current => Volatile.Read(ref _current);

    /// <summary>By one thread: replaces the state, and wakes who waits for it.</summary>
    public void Publish(LiveState state)
    {
        Volatile.Write(ref _current, state);
        Interlocked.Exchange(ref _next, NewSignal()).SetResult();
    }

    /// <summary>There will be no further state.</summary>
    public void End()
    {
        Volatile.Write(ref _hasEnded, true);
        Interlocked.Exchange(ref _next, NewSignal()).SetResult();
    }

    public async IAsyncEnumerable<LiveState> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        long? seen = null;
        while (!cancellation.IsCancellationRequested)
        {
            // Taken before looking: what comes in between completes it.
            Task next = Volatile.Read(ref _next).Task;
            bool hasEnded = Volatile.Read(ref _hasEnded);
            LiveState state = Current;
            if (state.Version != seen)
            {
                seen = state.Version;
                yield return state;
                continue;
            }
            if (hasEnded)
                yield break;
            await next.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
