using Microsoft.Win32.SafeHandles;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.State;

namespace PiTap.Store.Opening;

/// <summary>The way from a path to an open store for writing: checks, set-aside, migration, recovery.</summary>
internal sealed class StoreOpening(string path, TimeProvider clock, IReadOnlyList<Migration> migrations, int version)
{
    private const int MagicAt = 32;

    private static ReadOnlySpan<byte> Magic => "** This is a LiteDB file **"u8;

    private readonly List<string> _sentences = [];

    /// <summary>Those of a store that was set aside, for the fresh one in its place.</summary>
    private FileRights? _rights;

    public StoreOpenReport Report { get; private set; } = new();

    /// <summary>The path from the root, if a store may be there: a <see cref="StoreException"/> says why not.</summary>
    public static string FullPath(string path)
    {
        string full = Path.GetFullPath(path);
        return WhyNot(full) is { } reason ? throw new StoreException(reason) : full;
    }

    /// <summary>Why a store cannot be under this name, whatever is in it; null if it may. Nothing is opened.</summary>
    public static string? WhyNot(string path)
    {
        FileKind kind = Path.EndsInDirectorySeparator(path) ? FileKind.Folder : FileKinds.Of(path);
        if (kind == FileKind.Link)
            return $"{path} is a link, not a store: name the file that it leads to.";
        return FileKinds.Obstacle(kind) is { } obstacle ? $"{path} is {obstacle}, not a store." : null;
    }

    /// <summary>Makes the folder and takes the lock, if nothing is in the way of the files that go with the store.</summary>
    public static StoreLock Prepare(string path)
    {
        string copy = StoreCompaction.PathOf(path);
        foreach (string companion in (string[])[StoreLock.PathOf(path), PageLog.PathOf(path), copy, PageLog.PathOf(copy)])
            RegularFile.Check(companion);
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        bool isKnown = File.Exists(StoreLock.PathOf(path));
        if (!isKnown && !File.Exists(PageLog.PathOf(path)) && IsForeign(path))
            throw new StoreException($"{path} is not a PiTap store. It is left as it is.");
        return StoreLock.Take(path);
    }

    /// <summary>
    /// The store, as it is or fresh in place of a damaged one. The caller holds the lock; a run of its own may be under way.
    /// </summary>
    public StoreState Open(int? currentRun = null)
    {
        StoreCompaction.CleanUp(path);
        SetOrphanAside();
        StoreState? state = null;
        try
        {
            state = TryOpen(currentRun);
        }
        catch (Exception error) when (StoreDamagedException.Is(error))
        {
            SetAside(error.Message);
        }
        state ??= TryOpen(currentRun);
        Report = Report with { Sentences = _sentences };
        return state;
    }

    /// <summary>True for a file that is neither empty nor begins with a page of LiteDB's.</summary>
    public static bool IsForeign(string path)
    {
        if (!File.Exists(path))
            return false;
        using SafeFileHandle file = RegularFile.OpenToLook(path);
        long length = RandomAccess.GetLength(file);
        Span<byte> head = stackalloc byte[MagicAt + Magic.Length];
        return length > 0
            && (length < DataFile.PageBytes || RandomAccess.Read(file, head, 0) < head.Length || !head[MagicAt..].SequenceEqual(Magic));
    }

    /// <summary>Refuses what another program or a newer PiTap made; false if nothing is there yet.</summary>
    public static bool CheckMeta(StoreEngine engine, string path)
    {
        if (engine.Find(Schema.Meta, Schema.MetaId) is { } meta && meta[Schema.ApplicationField] == Schema.Application)
            return true;
        List<string> collections = engine.Collections();
        if (collections.Count == 0)
            return false;
        if (collections.Contains(Schema.Journal) || collections.Contains(Schema.Runs))
            throw new StoreDamagedException("The store has no version.");
        throw new StoreException($"{path} was made by another program. It is left as it is.");
    }

    private long NowNs => PacketTime.FromDateTimeOffset(clock.GetUtcNow());

    private StoreState TryOpen(int? currentRun)
    {
        bool isNew = !File.Exists(path) || new FileInfo(path).Length == 0;
        if (!isNew && IsForeign(path))
            throw new StoreDamagedException("Its first page is not a store's.");
        if (isNew && !File.Exists(path))
            _rights?.Create(path);
        StoreEngine engine = StoreEngine.Open(path, isReadOnly: false);
        try
        {
            if (!CheckMeta(engine, path))
                Begin(engine);
            int found = Migrations.Run(engine, path, migrations, version);
            Report = Report with
            {
                IsNew = isNew,
                RecoveredCommits = engine.RecoveredCommits,
                MigratedFromVersion = found < version ? found : null,
            };
            StoreState state = new(engine);
            state.Load(NowNs);
            if (state.Totals!.Damaged is > 0 and int damaged)
                _sentences.Add($"The store {path} has damaged documents of contacts, devices or hours, which are left out: {damaged}.");
            Settle(state, currentRun);
            engine = Compact(state.Engine, out bool isReplaced);
            if (!isReplaced)
                return state;
            state = new StoreState(engine);
            state.Load(NowNs);
            return state;
        }
        catch
        {
            Close(engine);
            throw;
        }
    }

    public static void Close(StoreEngine engine)
    {
        try
        {
            engine.Dispose();
        }
        catch (Exception error) when (StoreDamagedException.Is(error) || error is IOException)
        {
            // A damaged engine fails at closing, too; its files are closed all the same.
        }
    }

    private void Begin(StoreEngine engine)
    {
        engine.Initialise();
        engine.Transact(() => engine.Upsert(Schema.Meta, [Schema.NewMeta(version)]));
        engine.Persist();
        engine.Checkpoint();
    }

    /// <summary>What a cut-off run left: its log into the file, its journal into blocks. A full disk leaves that for later.</summary>
    private void Settle(StoreState state, int? currentRun)
    {
        try
        {
            state.Engine.Checkpoint();
            state.Engine.CheckLength();
            try
            {
                state.Fold(currentRun, NowNs);
            }
            catch (Exception error) when (error is not (IOException or StoreException)
                && FreshStore.RefusesJournal(state, currentRun, NowNs))
            {
                LeaveOutJournal(state, error);
            }
            state.Engine.Persist();
        }
        catch (IOException error)
        {
            _sentences.Add(DiskErrors.OnWrite(path, error));
        }
    }

    /// <summary>It would be in the way of each fold, and the store is not to blame.</summary>
    private void LeaveOutJournal(StoreState state, Exception error)
    {
        long records = state.DropJournal(NowNs);
        Report = Report with { LeftOutRecords = Report.LeftOutRecords + records };
        _sentences.Add($"The store {path} has records that no store takes, of the last seconds before they were met: "
            + $"{records} are left out. ({error.Message})");
    }

    private StoreEngine Compact(StoreEngine engine, out bool isReplaced)
    {
        isReplaced = false;
        long before;
        try
        {
            if (!StoreCompaction.IsDue(engine))
                return engine;
            before = engine.SizeBytes;
            StoreCompaction.Copy(engine, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No room for the copy, or it cannot be given to whom the store belongs: the store stays as it is.
            return engine;
        }
        engine.Dispose();
        isReplaced = true;
        try
        {
            StoreCompaction.TakePlace(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The store is as it was, and is opened again.
        }
        StoreEngine smaller = StoreEngine.Open(path, isReadOnly: false);
        Report = Report with { ReclaimedBytes = before - smaller.SizeBytes };
        return smaller;
    }

    /// <summary>A log without the file that it belongs to would be applied to a fresh file as if it were its own.</summary>
    private void SetOrphanAside()
    {
        string log = PageLog.PathOf(path);
        bool isEmpty = !File.Exists(path) || new FileInfo(path).Length == 0;
        if (isEmpty && File.Exists(log) && new FileInfo(log).Length > 0)
            SetAside("Its file is gone, only the log is left.");
    }

    /// <summary>Moves the file and its log away, under a name with the time in it. Nobody has them open.</summary>
    public void SetAside(string reason)
    {
        string aside = SetAsideFiles.NewName(path, clock.GetUtcNow());
        bool isThere = File.Exists(path) || File.Exists(PageLog.PathOf(path));
        // Somebody may have put there, meanwhile, what is not to be moved.
        RegularFile.Check(path);
        RegularFile.Check(PageLog.PathOf(path));
        _rights = FileRights.ToInherit(path) ?? FileRights.ToInherit(PageLog.PathOf(path));
        if (File.Exists(path))
            File.Move(path, aside);
        if (File.Exists(PageLog.PathOf(path)))
            File.Move(PageLog.PathOf(path), PageLog.PathOf(aside));
        Report = Report with { SetAsidePath = aside };
        _sentences.Add(isThere
            ? $"The store {path} was damaged and is now {aside}; a fresh one was begun. ({reason})"
            : $"The store {path} is gone; a fresh one was begun. ({reason})");
    }
}
