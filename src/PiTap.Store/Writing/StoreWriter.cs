using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Forgetting;
using PiTap.Store.State;

namespace PiTap.Store.Writing;

/// <summary>
/// The store's one writer: a thread that adds up batches, commits them, and keeps trying while the disk refuses. Meanwhile records wait
/// in memory up to named bounds, and what is beyond is counted as the store's loss.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private static readonly TimeSpan s_replayCommitInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How many times the end of a run is tried again, once in an interval, where the disk refuses.</summary>
    private const int EndTries = 5;

    private readonly BatchQueue _queue;
    private readonly StoreKeeper _keeper;
    private readonly Action<string>? _notice;
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Retention _retention;
    private readonly PendingRecords _pending = new();
    private readonly Thread _thread;
    private RunRecord? _run;
    private bool _isLive;
    private long _lastCommit;
    private long _upTo;

    /// <summary>Records that were taken from the queue and are not on the disk yet.</summary>
    private long _unsafeRecords;

    /// <summary>Fresh stores before the run began.</summary>
    private int _replacedBefore;
    private bool _hasToldRefusal;
    private int _patience = EndTries;

    public StoreWriter(BatchQueue queue, StoreKeeper keeper, Retention retention, Action<string>? notice, string path, TimeProvider clock)
    {
        _queue = queue;
        _keeper = keeper;
        _notice = notice;
        _path = path;
        _clock = clock;
        _retention = retention;
        _lastCommit = clock.GetTimestamp();
        // In the fresh store the run goes on under its number.
        keeper.OnLeftOut = _pending.NoteDiscarded;
        keeper.OnFresh = state => _run = _run is null ? null : state.BeginRun(_run);
        _thread = new Thread(Work) { Name = "store-writer", IsBackground = true };
        _thread.Start();
    }

    public RemovedRecords Removed => _retention.Removed;

    /// <summary>After closing: true if everything is in the file.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>On the writer's thread: begins a run and returns its number.</summary>
    public int BeginRun(string mode, string version)
    {
        long now = Now();
        RunRecord template = new() { Run = 1, Mode = mode, StartedNs = now, UpdatedNs = now, Version = version };
        RunRecord? run = null;
        if (_keeper.Run(state => run = state.BeginRun(template), fresh => fresh.BeginRun(template)) is { } refusal)
            throw new StoreException($"The store {_path} takes no new run: {refusal.Message}", refusal);
        _keeper.Persist();
        _run = run ?? throw new StoreException($"The store {_path} takes no new run while its disk refuses.");
        _keeper.CurrentRun = _run.Run;
        _isLive = mode == StoreState.LiveMode;
        _replacedBefore = _keeper.Replaced;
        _hasToldRefusal = false;
        _pending.BeginRun(_run.Run, _isLive);
        return _run.Run;
    }

    /// <summary>On the writer's thread: the run has ended normally. If the disk refuses, that is tried again for a few seconds.</summary>
    public RunEnd CompleteRun()
    {
        if (_run is null)
            return new RunEnd();
        _run = _run with { IsComplete = true };
        if (!_keeper.IsWaiting)
            Commit();
        WriteRest();
        RunEnd end = new()
        {
            RecordsNotWritten = IsAllWritten ? 0 : Math.Max(_unsafeRecords, 1),
            RecordsLost = _pending.Lost(_queue.LostRows),
            WasReplaced = _keeper.Replaced > _replacedBefore,
        };
        if (!IsAllWritten)
            return end;
        _run = null;
        _keeper.CurrentRun = null;
        return end;
    }

    private bool IsAllWritten => _pending.IsEmpty && !_keeper.IsWaiting;

    /// <summary>On the writer's thread: removes a device from everything that was handed in so far.</summary>
    public ForgottenRecords Forget(string device, IReadOnlyList<DeviceRecord> alsoKnown)
    {
        Fold();
        _keeper.Persist();
        if (!IsAllWritten)
            throw new StoreException($"The store {_path} cannot be written at the moment: nothing was forgotten.");
        // A slip in an identifier costs nothing: neither a copy of the store nor what was set aside, which may be all that is left.
        if (!new DeviceForgetting(_keeper.State, device, alsoKnown).IsAnywhere(_keeper.State))
            return new ForgottenRecords(0, 0, 0, 0, 0);
        DeviceForgetting forgetting = new(_keeper.State, device, alsoKnown);
        _keeper.Rewrite(forgetting.Filter);
        return forgetting.Forgotten;
    }

    /// <summary>Takes what was handed in, writes it and closes the store.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
    }

    private long Now() => PacketTime.FromDateTimeOffset(_clock.GetUtcNow());

    private void Work()
    {
        try
        {
            Maintain();
            while (!Step())
            {
                // Until the queue is closed and empty.
            }
            End();
        }
        catch (Exception error)
        {
            // Something that no repair was meant for. Nobody may wait for this thread from here on, and nobody believe that it still
            // writes.
            Try(() => _notice?.Invoke($"The store {_path} is no longer written: {error.Message}"));
            _queue.Fail(error);
            Try(SaveRest);
            Try(_keeper.Persist);
            _keeper.Close();
        }
    }

    /// <summary>What was handed in before the writer's end.</summary>
    private void SaveRest()
    {
        foreach (BatchQueue.QueuedBatch batch in _queue.Take(TimeSpan.Zero).Batches)
            _pending.Add(batch.Records);
        if (_run is not null && !_pending.IsEmpty && !_keeper.IsWaiting)
            Commit();
    }

    /// <summary>At the writer's end: what fails as well is no reason to leave out the rest.</summary>
    private static void Try(Action last)
    {
        try
        {
            last();
        }
        catch (Exception)
        {
            // The first error was told; nobody is left to hear of another one.
        }
    }

    /// <summary>Takes what has come, writes what is due, then runs the commands. True for the last time.</summary>
    private bool Step()
    {
        BatchQueue.Work work = _queue.Take(s_interval, hasRoom: !_keeper.IsWaiting);
        try
        {
            foreach (BatchQueue.QueuedBatch batch in work.Batches)
            {
                _pending.Add(batch.Records);
                _unsafeRecords += PendingRecords.CountOf(batch.Records);
                if (!_keeper.IsWaiting && IsFull)
                    Commit();
                _queue.NoteUncommitted(batch.Bytes, _pending.Bytes);
            }
            _upTo = Math.Max(_upTo, work.UpTo);
            if (_keeper.IsWaiting)
                _keeper.Persist();
            if (IsCommitDue(work))
                Commit();
            if (!work.IsLast)
                Maintain();
            MarkSafe();
        }
        catch (Exception error)
        {
            work.Commands.ForEach(command => command.Fail(error));
            throw;
        }
        foreach (BatchQueue.Command command in work.Commands)
            command.Run();
        MarkSafe();
        return work.IsLast;
    }

    private bool IsCommitDue(BatchQueue.Work work)
    {
        if (_pending.IsEmpty || _run is null || _keeper.IsWaiting)
            return false;
        return _isLive || work.IsFlush || work.IsLast || work.Commands.Count > 0
            || IsFull
            || _clock.GetElapsedTime(_lastCommit) >= s_replayCommitInterval;
    }

    /// <summary>True if as much is pending as a commit is to have.</summary>
    private bool IsFull =>
        _run is not null && (_pending.ReadyBytes >= MemoryBudget.ReadyBytes || _pending.StateBytes >= MemoryBudget.CommitBytes);

    private void Commit()
    {
        _lastCommit = _clock.GetTimestamp();
        RunRecord run = _run! with
        {
            UpdatedNs = Math.Max(Now(), _run.UpdatedNs),
            Sources = _pending.Sources.Count > 0 ? _pending.Sources : _run.Sources,
            Losses = _pending.Losses,
            Rejects = _pending.Rejects,
        };
        _run = run;
        if (!TryCommit(run))
        {
            _pending.Discard();
            if (!_hasToldRefusal)
                _notice?.Invoke($"The store {_path} refuses some records, as a fresh one would: they are left out and counted.");
            _hasToldRefusal = true;
            // What is left is the counts.
            _run = run with { Sources = [], Rejects = [] };
            _ = TryCommit(_run);
        }
        _queue.NoteUncommitted(takenInBytes: 0, _pending.Bytes);
        _keeper.Persist();
    }

    private bool TryCommit(RunRecord run)
    {
        long lost = _queue.LostRows, now = Now();
        return _keeper.Run(state => state.Commit(_pending, run, lost, now), fresh => fresh.Write(_pending, run, lost, now)) is null;
    }

    private void Maintain()
    {
        if (_keeper.IsWaiting)
            return;
        StoreState state = _keeper.State;
        if (state.IsFoldDue)
            Fold();
        if (state.Engine.LogBytes >= (_isLive ? MemoryBudget.LiveLogBytes : MemoryBudget.ReplayLogBytes))
            _keeper.Checkpoint();
        if (_retention.IsDue)
        {
            // Documents that are behind the journal would look older than they are.
            Fold(state => _retention.Run(state, _run?.Run));
        }
        _keeper.Persist();
    }

    /// <summary>Brings the journal into blocks and documents. What had no place there is told with the next commit.</summary>
    private void Fold(Action<StoreState>? then = null)
    {
        LeftOut leftOut = default;
        _keeper.Run(state =>
        {
            leftOut = state.Fold(_run?.Run, Now());
            then?.Invoke(state);
        });
        _pending.NoteLeftOut(leftOut);
    }

    private void FoldAndCheckpoint()
    {
        _keeper.Run(state => state.Fold(null, Now()));
        _keeper.Persist();
        _keeper.Checkpoint();
    }

    private void MarkSafe()
    {
        if (!IsAllWritten)
            return;
        _unsafeRecords = 0;
        _queue.MarkSafe(_upTo);
    }

    private void End()
    {
        if (_run is not null && !_pending.IsEmpty && !_keeper.IsWaiting)
            Commit();
        WriteRest();
        if (_keeper.IsWaiting)
            _notice?.Invoke($"The store {_path} was closed before everything could be written.");
        else
            FoldAndCheckpoint();
        IsWhole = IsAllWritten;
        MarkSafe();
        _keeper.Close();
    }

    /// <summary>Once, and not for long: whoever ends the process waits for it.</summary>
    private void WriteRest()
    {
        while (!IsAllWritten && _patience > 0)
        {
            _patience--;
            using ManualResetEventSlim never = new();
            never.Wait(s_interval);
            _keeper.Persist();
            if (_run is not null && !_pending.IsEmpty && !_keeper.IsWaiting)
                Commit();
        }
    }
}
