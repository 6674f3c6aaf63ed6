using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Blocks;

/// <summary>What is known of a sealed block without reading it. Times in nanoseconds since the epoch.</summary>
internal sealed record BlockHead(long Id, int Rows, long MinStartNs, long MaxEndNs, long StoredNs, int Bytes)
{
    /// <summary>The field of a block's bytes, in the document of their own.</summary>
    public const string Data = "data";

    /// <summary>What the collection of the blocks' bytes is called after that of their heads.</summary>
    public const string DataSuffix = "Data";

    public static BlockHead From(BsonDocument document) => new(document.Long("_id"), document.Int("rows"), document.Long("minStart"),
        document.Long("maxEnd"), document.Long("stored"), document.Int("bytes"));

    public BsonDocument ToDocument() => new()
    {
        ["_id"] = Id,
        ["rows"] = Rows,
        ["minStart"] = MinStartNs,
        ["maxEnd"] = MaxEndNs,
        ["stored"] = StoredNs,
        ["bytes"] = Bytes,
    };
}

/// <summary>A block that is ready to be stored.</summary>
internal sealed record EncodedBlock(int Rows, long MinStartNs, long MaxEndNs, byte[] Bytes);

/// <summary>
/// The sealed blocks of one kind of record: heads in memory and in one collection, bytes in another. Written by the writer's thread
/// alone; heads and bytes may be read by others under the engine's gate.
/// </summary>
internal sealed class BlockTable<T>(string name, IBlockCodec<T> codec)
{
    /// <summary>Rows of a full block.</summary>
    public const int FullRows = 4_096;

    /// <summary>Above this a block of few rows is left as it is: they are large, and what joins it is written again with it.</summary>
    private const int MaxTailBytes = 256 << 10;

    /// <summary>The most bytes a block is stored with; one of fewer rows is made where rows are large.</summary>
    public const int MaxBlockBytes = 4 << 20;

    /// <summary>The most bytes a record of its own is stored with: of a larger one a part is left out.</summary>
    public const int MaxRecordBytes = 8 << 20;

    /// <summary>The most bytes of deleted blocks that are kept for readers which are still at them.</summary>
    private const int MaxRetiredBytes = 64 << 20;

    private readonly string _dataName = name + BlockHead.DataSuffix;
    private readonly List<BlockHead> _heads = [];
    private readonly Dictionary<long, byte[]> _retired = [];
    private long _retiredBytes;
    private int _pins;

    public IBlockCodec<T> Codec => codec;

    /// <summary>Records of which a part was left out, as they would have been larger than a document may be.</summary>
    public long Shortened { get; private set; }

    public long MaxId => _heads.Count == 0 ? 0 : _heads[^1].Id;

    public long TotalRows => _heads.Sum(static h => (long)h.Rows);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<BlockHead> Heads => _heads;

    public void Load(StoreEngine engine)
    {
        _heads.Clear();
        foreach (BsonDocument document in engine.All(name))
            _heads.Add(BlockHead.From(document));
    }

    /// <summary>
    /// Rows in order as one block; as several where one would be too large, and a single one shortened. Returns how many were shortened.
    /// </summary>
    public static int Encode(IBlockCodec<T> codec, ReadOnlySpan<StoredRow<T>> ordered, List<EncodedBlock> blocks)
    {
        byte[]? bytes = codec.Encode(ordered);
        if (bytes is null or { Length: > MaxBlockBytes } && ordered.Length > 1)
        {
            return Encode(codec, ordered[..(ordered.Length / 2)], blocks)
                + Encode(codec, ordered[(ordered.Length / 2)..], blocks);
        }
        if (bytes is null or { Length: > MaxRecordBytes })
        {
            T shorter = codec.Shorten(ordered[0].Record)
                ?? throw new InvalidOperationException($"One record is larger than {MaxRecordBytes} bytes.");
            _ = Encode(codec, [ordered[0] with { Record = shorter }], blocks);
            return 1;
        }
        long maxEnd = long.MinValue;
        foreach (ref readonly StoredRow<T> row in ordered)
            maxEnd = Math.Max(maxEnd, codec.EndOf(row.Record));
        blocks.Add(new EncodedBlock(ordered.Length, codec.KeyOf(ordered[0]).TimeNs, maxEnd, bytes));
        return 0;
    }

    /// <summary>
    /// Stores blocks and rows. The rows join those of the last block where that is not full, so that many small runs do not leave many
    /// small blocks.
    /// </summary>
    public void Append(StoreEngine engine, IReadOnlyList<EncodedBlock> blocks, List<StoredRow<T>> rows, Func<long> nextId, long nowNs)
    {
        foreach (EncodedBlock block in blocks)
            Insert(engine, block, nextId(), nowNs);
        if (rows.Count == 0)
            return;
        BlockHead? tail = _heads.FindLast(static h => h.Rows < FullRows / 2 && h.Bytes < MaxTailBytes);
        if (tail is not null && TryRead(engine, tail) is { } tailRows)
        {
            Delete(engine, tail);
            rows = [.. tailRows, .. rows];
        }
        List<StoredRow<T>> ordered = RowSort.Order(codec, rows);
        List<EncodedBlock> encoded = [];
        for (int at = 0; at < ordered.Count; at += FullRows)
        {
            int count = Math.Min(FullRows, ordered.Count - at);
            Shortened += Encode(codec, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ordered).Slice(at, count), encoded);
        }
        foreach (EncodedBlock block in encoded)
            Insert(engine, block, nextId(), nowNs);
    }

    public void Delete(StoreEngine engine, BlockHead head)
    {
        if (_pins > 0 && _retiredBytes < MaxRetiredBytes && engine.Find(_dataName, head.Id) is { } document)
        {
            _retired[head.Id] = document.Bytes(BlockHead.Data);
            _retiredBytes += head.Bytes;
        }
        engine.Delete(_dataName, [head.Id]);
        engine.Delete(name, [head.Id]);
        _heads.Remove(head);
    }

    /// <summary>Heads of the blocks that may hold what the query asks for. Their bytes stay readable until <see cref="Unpin"/>.</summary>
    public List<BlockHead> Pin(StoreEngine engine, Model.StoreQuery query)
    {
        lock (engine.Gate)
        {
            _pins++;
            return _heads.FindAll(h => QueryMatch.Time(query, h.MinStartNs, h.MaxEndNs));
        }
    }

    public void Unpin(StoreEngine engine)
    {
        lock (engine.Gate)
        {
            if (--_pins > 0)
                return;
            _retired.Clear();
            _retiredBytes = 0;
        }
    }

    /// <summary>The block's rows; null if it is damaged or gone.</summary>
    public StoredRow<T>[]? TryRead(StoreEngine engine, BlockHead head)
    {
        byte[]? bytes;
        BsonDocument? document = null;
        lock (engine.Gate)
        {
            if (!_retired.TryGetValue(head.Id, out bytes))
                document = engine.Find(_dataName, head.Id);
        }
        try
        {
            bytes ??= document?.Bytes(BlockHead.Data);
            return bytes is null ? null : codec.Decode(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private void Insert(StoreEngine engine, EncodedBlock block, long id, long nowNs)
    {
        BlockHead head = new(id, block.Rows, block.MinStartNs, block.MaxEndNs, nowNs, block.Bytes.Length);
        engine.Insert(_dataName, new BsonDocument { ["_id"] = id, [BlockHead.Data] = block.Bytes });
        engine.Insert(name, head.ToDocument());
        _heads.Add(head);
    }
}
