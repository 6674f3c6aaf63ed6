using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.Reading;
using PiTap.Store.State;
using PiTap.Store.Writing;

namespace PiTap.Store;

/// <summary>
/// The store, open for writing: one process, one writer thread. Batches are committed whole; after <see cref="Flush"/> they are in the
/// file, whatever happens to the process. Readers work at the same time.
/// </summary>
public sealed class RecordStore : IRecordSink, IDisposable
{
    /// <summary>The mode of a run whose analysis must not wait; every other mode may.</summary>
    public const string LiveMode = StoreState.LiveMode;

    /// <summary>
    /// What whoever hands in a live run's batches may gather before, in bytes (<see cref="RecordWeight"/>): it is a part of what may be
    /// pending.
    /// </summary>
    public const long MaxGatheredBytes = MemoryBudget.GatheredBytes;

    private static readonly TimeSpan s_lastWait = TimeSpan.FromSeconds(10);

    private readonly StoreLock _lock;
    private readonly StoreKeeper _keeper;
    private readonly StoreWriter _writer;
    private readonly BatchQueue _queue = new();
    private readonly string _path;
    private bool _isLive;
    private bool _hasRun;
    private bool _isDisposed;

    private RecordStore(StoreLock held, StoreOpening opening, StoreState state, StoreOptions options, string path, TimeProvider clock)
    {
        _lock = held;
        _path = path;
        OpenReport = opening.Report;
        _keeper = new StoreKeeper(opening, state, path, options.Notice);
        Retention retention = new(path, options.RetainDays, options.MaxSizeBytes, clock);
        _writer = new StoreWriter(_queue, _keeper, retention, options.Notice, path, clock);
    }

    /// <summary>What happened at opening; its sentences are for people.</summary>
    public StoreOpenReport OpenReport { get; }

    /// <summary>What retention deleted since the store was opened.</summary>
    public RemovedRecords Removed => _writer.Removed;

    /// <summary>True while the disk refuses: what is handed in is pending in memory. From any thread.</summary>
    public bool IsWaiting => _keeper.IsInTrouble;

    /// <summary>After closing: true if everything that was handed in, but for <see cref="LostRows"/>, is in the file.</summary>
    public bool IsWhole => _writer.IsWhole;

    /// <summary>Rows of this run that found no room while the writer was behind. From any thread.</summary>
    public long LostRows => _queue.LostRows;

    /// <summary>Opens the store, or begins one. A <see cref="StoreException"/> says in a sentence why that cannot be.</summary>
    public static RecordStore Open(StoreOptions options, TimeProvider clock) => Open(options, clock, Migrations.All, Schema.Version);

    internal static RecordStore Open(StoreOptions options, TimeProvider clock, IReadOnlyList<Migration> migrations, int version)
    {
        options.Validate();
        string path = StoreOpening.FullPath(options.Path);
        StoreLock? held = null;
        try
        {
            held = StoreOpening.Prepare(path);
            StoreOpening opening = new(path, clock, migrations, version);
            return new RecordStore(held, opening, opening.Open(), options, path, clock);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw DiskErrors.OnOpen(path, error);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Begins a run: <c>live</c> or <c>replay</c>. Returns its number.</summary>
    public int BeginRun(string mode, string version)
    {
        int run = _queue.Invoke(() => _writer.BeginRun(mode, version));
        _isLive = mode == LiveMode;
        _hasRun = true;
        return run;
    }

    /// <summary>
    /// Hands a batch to the writer. In a replay it waits while the writer is behind. In a live run it does not: batches are joined, and
    /// what the queue has no room for is counted among the run's losses.
    /// </summary>
    public void Write(RecordBatch batch) => Write(batch, _isLive ? TimeSpan.Zero : Timeout.InfiniteTimeSpan);

    /// <summary>
    /// As <see cref="Write(RecordBatch)"/>, for what is left at the end: a live run waits, too, while that moves on. On a full disk it does
    /// not for long.
    /// </summary>
    public void WriteLast(RecordBatch batch) => Write(batch, _isLive ? s_lastWait : Timeout.InfiniteTimeSpan);

    private void Write(RecordBatch batch, TimeSpan mostWait)
    {
        if (!_hasRun)
            throw new InvalidOperationException("A batch belongs to a run: begin one first.");
        if (!batch.IsEmpty)
            _queue.Add(batch, IsWaiting && _isLive ? TimeSpan.Zero : mostWait);
    }

    /// <summary>
    /// Waits until everything handed in is in the file; false if that takes longer than the time given (without one it waits on).
    /// </summary>
    public bool Flush(TimeSpan? timeout = null) => _queue.Flush(timeout ?? Timeout.InfiniteTimeSpan);

    /// <summary>
    /// The run has ended normally: the rest is written, and the run marked complete. Where the disk refuses that is tried again for a few
    /// seconds; the answer says what came of it.
    /// </summary>
    public RunEnd CompleteRun()
    {
        if (!_hasRun)
            return new RunEnd();
        RunEnd end = _queue.Invoke(_writer.CompleteRun);
        _hasRun = false;
        return end;
    }

    /// <summary>The contacts with the most bytes, most first, from what the writer has in memory where that is all of them.</summary>
    public IReadOnlyList<ContactRecord> TopContacts(int count) => _queue.Invoke(() => _keeper.State.TopContacts(count));

    /// <summary>
    /// Removes a device (<see cref="DeviceRecord.Id"/>), as far as it was handed in by now: its record, flows, lookups, contacts and minute
    /// totals, and the flows, lookups and contacts of other devices that name it, by a name or an address of its record that no other
    /// device had as well. What stays of these are sums: other devices' minute totals and their <c>(other hosts)</c>. The store's files are
    /// written anew, so that nothing of it is in their bytes; stores set aside as damaged are deleted. All of it or, with a
    /// <see cref="StoreException"/>, nothing, whenever the process ends. A reader that is in the middle of an answer is refused the rest.
    /// What the analysis still knows of the device and hands in later is stored like anything new: it has to forget first.
    /// </summary>
    public ForgottenRecords Forget(string device) => ForgetAsync(device, []).GetAwaiter().GetResult();

    /// <summary>
    /// As <see cref="Forget"/>, without waiting: what is handed in from now on is stored when that is done.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="alsoKnown">Devices as the analysis knows them by now, beyond what it handed in.</param>
    public Task<ForgottenRecords> ForgetAsync(string device, IReadOnlyList<DeviceRecord> alsoKnown)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        return _queue.InvokeAsync(() => _writer.Forget(device, alsoKnown));
    }

    /// <summary>
    /// Reads while the store is written. Each query sees the store as it is when its first record is asked for; contacts and devices are
    /// read in parts, each of which is as it is then.
    /// </summary>
    public IStoreReader CreateReader() => CreateReader(static () => { });

    /// <summary>As <see cref="CreateReader()"/>, for one who must not read on for ever.</summary>
    /// <param name="reading">Called before each part of the store that is read, however little is found; throws to end the answer.</param>
    public IStoreReader CreateReader(Action reading) =>
        new StoreReader(_path, () => _keeper.State, ownedEngine: null, held: null) { Reading = reading };

    /// <summary>Writes what is left and closes the store. On a full disk that is given up after a few seconds, with a notice.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _writer.Dispose();
        _lock.Dispose();
    }
}
