using System.Runtime.InteropServices;
using PiTap.Store.Blocks;
using PiTap.Store.Files;

namespace PiTap.Store.State;

/// <summary>
/// Rows of one kind on their way to the next commit. In a replay, what is final is encoded as soon as there is a block of it, so that a
/// large capture is pending here in compressed form. Everything else is pending as records, one state each, for the journal. Whoever adds
/// to it keeps it bounded (<see cref="MemoryBudget.RecordBytes"/>).
/// </summary>
internal sealed class RowIntake<T>(IBlockCodec<T> codec)
{
    /// <summary>Bytes of records that make a block, however few they are.</summary>
    private const int MaxChunkBytes = 4 << 20;

    private readonly List<StoredRow<T>> _chunk = [];
    private readonly List<EncodedBlock> _blocks = [];
    private readonly Dictionary<long, T> _pending = [];
    private readonly HashSet<long> _journaled = [];
    private int _run;
    private bool _isLive;
    private long _chunkBytes;
    private long _pendingBytes;

    /// <summary>Records of which a part was left out, since the run began.</summary>
    public long Shortened { get; private set; }

    /// <summary>Bytes of the blocks that are ready.</summary>
    public long ReadyBytes { get; private set; }

    /// <summary>Bytes of the records that are pending as such.</summary>
    public long RecordBytes => _chunkBytes + _pendingBytes;

    public void BeginRun(int run, bool isLive)
    {
        _run = run;
        _isLive = isLive;
        _journaled.Clear();
        Shortened = 0;
    }

    public void Add(T record)
    {
        long sequence = codec.SequenceOf(record);
        bool isForgotten = codec.IsForgotten(record);
        if (_isLive || !(codec.IsFinal(record) || isForgotten) || _journaled.Contains(sequence))
        {
            ref T? state = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, sequence, out bool isKnown);
            _pendingBytes += codec.WeightOf(record) - (isKnown ? codec.WeightOf(state!) : 0);
            state = record;
            return;
        }
        if (_pending.Remove(sequence, out T? earlier))
            _pendingBytes -= codec.WeightOf(earlier);
        if (isForgotten)
            return;
        _chunk.Add(new StoredRow<T>(_run, record));
        _chunkBytes += codec.WeightOf(record);
        if (_chunk.Count >= BlockTable<T>.FullRows || _chunkBytes >= MaxChunkBytes)
            EncodeChunk();
    }

    /// <summary>Inside a transaction: blocks and the last, smaller part to the table. Returns what is for the journal.</summary>
    public List<StoredRow<T>> Store(StoreEngine engine, BlockTable<T> table, Func<long> nextId, long nowNs)
    {
        table.Append(engine, _blocks, _chunk, nextId, nowNs);
        List<StoredRow<T>> rest = new(_pending.Count);
        foreach ((long sequence, T record) in _pending)
        {
            rest.Add(new StoredRow<T>(_run, record));
            if (!_isLive)
                _journaled.Add(sequence);
        }
        return rest;
    }

    /// <summary>After the commit.</summary>
    public void Clear()
    {
        ClearChunk();
        _blocks.Clear();
        _pending.Clear();
        _pendingBytes = 0;
        ReadyBytes = 0;
    }

    private void ClearChunk()
    {
        _chunk.Clear();
        _chunkBytes = 0;
    }

    private void EncodeChunk()
    {
        List<StoredRow<T>> ordered = RowSort.Order(codec, _chunk);
        int before = _blocks.Count;
        if (ordered.Count > 0)
            Shortened += BlockTable<T>.Encode(codec, CollectionsMarshal.AsSpan(ordered), _blocks);
        for (int i = before; i < _blocks.Count; i++)
            ReadyBytes += _blocks[i].Bytes.Length;
        ClearChunk();
    }
}
