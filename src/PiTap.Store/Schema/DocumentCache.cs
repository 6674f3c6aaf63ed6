using LiteDB;

namespace PiTap.Store;

/// <summary>
/// The documents of one collection that were touched lately, so that a change costs one write and no search. Every change is written
/// with the next <see cref="Flush"/>, inside the caller's transaction.
/// </summary>
internal sealed class DocumentCache<TKey, TValue>(string collection, int capacity, Func<TKey, BsonValue> idOf,
    Func<TKey, TValue, BsonDocument> write, Func<BsonDocument, (TKey Key, TValue Value)> read)
    where TKey : notnull
    where TValue : class
{
    private static readonly IComparer<TKey> s_order = StringComparer.Ordinal as IComparer<TKey> ?? Comparer<TKey>.Default;

    private readonly Dictionary<TKey, TValue> _known = [];
    private readonly HashSet<TKey> _added = [];
    private readonly HashSet<TKey> _changed = [];
    private readonly HashSet<TKey> _removed = [];
    private bool _isComplete;

    /// <summary>Documents in the collection, once it was loaded.</summary>
    public long? Count { get; private set; }

    /// <summary>All documents, unless there are more than the cache holds.</summary>
    public IReadOnlyCollection<TValue>? All => _isComplete ? _known.Values : null;

    /// <summary>Reads what is there, unless it is more than the cache holds. Returns how many documents were read.</summary>
    public int Load(StoreEngine engine)
    {
        _known.Clear();
        List<BsonDocument> documents = engine.Page(collection, null, capacity + 1);
        _isComplete = documents.Count <= capacity;
        foreach (BsonDocument document in documents.Take(capacity))
        {
            (TKey key, TValue value) = read(document);
            _known[key] = value;
        }
        Count = _isComplete ? documents.Count : engine.All(collection).LongCount();
        return documents.Count;
    }

    public TValue? Get(StoreEngine engine, TKey key)
    {
        if (_removed.Contains(key))
            return null;
        if (_known.TryGetValue(key, out TValue? value) || _isComplete)
            return value;
        if (engine.Find(collection, idOf(key)) is not { } document)
            return null;
        value = read(document).Value;
        _known[key] = value;
        return value;
    }

    /// <summary>The key's value from now on. <paramref name="isNew"/>: <see cref="Get"/> returned nothing for it.</summary>
    public void Put(TKey key, TValue value, bool isNew)
    {
        _known[key] = value;
        // Taken away and back within one flush: the old document is still there.
        bool isThere = _removed.Remove(key);
        (isNew && !isThere ? _added : _changed).Add(key);
    }

    public void Remove(TKey key)
    {
        _known.Remove(key);
        _changed.Remove(key);
        if (!_added.Remove(key))
            _removed.Add(key);
    }

    public void Flush(StoreEngine engine)
    {
        _changed.ExceptWith(_added);
        if (_removed.Count > 0)
            engine.Delete(collection, _removed.Select(idOf));
        if (_changed.Count > 0)
            engine.Update(collection, _changed.Select(key => write(key, _known[key])));
        // From the last to the first: LiteDB looks for a new key's place from the first on.
        if (_added.Count > 0)
            engine.Insert(collection, _added.OrderDescending(s_order).Select(key => write(key, _known[key])));
        Count += _added.Count - _removed.Count;
        _removed.Clear();
        _changed.Clear();
        _added.Clear();
        if (_known.Count > capacity)
        {
            // Rare, and cheaper than order: what is still in use comes back one by one.
            _known.Clear();
            _isComplete = false;
        }
    }

    /// <summary>Documents that retention deleted behind the cache's back.</summary>
    public void Forget(IEnumerable<TKey> keys)
    {
        foreach (TKey key in keys)
        {
            _known.Remove(key);
            Count--;
        }
    }
}
