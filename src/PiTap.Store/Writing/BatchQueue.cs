using PiTap.Model;
using PiTap.Store.Files;

namespace PiTap.Store.Writing;

/// <summary>
/// Batches between the analysis and the writer, and commands with answers from any thread. A replay waits while it is full. A live run
/// never waits: what comes then is joined with the last batch in the queue, up to a number of rows, and what is beyond is counted.
/// </summary>
internal sealed class BatchQueue
{
    /// <summary>Batches, and rows of flows and lookups in them, above which the queue is full.</summary>
    public const int MaxBatches = 32;

    public const int MaxRows = 65_536;

    /// <summary>Commands that wait for the writer; one more is refused. Each is a thread that waits for its answer.</summary>
    public const int MaxCommands = 64;

    private readonly object _gate = new();
    private readonly List<RecordBatch> _batches = [];
    private readonly List<Command> _commands = [];
    private long _rows;
    private long _handedIn;
    private long _safe;
    private bool _isFlushWanted;
    private bool _isClosed;
    private Exception? _failure;

    /// <summary>Batches that were joined with another because the writer was behind.</summary>
    public long Joined { get; private set; }

    /// <summary>Rows that found no room.</summary>
    public long LostRows { get; private set; }

    /// <summary>Commands that the writer has not taken yet.</summary>
    public int WaitingCommands
    {
        get
        {
            lock (_gate)
                return _commands.Count;
        }
    }

    public void Add(RecordBatch batch, bool mayWait)
    {
        lock (_gate)
        {
            ThrowIfEnded();
            while (IsFull && mayWait && !_isClosed)
                Monitor.Wait(_gate);
            ThrowIfFailed();
            _handedIn++;
            if (IsFull)
                JoinWithLast(batch);
            else
                Append(batch);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all that was handed in is on disk; false if that takes longer than the time given.</summary>
    public bool Flush(TimeSpan timeout)
    {
        long deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_gate)
        {
            long wanted = _handedIn;
            while (_safe < wanted)
            {
                long left = deadline == long.MaxValue ? int.MaxValue : deadline - Environment.TickCount64;
                if (left <= 0 || _isClosed)
                    return _safe >= wanted;
                _isFlushWanted = true;
                Monitor.PulseAll(_gate);
                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }
            return true;
        }
    }

    /// <summary>
    /// Runs something on the writer's thread, after all that was handed in and asked for before, and returns its answer. What it throws
    /// comes out here as a <see cref="StoreException"/>; so does the writer's end, if that comes first.
    /// </summary>
    public T Invoke<T>(Func<T> work)
    {
        T? answer = default;
        using Command command = new(() => answer = work());
        lock (_gate)
        {
            ThrowIfEnded();
            if (_commands.Count == MaxCommands)
                throw new StoreException("The store has too many commands to answer; try again.");
            _commands.Add(command);
            Monitor.PulseAll(_gate);
        }
        if (command.Wait() is { } failure)
            throw new StoreException(failure.Message, failure);
        return answer!;
    }

    /// <summary>As <see cref="Invoke{T}"/>, for what has no answer but its end.</summary>
    public void Invoke(Action work) => Invoke(() =>
    {
        work();
        return true;
    });

    /// <summary>No more batches and commands; the writer takes what there is and ends.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For the writer: it has ended early. Whoever waits, and whoever comes, is told why.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _isClosed = true;
            _failure = failure;
            foreach (Command command in _commands)
                command.Fail(failure);
            _commands.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For the writer: what has come, or nothing after the time given.</summary>
    public Work Take(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_batches.Count == 0 && _commands.Count == 0 && !_isFlushWanted && !_isClosed)
                Monitor.Wait(_gate, timeout);
            Work work = new([.. _batches], _handedIn, [.. _commands], _isFlushWanted, _isClosed);
            _batches.Clear();
            _rows = 0;
            _commands.Clear();
            _isFlushWanted = false;
            Monitor.PulseAll(_gate);
            return work;
        }
    }

    /// <summary>For the writer: everything up to this batch is on disk.</summary>
    public void MarkSafe(long upTo)
    {
        lock (_gate)
        {
            _safe = Math.Max(_safe, upTo);
            Monitor.PulseAll(_gate);
        }
    }

    private bool IsFull => _batches.Count > 0 && (_batches.Count >= MaxBatches || _rows >= MaxRows);

    private void ThrowIfEnded()
    {
        ThrowIfFailed();
        ObjectDisposedException.ThrowIf(_isClosed, this);
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new StoreException($"The store's writer has stopped: {_failure.Message}", _failure);
    }

    private void Append(RecordBatch batch)
    {
        _batches.Add(batch);
        _rows += batch.Flows.Count + batch.Lookups.Count;
    }

    private void JoinWithLast(RecordBatch batch)
    {
        Joined++;
        RecordBatch last = _batches[^1];
        bool hasRoom = _rows + batch.Flows.Count + batch.Lookups.Count < 2 * MaxRows
            && last.Contacts.Count + last.Minutes.Count + last.Devices.Count < MaxRows;
        if (!hasRoom)
        {
            LostRows += batch.Flows.Count + batch.Lookups.Count + batch.Contacts.Count + batch.Minutes.Count + batch.Devices.Count;
            return;
        }
        _rows += batch.Flows.Count + batch.Lookups.Count;
        _batches[^1] = new RecordBatch
        {
            Flows = [.. last.Flows, .. batch.Flows],
            Lookups = [.. last.Lookups, .. batch.Lookups],
            Devices = [.. last.Devices, .. batch.Devices],
            Contacts = [.. last.Contacts, .. batch.Contacts],
            Minutes = [.. last.Minutes, .. batch.Minutes],
            Sources = batch.Sources.Count > 0 ? batch.Sources : last.Sources,
            Losses = batch.Losses.Count > 0 ? batch.Losses : last.Losses,
            Rejects = batch.Rejects.Count > 0 ? batch.Rejects : last.Rejects,
        };
    }

    /// <summary>What the writer is to do next. The commands are run after the batches, and every one of them.</summary>
    internal readonly record struct Work(List<RecordBatch> Batches, long UpTo, List<Command> Commands, bool IsFlush, bool IsLast);

    /// <summary>One command and the thread that waits for it.</summary>
    internal sealed class Command(Action work) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private Exception? _failure;

        /// <summary>On the writer's thread. Whatever it throws is the caller's to see, not the writer's end.</summary>
        public void Run()
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                _failure = error;
            }
            _done.Set();
        }

        public void Fail(Exception failure)
        {
            _failure = failure;
            _done.Set();
        }

        /// <summary>What went wrong; null if nothing did.</summary>
        public Exception? Wait()
        {
            _done.Wait();
            return _failure;
        }

        public void Dispose() => _done.Dispose();
    }
}
