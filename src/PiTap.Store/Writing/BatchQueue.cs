using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.State;

namespace PiTap.Store.Writing;

/// <summary>
/// Batches between the analysis and the writer, and commands with answers from any thread. It bounds what is pending on both sides of it,
/// in bytes of memory: a replay waits for room. A live run never waits: what comes then is joined with what is here, and where that is not
/// enough, the least useful is dropped and counted.
/// </summary>
/// <param name="maxBytes">What is here and with the writer together.</param>
internal sealed class BatchQueue(long maxBytes = MemoryBudget.RecordBytes)
{
    /// <summary>Batches, beyond which a live run's are joined.</summary>
    public const int MaxBatches = 32;

    /// <summary>Commands that wait for the writer; one more is refused. Each is a thread that waits for its answer.</summary>
    public const int MaxCommands = 64;

    /// <summary>Without room this part is made free at once: looking for the least useful takes a look at all.</summary>
    private const int PartThatGoes = 8;

    private readonly object _gate = new();
    private readonly List<QueuedBatch> _batches = [];
    private readonly List<Command> _commands = [];

    /// <summary>The batch behind all others, while further ones are joined with it; null if none is.</summary>
    private BatchJoin? _last;

    // Bytes of the batches that are here, of those that the writer has taken, and of what it has not committed of earlier ones.
    private long _queuedBytes;
    private long _takenBytes;
    private long _uncommittedBytes;
    private long _handedIn;
    private long _safe;
    private bool _isFlushWanted;
    private bool _isClosed;
    private Exception? _failure;

    /// <summary>Batches that were joined with another because the writer was behind.</summary>
    public long Joined { get; private set; }

    /// <summary>Records that found no room.</summary>
    public long LostRows { get; private set; }

    /// <summary>Bytes of memory that are pending here and with the writer.</summary>
    public long PendingBytes
    {
        get
        {
            lock (_gate)
                return Bytes;
        }
    }

    /// <summary>Commands that the writer has not taken yet.</summary>
    public int WaitingCommands
    {
        get
        {
            lock (_gate)
                return _commands.Count;
        }
    }

    /// <summary>Adds a batch, which may wait so long for room; what has none then is joined or, without room for that, dropped.</summary>
    public void Add(RecordBatch batch, TimeSpan mostWait)
    {
        bool isReplay = mostWait == Timeout.InfiniteTimeSpan, mayWait = mostWait != TimeSpan.Zero;
        long deadline = Deadline(mostWait);
        QueuedBatch queued = new(batch, RecordWeight.Of(batch));
        lock (_gate)
        {
            ThrowIfEnded();
            while (mayWait && (isReplay ? MustWait : !HasRoom(queued)) && !_isClosed)
                mayWait = WaitUntil(deadline);
            ThrowIfFailed();
            _handedIn++;
            if (isReplay || (Batches < MaxBatches && HasRoom(queued)))
                Append(queued);
            else
                Join(queued);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all that was handed in is on disk; false if that takes longer than the time given.</summary>
    public bool Flush(TimeSpan timeout)
    {
        long deadline = Deadline(timeout);
        lock (_gate)
        {
            long wanted = _handedIn;
            while (_safe < wanted)
            {
                if (_isClosed)
                    return false;
                _isFlushWanted = true;
                Monitor.PulseAll(_gate);
                if (!WaitUntil(deadline))
                    return false;
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
            long bytes = work.Batches.Sum(static batch => batch.Bytes);
            _queuedBytes -= bytes;
            _takenBytes += bytes;
            _commands.RemoveRange(0, commands.Count);
            _commands.ForEach(command => command.Place -= count);
            _isFlushWanted &= !isAll;
            Monitor.PulseAll(_gate);
            return work;
        }
    }

    /// <summary>For the writer: it has taken in so many bytes of batches, and so many are not committed now.</summary>
    public void NoteUncommitted(long takenInBytes, long uncommittedBytes)
    {
        lock (_gate)
        {
            _takenBytes -= takenInBytes;
            _uncommittedBytes = uncommittedBytes;
            Monitor.PulseAll(_gate);
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

    private static long Deadline(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;

    /// <summary>Waits until something changes; false if it is too late for that.</summary>
    private bool WaitUntil(long deadline)
    {
        long left = deadline == long.MaxValue ? int.MaxValue : deadline - Environment.TickCount64;
        if (left <= 0)
            return false;
        Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
        return true;
    }

    private int Batches => _batches.Count + (_last is null ? 0 : 1);

    private long Bytes => _queuedBytes + _takenBytes + _uncommittedBytes;

    private bool HasRoom(QueuedBatch batch) => Bytes + batch.Bytes <= maxBytes;

    /// <summary>
    /// True if a replay has to wait. One batch finds its place however large it is: the analysis has it in memory already.
    /// </summary>
    private bool MustWait => Batches > 0
        && (Batches >= MaxBatches || _queuedBytes >= MemoryBudget.ReplayQueueBytes || Bytes >= maxBytes);

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

    private void Append(QueuedBatch batch)
    {
        EndJoin();
        _batches.Add(batch);
        _queuedBytes += batch.Bytes;
    }

    /// <summary>
    /// Joins a batch with the last one, without room with all of them, unless a command is in between: what it is about ends there.
    /// </summary>
    private void Join(QueuedBatch batch)
    {
        Joined++;
        int place = _commands.Count > 0 ? _commands[^1].Place : 0;
        bool isTight = !HasRoom(batch);
        int joined = isTight ? _batches.Count - place : _last is null ? Math.Min(1, _batches.Count - place) : 0;
        if (_last is null || joined > 0)
            BeginJoin(_batches.Count - joined);
        AddToJoin(batch.Records);
        if (Bytes > maxBytes)
        {
            long before = _last!.Bytes;
            LostRows += _last.Shed(Math.Max(0, before - (Bytes - maxBytes) - maxBytes / PartThatGoes));
            _queuedBytes += _last.Bytes - before;
        }
    }

    /// <summary>What is joined from now on begins with the batches from a place on, and with what was joined already.</summary>
    private void BeginJoin(int place)
    {
        BatchJoin? later = _last;
        List<QueuedBatch> batches = _batches.GetRange(place, _batches.Count - place);
        _batches.RemoveRange(place, batches.Count);
        _queuedBytes -= batches.Sum(static batch => batch.Bytes) + (later?.Bytes ?? 0);
        _last = new BatchJoin();
        foreach (QueuedBatch batch in batches)
            AddToJoin(batch.Records);
        if (later is not null)
            AddToJoin(later.Take());
    }

    private void AddToJoin(RecordBatch batch)
    {
        long before = _last!.Bytes;
        _last.Add(batch);
        _queuedBytes += _last.Bytes - before;
    }

    private void EndJoin()
    {
        if (_last is null)
            return;
        long bytes = _last.Bytes;
        RecordBatch batch = _last.Take();
        _last = null;
        if (!batch.IsEmpty)
            _batches.Add(new QueuedBatch(batch, bytes));
    }

    /// <summary>A batch, and what it holds of memory.</summary>
    internal readonly record struct QueuedBatch(RecordBatch Records, long Bytes);

    /// <summary>What the writer is to do next. The commands are run after the batches, and every one of them.</summary>
    internal readonly record struct Work(List<QueuedBatch> Batches, long UpTo, List<Command> Commands, bool IsFlush, bool IsLast);

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
