using LiteDB;
using PiTap.Store.Files;
using PiTap.Store.Opening;
using PiTap.Store.State;

namespace PiTap.Store.Writing;

/// <summary>
/// Keeps a store open whatever happens to it: what the disk refuses is tried again, an engine that fails is opened anew, and a store that
/// is damaged is set aside for a fresh one. Used by the writer's thread alone, but for <see cref="State"/>.
/// </summary>
internal sealed class StoreKeeper(StoreOpening opening, StoreState state, string path, Action<string>? notice)
{
    private StoreState _state = state;
    private string? _damage;
    private bool _isClosed;
    private volatile bool _isInTrouble;
    private bool _isLogStuck;

    public StoreState State => Volatile.Read(ref _state);

    /// <summary>True while the disk refuses: what comes in has to wait.</summary>
    public bool IsWaiting => _isClosed || _state.Engine.IsBehind;

    /// <summary>How many times a fresh store took the place of a damaged one.</summary>
    public int Replaced { get; private set; }

    /// <summary>
    /// True from a refusal of the disk until it takes everything again. From any thread; <see cref="IsWaiting"/> is true for a moment after
    /// every commit, too.
    /// </summary>
    public bool IsInTrouble => _isInTrouble;

    /// <summary>The run whose open flows stay open when the store is opened anew.</summary>
    public int? CurrentRun { get; set; }

    /// <summary>Called with the number of records that were left out because no store takes them.</summary>
    public Action<long>? OnLeftOut { get; set; }

    /// <summary>Called after the store was set aside, on the fresh one.</summary>
    public Action<StoreState>? OnFresh { get; set; }

    /// <summary>
    /// Runs what LiteDB may trip over: as it is, then on the engine opened anew, then on a fresh store. Returns why it was refused where
    /// that is not the store's fault: if a fresh one in memory refuses <paramref name="trial"/> too, the store stays in its place, as it
    /// was before. A mistake of the program's is never taken for damage: without a trial that meets it as well, it is thrown.
    /// Where the disk refuses it throws nothing, and <see cref="IsWaiting"/> tells.
    /// </summary>
    public Exception? Run(Action<StoreState> work, Action<StoreState>? trial = null)
    {
        Exception? failure = null;
        foreach (Action repair in new Action[] { static () => { }, Reopen, () => Replace(failure!.Message) })
        {
            if (failure is not null && StoreDamagedException.IsRefusal(failure))
                break;
            try
            {
                repair();
                work(_state);
                return null;
            }
            catch (Exception error) when (StoreDamagedException.Is(error))
            {
                bool isSecond = failure is not null;
                failure = error;
                if (isSecond && trial is not null && FreshStore.Refuses(trial))
                    break;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
            {
                Trouble(error);
                return null;
            }
            catch (Exception error) when (StoreDamagedException.IsMistake(error))
            {
                TakeBack();
                if (trial is null || !FreshStore.Refuses(trial))
                    throw;
                return error;
            }
        }
        TakeBack();
        return failure;
    }

    /// <summary>What failed left its traces in memory: that is read again from the store.</summary>
    private void TakeBack()
    {
        try
        {
            Reopen();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
        {
            Trouble(error);
        }
    }

    /// <summary>Writes what was committed to the disk, and gets out of trouble where that is possible by now.</summary>
    public void Persist()
    {
        try
        {
            if (_isClosed)
                Open();
            if (_state.Engine.WhyGone() is string reason)
                Replace(reason);
            _state.Engine.Persist();
            if (!_isInTrouble || _isLogStuck)
                return;
            _isInTrouble = false;
            notice?.Invoke($"The store {path} is written again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
        {
            Trouble(error);
        }
    }

    /// <summary>Brings the log into the file. Where there is no room for that yet, everything is safe in the log.</summary>
    public void Checkpoint()
    {
        _isLogStuck = true;
        Run(state =>
        {
            state.Engine.Checkpoint();
            _isLogStuck = false;
        });
    }

    /// <summary>
    /// Writes the store anew without what the filter leaves out, and nothing of it stays in any of its files: the log is emptied, and
    /// what was set aside as damaged, which nobody can look through, is deleted. The new file takes the old one's name at once: a process
    /// that ends halfway leaves the store of before. An exception leaves it, too, with what was set aside; but for one that says that this
    /// could not be deleted.
    /// </summary>
    public void Rewrite(Func<string, BsonDocument, BsonDocument?> filter)
    {
        try
        {
            _state.Engine.Checkpoint();
            StoreCompaction.Copy(_state.Engine, path, filter);
            Close();
            StoreCompaction.TakePlace(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"The store {path} cannot be written anew, which takes as much room again; it is left as it is. ({error.Message})", error);
        }
        finally
        {
            if (_isClosed)
                Open();
        }
        try
        {
            SetAsideFiles.DeleteAll(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string sentence = $"The store {path} was written anew, but what was set aside of it cannot be deleted: {error.Message}";
            throw new StoreException(sentence, error);
        }
    }

    public void Close()
    {
        if (!_isClosed)
            StoreOpening.Close(_state.Engine);
        _isClosed = true;
    }

    /// <summary>People are told once when it begins and once when it ends.</summary>
    private void Trouble(Exception error)
    {
        if (!_isInTrouble)
            notice?.Invoke(DiskErrors.OnWrite(path, error));
        _isInTrouble = true;
    }

    private void Reopen()
    {
        Close();
        Open();
    }

    private void Replace(string reason)
    {
        Close();
        _damage = reason;
        Replaced++;
        Open();
    }

    /// <summary>What fails halfway through is done from where it failed at the next try.</summary>
    private void Open()
    {
        StoreOpenReport before = opening.Report;
        if (_damage is not null)
            opening.SetAside(_damage);
        _damage = null;
        StoreState opened = opening.Open(CurrentRun);
        Volatile.Write(ref _state, opened);
        _isClosed = false;
        if (opening.Report.LeftOutRecords > before.LeftOutRecords)
        {
            notice?.Invoke(opening.Report.Sentences[^1]);
            OnLeftOut?.Invoke(opening.Report.LeftOutRecords - before.LeftOutRecords);
        }
        if (opening.Report.SetAsidePath == before.SetAsidePath)
            return;
        notice?.Invoke(opening.Report.Sentences[^1]);
        OnFresh?.Invoke(opened);
    }
}
