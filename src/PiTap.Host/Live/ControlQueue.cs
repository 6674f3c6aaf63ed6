using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>
/// Commands from any thread, carried out by the analysis thread between packets. Bounded, and nobody waits for ever: what is not begun in
/// time is withdrawn, and its caller told so.
/// </summary>
internal sealed class ControlQueue(ControlLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<Command> _commands = new();
    private int _waiting;
    private bool _isClosed;

    /// <summary>Has the work done and returns its answer.</summary>
    /// <exception cref="ControlException">It was not done, or failed, or takes longer than anybody should wait.</exception>
    public async Task<T> InvokeAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        Command<T> command = new(work);
        lock (_gate)
        {
            if (_isClosed)
                throw Ending();
            if (_commands.Count >= limits.MaxWaiting)
                throw new ControlException("The daemon has too many commands to carry out: try again.");
            _commands.Enqueue(command);
            Volatile.Write(ref _waiting, _commands.Count);
        }
        try
        {
            return await command.Answer.WaitAsync(limits.BeginWithin, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (command.TryWithdraw())
        {
            throw new ControlException("The daemon is too busy to do that: nothing was done.");
        }
        catch (OperationCanceledException) when (command.TryWithdraw())
        {
            throw;
        }
        catch (TimeoutException)
        {
            // It has begun.
        }
        try
        {
            return await command.Answer.WaitAsync(limits.EndWithin, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw StillAtIt();
        }
    }

    /// <summary>As <see cref="InvokeAsync"/>, for work that the analysis thread begins and others end.</summary>
    /// <exception cref="ControlException">It was not done, or failed, or takes longer than anybody should wait.</exception>
    public async Task<T> BeginAsync<T>(Func<Task<T>> begin, CancellationToken cancellation)
    {
        Task<T> rest = await InvokeAsync(begin, cancellation).ConfigureAwait(false);
        try
        {
            return await rest.WaitAsync(limits.EndWithin, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw StillAtIt();
        }
        catch (Exception failure) when (failure is not (ControlException or OperationCanceledException or OutOfMemoryException))
        {
            throw new ControlException(failure.Message, failure);
        }
    }

    /// <summary>True if somebody waits.</summary>
    public bool HasCommands => Volatile.Read(ref _waiting) > 0;

    /// <summary>By the analysis thread, between packets: carries out one that is there. Costs a look at a number if none is.</summary>
    public void RunNext()
    {
        if (!HasCommands)
            return;
        Command command;
        lock (_gate)
        {
            command = _commands.Dequeue();
            Volatile.Write(ref _waiting, _commands.Count);
        }
        command.Run();
    }

    /// <summary>By the analysis thread: nothing more is carried out, and everybody who waits is told so.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            while (_commands.TryDequeue(out Command? command))
                command.Fail(Ending());
        }
    }

    private static ControlException StillAtIt() => new("The daemon has begun to do that and is still at it.");

    private static ControlException Ending() => new("The daemon is about to end: nothing was done.");

    private abstract class Command
    {
        private int _isTaken;

        /// <summary>True for the one who may decide what becomes of it: the analysis thread, or the caller who waits no longer.</summary>
        protected bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

        public bool TryWithdraw() => TryTake();

        public abstract void Run();

        public abstract void Fail(Exception failure);
    }

    private sealed class Command<T>(Func<T> work) : Command
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Run()
        {
            if (!TryTake())
                return;
            try
            {
                _answer.SetResult(work());
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whatever a command meets must not end the capture.
                _answer.SetException(failure as ControlException ?? new ControlException(failure.Message, failure));
            }
        }

        public override void Fail(Exception failure)
        {
            if (TryTake())
                _answer.SetException(failure);
        }
    }
}

/// <summary>What commands may cost their callers.</summary>
internal sealed class ControlLimits
{
    /// <summary>Commands that wait to be carried out.</summary>
    public int MaxWaiting { get; init; } = 16;

    /// <summary>How long one may wait until it is begun.</summary>
    public TimeSpan BeginWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long its caller waits for the answer from then on: a large store is written anew.</summary>
    public TimeSpan EndWithin { get; init; } = TimeSpan.FromMinutes(2);
}
