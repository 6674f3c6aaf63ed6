using PiTap.Model;

namespace PiTap.Store;

/// <summary>
/// Batches between the analysis and the writer. A replay waits while it is full. A live run never waits: what comes then is joined with
/// the last batch in the queue, up to a number of rows, and what is beyond is counted.
/// </summary>
internal sealed class BatchQueue
{
    /// <summary>Batches, and rows of flows and look-ups in them, above which the queue is full.</summary>
    public const int MaxBatches = 32;

    public const int MaxRows = 65_536;

    private readonly object _gate = new();
    private readonly List<RecordBatch> _batches = [];
    private Action? _command;
    private long _rows;
    private long _handedIn;
    private long _safe;
    private bool _isFlushWanted;
    private bool _isClosed;

    /// <summary>Batches that were joined with another because the writer was behind.</summary>
    public long Joined { get; private set; }

    /// <summary>Rows that found no room.</summary>
    public long LostRows { get; private set; }

    public void Add(RecordBatch batch, bool mayWait)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(RecordStore));
            while (IsFull && mayWait && !_isClosed)
                Monitor.Wait(_gate);
            _handedIn++;
            if (IsFull)
                JoinWithLast(batch);
            else
                Append(batch);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all that was handed in is on disk; false where that takes longer than the time given.</summary>
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

    /// <summary>Runs something on the writer's thread, after all that was handed in before.</summary>
    public void Invoke(Action command)
    {
        using ManualResetEventSlim done = new();
        Exception? failure = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(RecordStore));
            _command = () =>
            {
                try
                {
                    command();
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    failure = error;
                }
                done.Set();
            };
            Monitor.PulseAll(_gate);
        }
        done.Wait();
        if (failure is not null)
            throw new StoreException(failure.Message, failure);
    }

    /// <summary>No more batches; the writer takes what there is and ends.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For the writer: what has come, or nothing after the time given.</summary>
    public Work Take(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_batches.Count == 0 && _command is null && !_isFlushWanted && !_isClosed)
                Monitor.Wait(_gate, timeout);
            Work work = new([.. _batches], _handedIn, _command, _isFlushWanted, _isClosed);
            _batches.Clear();
            _rows = 0;
            _command = null;
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
        };
    }

    /// <summary>What the writer is to do next.</summary>
    internal readonly record struct Work(List<RecordBatch> Batches, long UpTo, Action? Command, bool IsFlush, bool IsLast);
}
