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

    /// <summary>The batch behind all others, while further ones are joined with it; null if none is.</summary>
    private BatchJoin? _last;

    /// <summary>Rows of flows and lookups in all batches.</summary>
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
                Join(batch);
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
    /// Runs something on the writer's thread, after all that was handed in and asked for before, and before all that is handed in from now
    /// on. What it throws comes out of the answer as a <see cref="StoreException"/>; so does the writer's end, if that comes first.
    /// </summary>
    public Task<T> InvokeAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfEnded();
            if (_commands.Count == MaxCommands)
                throw new StoreException("The store has too many commands to answer; try again.");
            EndJoin();
            _commands.Add(new Command(() => answer.SetResult(work()),
                failure => answer.SetException(new StoreException(failure.Message, failure)), _batches.Count, _handedIn));
            Monitor.PulseAll(_gate);
        }
        return answer.Task;
    }

    /// <summary>As <see cref="InvokeAsync{T}"/>, and waits for the answer.</summary>
    public T Invoke<T>(Func<T> work) => InvokeAsync(work).GetAwaiter().GetResult();

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

    /// <summary>
    /// For the writer: what has come up to the first commands, or nothing after the time given. What came behind them is for the next time.
    /// A writer without room takes batches only if somebody waits for what comes behind them.
    /// </summary>
    public Work Take(TimeSpan timeout, bool hasRoom = true)
    {
        lock (_gate)
        {
            if (!hasRoom && _commands.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate, timeout);
                return new Work([], 0, [], _isFlushWanted, IsLast: false);
            }
            if (_batches.Count == 0 && _commands.Count == 0 && !_isFlushWanted && !_isClosed)
                Monitor.Wait(_gate, timeout);
            EndJoin();
            int count = _commands.Count > 0 ? _commands[0].Place : _batches.Count;
            List<Command> commands = _commands.FindAll(command => command.Place == count);
            long upTo = commands.Count > 0 ? commands[0].HandedIn : _handedIn;
            bool isAll = count == _batches.Count && commands.Count == _commands.Count;
            Work work = new(_batches.GetRange(0, count), upTo, commands, _isFlushWanted, _isClosed && isAll);
            _batches.RemoveRange(0, count);
            _rows -= work.Batches.Sum(static batch => (long)batch.Flows.Count + batch.Lookups.Count);
            _commands.RemoveRange(0, commands.Count);
            _commands.ForEach(command => command.Place -= count);
            _isFlushWanted &= !isAll;
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

    private int Batches => _batches.Count + (_last is null ? 0 : 1);

    private bool IsFull => Batches > 0 && (Batches >= MaxBatches || _rows >= MaxRows);

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
        EndJoin();
        _batches.Add(batch);
        _rows += batch.Flows.Count + batch.Lookups.Count;
    }

    /// <summary>Joins a batch with the last one, unless a command is in between: what it is about ends there.</summary>
    private void Join(RecordBatch batch)
    {
        Joined++;
        int place = _commands.Count > 0 ? _commands[^1].Place : 0;
        if (_last is null)
        {
            _last = new BatchJoin();
            if (_batches.Count > place)
            {
                _last.Add(_batches[^1]);
                _batches.RemoveAt(_batches.Count - 1);
            }
        }
        if (_rows + batch.Flows.Count + batch.Lookups.Count >= 2 * MaxRows || _last.Totals >= MaxRows)
        {
            LostRows += batch.Flows.Count + batch.Lookups.Count + batch.Contacts.Count + batch.Minutes.Count + batch.Devices.Count;
            return;
        }
        _rows -= _last.Rows;
        _last.Add(batch);
        _rows += _last.Rows;
    }

    private void EndJoin()
    {
        if (_last is null)
            return;
        RecordBatch batch = _last.Take();
        _last = null;
        if (!batch.IsEmpty)
            _batches.Add(batch);
    }

    /// <summary>What the writer is to do next. The commands are run after the batches, and every one of them.</summary>
    internal readonly record struct Work(List<RecordBatch> Batches, long UpTo, List<Command> Commands, bool IsFlush, bool IsLast);

    /// <summary>One command, for which somebody waits.</summary>
    /// <param name="work">What is to be done; it answers.</param>
    /// <param name="fail">Answers with an error.</param>
    /// <param name="place">The batches in the queue that it comes after.</param>
    /// <param name="handedIn">All batches that it comes after.</param>
    internal sealed class Command(Action work, Action<Exception> fail, int place, long handedIn)
    {
        public int Place { get; set; } = place;

        public long HandedIn => handedIn;

        /// <summary>On the writer's thread. Whatever it throws is the caller's to see, not the writer's end.</summary>
        public void Run()
        {
            try
            {
                work();
            }
            catch (Exception error)
            {
                fail(error);
            }
        }

        public void Fail(Exception failure) => fail(failure);
    }
}
