using System.Buffers.Binary;
using LiteDB;
using LiteDB.Engine;

namespace PiTap.Store.Files;

/// <summary>
/// LiteDB on the store's own files. One thread at a time, by <see cref="Gate"/>: writers and readers of several collections at once are
/// where LiteDB 5.0's known faults are, and an operation here takes milliseconds. Documents are written by hand; no mapper is involved.
/// </summary>
internal sealed class StoreEngine : IDisposable
{
    /// <summary>Where a page names the next one of its chain.</summary>
    public const int NextPageAt = 9;

    /// <summary>Where the header names the first free page, and the last page of all.</summary>
    public const int FreeListAt = 60;

    public const int LastPageAt = 64;

    private const int PageBytes = DataFile.PageBytes;

    /// <summary>Documents that are in memory at one time while all are looked at, and bytes of them: the last one may go beyond.</summary>
    private const int DocumentsAtOnce = 1_000;

    private const int BytesAtOnce = 1 << 20;

    private static readonly BsonExpression s_id = BsonExpression.Create("_id");

    private readonly Stream _data;
    private readonly PageLog _log;
    private readonly LiteCalls _calls = new();

    /// <summary>Documents that LiteDB gives itself up at.</summary>
    private readonly HashSet<(string Collection, BsonValue Id)> _unreadable = [];

    private LiteEngine _engine;
    private bool _isInTransaction;

    private StoreEngine(Stream data, PageLog log)
    {
        _data = data;
        _log = log;
        _engine = _calls.Ask(() => Start(data, log));
    }

    private static LiteEngine Start(Stream data, PageLog log) =>
        new(new EngineSettings
        {
            DataStream = new KeptOpenStream(data),
            LogStream = new KeptOpenStream(log),
            Collation = data.Length == 0 ? Collation.Binary : null,
        });

    /// <summary>Held for each operation, and for several that belong together.</summary>
    public Lock Gate { get; } = new();

    public int RecoveredCommits => _log.RecoveredCommits;

    /// <summary>True while the file lacks what was committed last.</summary>
    public bool IsBehind => _log.IsBehind;

    public long LogBytes => _log.Length;

    public long SizeBytes => _data.Length + _log.Length;

    public static StoreEngine Open(string path, bool isReadOnly)
    {
        PageLog log = PageLog.Open(path, isReadOnly);
        DataFile? data = null;
        try
        {
            data = new DataFile(path, log, isReadOnly);
            return new StoreEngine(data, log);
        }
        catch
        {
            data?.Dispose();
            log.Dispose();
            throw;
        }
    }

    /// <summary>A fresh one without any file, to try something on.</summary>
    public static StoreEngine OpenInMemory()
    {
        StoreEngine engine = new(new MemoryStream(), PageLog.InMemory());
        engine.Initialise();
        return engine;
    }

    private DataFile Data => _data as DataFile ?? throw new NotSupportedException("A store in memory has no file.");

    /// <summary>For a fresh file. When to checkpoint is decided here and not by LiteDB.</summary>
    public void Initialise()
    {
        if (_calls.Ask(() => _engine.Pragma(Pragmas.CHECKPOINT)) != 0)
            _calls.Ask(() => _engine.Pragma(Pragmas.CHECKPOINT, 0));
    }

    /// <summary>
    /// All of it or nothing. Afterwards it holds for readers; on disk it is after <see cref="Persist"/>. Nothing is written to the disk in
    /// here: an <see cref="IOException"/> means pages that cannot be read, and what the caller has in memory no longer fits the file.
    /// </summary>
    public void Transact(Action changes)
    {
        lock (Gate)
        {
            _calls.Ask(_engine.BeginTrans);
            _isInTransaction = true;
            try
            {
                changes();
                _calls.Ask(_engine.Commit);
            }
            catch (IOException error)
            {
                TryRollback();
                throw new StoreDamagedException($"A part of it cannot be read: {error.Message}", error);
            }
            catch
            {
                TryRollback();
                throw;
            }
            finally
            {
                _isInTransaction = false;
            }
        }
    }

    public void Insert(string collection, BsonDocument document) => Insert(collection, [document]);

    public void Insert(string collection, IEnumerable<BsonDocument> documents) =>
        _calls.Ask(() => _engine.Insert(collection, _calls.Handed(documents), BsonAutoId.Int64));

    public void Update(string collection, IEnumerable<BsonDocument> documents) =>
        _calls.Ask(() => _engine.Update(collection, _calls.Handed(documents)));

    public void Upsert(string collection, IEnumerable<BsonDocument> documents) =>
        _calls.Ask(() => _engine.Upsert(collection, _calls.Handed(documents), BsonAutoId.Int64));

    public void Delete(string collection, IEnumerable<BsonValue> ids)
    {
        BsonValue[] all = [.. ids];
        _calls.Ask(() => _engine.Delete(collection, all));
        foreach (BsonValue id in all)
            _unreadable.Remove((collection, id));
    }

    public BsonDocument? Find(string collection, BsonValue id)
    {
        List<BsonDocument> found = Read(collection, BsonExpression.Create("_id = @0", id), 1);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Documents in order of their identifiers, those after <paramref name="after"/> where it is given.</summary>
    public List<BsonDocument> Page(string collection, BsonValue? after, int limit) =>
        Read(collection, Behind(after), limit);

    public IEnumerable<BsonDocument> All(string collection)
    {
        BsonValue? after = null;
        for (bool isLast = false; !isLast;)
        {
            List<BsonDocument> page = NextDocuments(collection, after, out isLast);
            foreach (BsonDocument document in page)
                yield return document;
            after = isLast ? null : page[^1]["_id"];
        }
    }

    /// <summary>
    /// All documents, each with the identifier that it is found by. One that LiteDB can make nothing of is null: it costs no other.
    /// </summary>
    public IEnumerable<(BsonValue Id, BsonDocument? Document)> Each(string collection)
    {
        BsonValue? after = null;
        for (bool isLast = false; !isLast;)
        {
            List<(BsonValue Id, BsonDocument? Document)> page = EachPage(collection, after, out isLast);
            foreach ((BsonValue, BsonDocument?) entry in page)
                yield return entry;
            after = isLast ? null : page[^1].Id;
        }
    }

    /// <summary>Those of <see cref="Each"/> behind an identifier, as many as may be in memory at one time.</summary>
    public List<(BsonValue Id, BsonDocument? Document)> EachPage(string collection, BsonValue? after, out bool isLast)
    {
        lock (Gate)
        {
            // From the index alone: no document is looked at.
            BsonValue[] ids = [.. Read(collection, Behind(after), DocumentsAtOnce, s_id).Select(static document => document["_id"])];
            List<BsonDocument?> page = [];
            bool isRead = _unreadable.Count == 0 && TryRead(() => NextDocuments(collection, after, out _), out page);
            // One that LiteDB passes over shows by those behind it.
            if (!isRead || page.Count == 0 || page[^1]!["_id"] != ids[page.Count - 1])
                page = FindEach(collection, ids);
            isLast = page.Count == ids.Length && ids.Length < DocumentsAtOnce;
            return [.. page.Select((document, place) => (ids[place], document))];
        }
    }

    private List<BsonDocument?> FindEach(string collection, BsonValue[] ids)
    {
        List<BsonDocument?> page = [];
        long bytes = 0;
        while (page.Count < ids.Length && bytes < BytesAtOnce)
        {
            page.Add(FindReadable(collection, ids[page.Count]));
            bytes += page[^1] is { } document ? DocumentSize.Of(document) : 0;
        }
        return page;
    }

    private List<BsonDocument> NextDocuments(string collection, BsonValue? after, out bool isLast)
    {
        List<BsonDocument> page = Read(collection, Behind(after), DocumentsAtOnce, null, BytesAtOnce, out bool isCut);
        isLast = !isCut && page.Count < DocumentsAtOnce;
        return page;
    }

    private static BsonExpression Behind(BsonValue? after) => BsonExpression.Create("_id > @0", after ?? BsonValue.MinValue);

    private BsonDocument? FindReadable(string collection, BsonValue id)
    {
        if (_unreadable.Contains((collection, id)))
            return null;
        if (TryRead(() => [Find(collection, id)], out List<BsonDocument?> found))
            return found[0];
        _unreadable.Add((collection, id));
        return null;
    }

    private bool TryRead(Func<IEnumerable<BsonDocument?>> read, out List<BsonDocument?> documents)
    {
        documents = [];
        try
        {
            documents.AddRange(read());
            return true;
        }
        catch (Exception error) when (StoreDamagedException.Is(error))
        {
            Restart(error);
            return false;
        }
    }

    /// <summary>
    /// At some bytes that make no sense to it LiteDB refuses all that comes after. Nothing was changed, so a new one takes its place; what
    /// a transaction changed before would be lost.
    /// </summary>
    private void Restart(Exception error)
    {
        try
        {
            // Of no collection: whether it answers at all.
            _calls.Ask(() => _engine.Query("nothing", new Query())).Dispose();
        }
        catch (Exception stopped) when (StoreDamagedException.Is(stopped))
        {
            if (_isInTransaction)
                throw new StoreDamagedException("A document makes no sense.", error);
            _engine = _calls.Ask(() => Start(_data, _log));
        }
    }

    public List<string> Collections()
    {
        lock (Gate)
        {
            List<BsonDocument> all = _calls.Ask(() => Read("$cols", new Query(), long.MaxValue)).Documents;
            return [.. all.Where(static entry => entry["type"] == "user").Select(static entry => entry.Text("name"))];
        }
    }

    /// <summary>Why the store's file is no longer the one that people look at; null if it is.</summary>
    public string? WhyGone() => Data.WhyGone();

    /// <summary>
    /// Writes what was committed to the log's file; an <see cref="IOException"/> leaves everything as it was, to be tried again.
    /// </summary>
    public void Persist() => _log.Persist();

    /// <summary>Brings the log into the data file. An error leaves both as they were for those who read them.</summary>
    public void Checkpoint()
    {
        lock (Gate)
        {
            if (_log.Length == 0)
                return;
            _log.Persist();
            _calls.Ask(_engine.Checkpoint);
        }
    }

    /// <summary>
    /// Bytes of the data file in use and free, after a <see cref="Checkpoint"/>. The free pages are a chain that begins in the header.
    /// </summary>
    public (long Used, long Free) Usage()
    {
        lock (Gate)
        {
            Span<byte> head = stackalloc byte[LastPageAt + sizeof(uint)];
            Data.ReadPageHead(0, head);
            uint last = BinaryPrimitives.ReadUInt32LittleEndian(head[LastPageAt..]);
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(head[FreeListAt..]);
            long free = 0;
            while (next != uint.MaxValue && free <= last)
            {
                free++;
                Data.ReadPageHead(next, head[..(NextPageAt + sizeof(uint))]);
                next = BinaryPrimitives.ReadUInt32LittleEndian(head[NextPageAt..]);
            }
            return ((last + 1 - free) * PageBytes, free * PageBytes);
        }
    }

    /// <summary>After a <see cref="Checkpoint"/>: every page that the header speaks of is in the file.</summary>
    public void CheckLength()
    {
        Span<byte> head = stackalloc byte[LastPageAt + sizeof(uint)];
        Data.ReadPageHead(0, head);
        if ((BinaryPrimitives.ReadUInt32LittleEndian(head[LastPageAt..]) + 1L) * PageBytes > _data.Length)
            throw new StoreDamagedException("Pages are missing at its end.");
    }

    /// <summary>Closes the files as they are. An orderly end has a <see cref="Checkpoint"/> before.</summary>
    public void Dispose()
    {
        // A reader that is in the middle of an operation ends it first; the next one is refused.
        lock (Gate)
        {
            try
            {
                _calls.End(_engine);
                _log.DeleteIfEmpty();
            }
            finally
            {
                _data.Dispose();
                _log.Dispose();
            }
        }
    }

    /// <summary>Whatever happens here, it is the first error that tells what is wrong.</summary>
    private void TryRollback()
    {
        try
        {
            _engine.Rollback();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The engine is given up by whoever gets the first error.
        }
    }

    /// <summary>With its value as a parameter: LiteDB compiles each new text of an expression and never forgets it.</summary>
    private List<BsonDocument> Read(string collection, BsonExpression where, int limit, BsonExpression? select = null) =>
        Read(collection, where, limit, select, long.MaxValue, out _);

    /// <summary>Where it comes to so many bytes, what is behind is left out.</summary>
    private List<BsonDocument> Read(
        string collection, BsonExpression where, int limit, BsonExpression? select, long mostBytes, out bool isCut)
    {
        Query query = new() { Limit = limit };
        if (select is not null)
            query.Select = select;
        query.Where.Add(where);
        lock (Gate)
        {
            (List<BsonDocument> documents, isCut) = _calls.Ask(() => Read(collection, query, mostBytes));
            return documents;
        }
    }

    private (List<BsonDocument> Documents, bool IsCut) Read(string collection, Query query, long mostBytes)
    {
        using IBsonDataReader reader = _engine.Query(collection, query);
        List<BsonDocument> documents = [];
        long bytes = 0;
        bool isCut = false;
        while (!isCut && reader.Read())
        {
            documents.Add(reader.Current.AsDocument);
            if (mostBytes < long.MaxValue)
                isCut = (bytes += DocumentSize.Of(documents[^1])) >= mostBytes;
        }
        return (documents, isCut);
    }
}
