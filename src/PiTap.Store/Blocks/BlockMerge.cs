namespace PiTap.Store.Blocks;

/// <summary>
/// Rows of many blocks in one order. Blocks are read when their first row is due, and at most <see cref="MaxOpenBlocks"/> are held: a block
/// whose next row is the furthest away is let go and read again later. One long flow in each block does not bring all of them into memory.
/// </summary>
internal sealed class BlockMerge<T>(IBlockCodec<T> codec, Func<BlockHead, StoredRow<T>[]?> read, Action onDamaged)
{
    /// <summary>The most blocks whose rows are in memory, about a megabyte each.</summary>
    public const int MaxOpenBlocks = 24;

    private sealed class Cursor
    {
        public BlockHead? Head { get; init; }

        public StoredRow<T>[]? Rows { get; set; }

        public int Next { get; set; }

        public RowKey Due { get; set; }

        public int Age { get; init; }
    }

    private readonly PriorityQueue<Cursor, (RowKey Due, int Age)> _queue = new();
    private readonly List<Cursor> _open = [];

    /// <summary>
    /// The rows of the blocks and of <paramref name="recent"/>, which are in order and newer states than those in blocks.
    /// </summary>
    public IEnumerable<StoredRow<T>> Rows(IReadOnlyList<BlockHead> heads, StoredRow<T>[] recent)
    {
        for (int i = 0; i < heads.Count; i++)
        {
            RowKey first = new(heads[i].MinStartNs, int.MinValue, long.MinValue);
            _queue.Enqueue(new Cursor { Head = heads[i], Due = first, Age = i }, (first, i));
        }
        if (recent.Length > 0)
        {
            Cursor cursor = new() { Rows = recent, Due = codec.KeyOf(recent[0]), Age = heads.Count };
            _queue.Enqueue(cursor, (cursor.Due, cursor.Age));
        }
        StoredRow<T>? last = null;
        RowKey lastKey = default;
        while (_queue.TryDequeue(out Cursor? cursor, out (RowKey Due, int Age) place))
        {
            if (!IsReady(cursor, place.Due))
                continue;
            StoredRow<T> row = cursor.Rows![cursor.Next];
            Advance(cursor);
            if (last is { } earlier && lastKey == place.Due)
            {
                last = RowSort.Preferred(codec, earlier, row);
                continue;
            }
            if (last is { } done && !codec.IsForgotten(done.Record))
                yield return done;
            (last, lastKey) = (row, place.Due);
        }
        if (last is { } end && !codec.IsForgotten(end.Record))
            yield return end;
    }

    /// <summary>Has the cursor's rows in memory. Where its true first row comes later than its head promised, it is put back.</summary>
    private bool IsReady(Cursor cursor, RowKey due)
    {
        if (cursor.Rows is null)
        {
            if (_open.Count >= MaxOpenBlocks)
                LetGo();
            if (read(cursor.Head!) is not { Length: > 0 } rows)
            {
                onDamaged();
                return false;
            }
            cursor.Rows = rows;
            _open.Add(cursor);
        }
        RowKey first = codec.KeyOf(cursor.Rows[cursor.Next]);
        if (first == due)
            return true;
        cursor.Due = first;
        _queue.Enqueue(cursor, (first, cursor.Age));
        return false;
    }

    private void Advance(Cursor cursor)
    {
        cursor.Next++;
        if (cursor.Next < cursor.Rows!.Length)
        {
            cursor.Due = codec.KeyOf(cursor.Rows[cursor.Next]);
            _queue.Enqueue(cursor, (cursor.Due, cursor.Age));
            return;
        }
        cursor.Rows = null;
        _open.Remove(cursor);
    }

    private void LetGo()
    {
        Cursor furthest = _open[0];
        foreach (Cursor cursor in _open)
        {
            if (cursor.Due.CompareTo(furthest.Due) > 0)
                furthest = cursor;
        }
        furthest.Rows = null;
        _open.Remove(furthest);
    }
}
