using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// What the flushes brought, a document each: states of flows and lookups that may still change, of which the later one holds, and what
/// is to be added to the totals. When it has grown, <see cref="Fold"/> seals what is final and leaves one document with the rest.
/// </summary>
internal sealed class Journal(BlockTable<FlowRecord> flows, BlockTable<NameLookup> lookups)
{
    /// <summary>
    /// Documents, and bytes on top of what the latest folding left, above which the journal is folded; of the records in memory
    /// <see cref="MemoryBudget.JournalBytes"/>.
    /// </summary>
    public const int MaxDocuments = 300;

    public const long MaxBytes = 4 << 20;

    /// <summary>Without so many documents folding is not worth while, however much the totals hold: it writes all that changed.</summary>
    private const int MinDocuments = 30;

    /// <summary>The most bytes of one document, far below LiteDB's 16 MiB; a part that would make it larger gets one of its own.</summary>
    private const int MaxDocumentBytes = 10 << 20;

    /// <summary>Rows that one document holds at most.</summary>
    private const int MaxDocumentRows = 16_384;

    private const string Totals = "totals";

    private readonly TotalsEncoder _totalsEncoder = new();
    private readonly List<long> _ids = [];
    private long _bytes;
    private long _recordBytes;
    private int _idsAtFold;
    private long _bytesAtFold;
    private long _recordBytesAtFold;

    public long MaxId => _ids.Count == 0 ? 0 : _ids[^1];

    public bool IsEmpty => _ids.Count == 0;

    public bool IsWorthFolding => _ids.Count - _idsAtFold >= MinDocuments;

    public bool IsFoldDue => _ids.Count - _idsAtFold >= MaxDocuments || _bytes - _bytesAtFold >= MaxBytes
        || _recordBytes - _recordBytesAtFold >= MemoryBudget.JournalBytes;

    public void Load(StoreEngine engine)
    {
        _ids.Clear();
        foreach (BsonDocument document in engine.All(Schema.Journal))
            _ids.Add(document.Long("_id"));
    }

    /// <summary>What one flush brought: as a rule one document.</summary>
    public void Append(StoreEngine engine, List<StoredRow<FlowRecord>> flowRows, List<StoredRow<NameLookup>> lookupRows, TotalsPart? totals, Func<long> nextId, long nowNs)
    {
        List<byte[]> flowParts = Parts(flows, flowRows);
        List<byte[]> lookupParts = Parts(lookups, lookupRows);
        List<byte[]> totalsParts = totals is null ? [] : [.. totals.Encode(_totalsEncoder)];
        int most = Math.Max(totalsParts.Count, Math.Max(flowParts.Count, lookupParts.Count));
        for (int i = 0; i < most; i++)
        {
            BsonDocument document = [];
            int bytes = 0;
            (string, List<byte[]>)[] all = [(Schema.Flows, flowParts), (Schema.Lookups, lookupParts), (Totals, totalsParts)];
            foreach ((string field, List<byte[]> parts) in all)
            {
                if (i >= parts.Count)
                    continue;
                if (bytes > 0 && bytes + parts[i].Length > MaxDocumentBytes)
                {
                    Insert(engine, document, nextId(), nowNs);
                    document = [];
                    bytes = 0;
                }
                document[field] = parts[i];
                bytes += parts[i].Length;
                _bytes += parts[i].Length;
            }
            Insert(engine, document, nextId(), nowNs);
        }
    }

    /// <summary>The present states, in order; those to be forgotten among them. Parts that cannot be read are counted.</summary>
    public (StoredRow<FlowRecord>[] Flows, StoredRow<NameLookup>[] Lookups, int Damaged) Read(StoreEngine engine)
    {
        Dictionary<(int, long), StoredRow<FlowRecord>> flowRows = [];
        Dictionary<(int, long), StoredRow<NameLookup>> lookupRows = [];
        int damaged = 0;
        foreach (BsonDocument document in engine.All(Schema.Journal))
        {
            damaged += Collect(document[Schema.Flows], flows.Codec, flowRows) ? 0 : 1;
            damaged += Collect(document[Schema.Lookups], lookups.Codec, lookupRows) ? 0 : 1;
        }
        return (InOrder(flows.Codec, flowRows), InOrder(lookups.Codec, lookupRows), damaged);
    }

    /// <summary>What is to be added to the totals, in order, with the time of writing. Parts that cannot be read are counted.</summary>
    public static (List<(TotalsPart Part, long WrittenNs)> Parts, int Damaged) ReadTotals(StoreEngine engine)
    {
        List<(TotalsPart, long)> parts = [];
        int damaged = 0;
        foreach (BsonDocument document in engine.All(Schema.Journal))
        {
            if (!document[Totals].IsBinary)
                continue;
            try
            {
                parts.Add((TotalsPart.Decode(document[Totals].AsBinary), document.Long(Documents.Written)));
            }
            catch (InvalidDataException)
            {
                damaged++;
            }
        }
        return (parts, damaged);
    }

    /// <summary>
    /// Inside a transaction, in which the totals are written too: final states into blocks, with them all of runs other than <paramref
    /// name="currentRun"/>; the rest into a new document.
    /// </summary>
    public void Fold(StoreEngine engine, int? currentRun, Func<long> nextId, long nowNs)
    {
        (StoredRow<FlowRecord>[] flowRows, StoredRow<NameLookup>[] lookupRows, _) = Read(engine);
        List<StoredRow<FlowRecord>> openFlows = Seal(engine, flows, flowRows, currentRun, nextId, nowNs);
        List<StoredRow<NameLookup>> openLookups = Seal(engine, lookups, lookupRows, currentRun, nextId, nowNs);
        engine.Delete(Schema.Journal, _ids.Select(static id => new BsonValue(id)));
        _ids.Clear();
        _bytes = 0;
        _recordBytes = 0;
        Append(engine, openFlows, openLookups, null, nextId, nowNs);
        _idsAtFold = _ids.Count;
        _bytesAtFold = _bytes;
        _recordBytesAtFold = _recordBytes;
    }

    private static List<StoredRow<T>> Seal<T>(StoreEngine engine, BlockTable<T> table, StoredRow<T>[] rows, int? currentRun, Func<long> nextId, long nowNs)
    {
        List<StoredRow<T>> open = [];
        List<StoredRow<T>> done = [];
        foreach (StoredRow<T> row in rows)
        {
            if (table.Codec.IsForgotten(row.Record))
                continue;
            bool isOpen = row.Run == currentRun && !table.Codec.IsFinal(row.Record);
            (isOpen ? open : done).Add(row);
        }
        table.Append(engine, [], done, nextId, nowNs);
        return open;
    }

    /// <summary>Records of which a part was left out, as they would have been larger than a document may be.</summary>
    public long Shortened { get; private set; }

    private List<byte[]> Parts<T>(BlockTable<T> table, List<StoredRow<T>> rows)
    {
        List<EncodedBlock> parts = [];
        Span<StoredRow<T>> left = CollectionsMarshal.AsSpan(rows);
        foreach (ref readonly StoredRow<T> row in left)
            _recordBytes += table.Codec.WeightOf(row.Record);
        for (int at = 0; at < left.Length; at += MaxDocumentRows)
            Shortened += BlockTable<T>.Encode(table.Codec, left.Slice(at, Math.Min(MaxDocumentRows, left.Length - at)), parts);
        return [.. parts.Select(static part => part.Bytes)];
    }

    private void Insert(StoreEngine engine, BsonDocument document, long id, long nowNs)
    {
        document["_id"] = id;
        document[Documents.Written] = nowNs;
        engine.Insert(Schema.Journal, document);
        _ids.Add(id);
    }

    private static bool Collect<T>(BsonValue part, IBlockCodec<T> codec, Dictionary<(int, long), StoredRow<T>> rows)
    {
        if (!part.IsBinary)
            return true;
        try
        {
            foreach (StoredRow<T> row in codec.Decode(part.AsBinary))
                rows[(row.Run, codec.SequenceOf(row.Record))] = row;
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static StoredRow<T>[] InOrder<T>(IBlockCodec<T> codec, Dictionary<(int, long), StoredRow<T>> rows)
    {
        StoredRow<T>[] ordered = [.. rows.Values];
        Array.Sort(ordered, (a, b) => codec.KeyOf(a).CompareTo(codec.KeyOf(b)));
        return ordered;
    }
}
