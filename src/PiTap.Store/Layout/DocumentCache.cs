using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>
/// The documents of one collection that were touched lately. What changes is written with the next <see cref="Flush"/>, inside the
/// caller's transaction, once however often it changed.
/// </summary>
internal sealed class DocumentCache<TKey, TValue>(string collection, long capacityBytes, Func<TKey, BsonValue> idOf,
    Func<TValue, BsonDocument> write, Func<BsonDocument, (TKey Key, TValue Value)> read)
    where TKey : notnull
    where TValue : class
{
    private static readonly IComparer<TKey> s_order = StringComparer.Ordinal as IComparer<TKey> ?? Comparer<TKey>.Default;

    private readonly Dictionary<TKey, TValue> _known = [];
    private readonly HashSet<TKey> _added = [];
    private readonly HashSet<TKey> _changed = [];
    private bool _isComplete;
    private long _documents;

    /// <summary>Bytes of memory that a value takes.</summary>
    public required Func<TValue, long> WeightOf { get; init; }

    /// <summary>True for a value that needs no document.</summary>
    public Func<TValue, bool> IsEmpty { get; init; } = static _ => false;

    /// <summary>Documents, those that are yet to be written among them.</summary>
    public long Count => _documents + _added.Count;

    /// <summary>True if more is in memory than should be: a flush ends that.</summary>
    public bool IsOverfull => Weight > capacityBytes;

    /// <summary>All values, unless there are more than the cache holds.</summary>
    public IReadOnlyCollection<TValue>? All => _isComplete ? _known.Values : null;

    private long Weight => _known.Values.Sum(WeightOf);

    /// <summary>Reads what is there, and keeps as much of it as the cache holds. Each value is shown to <paramref name="seen"/>.</summary>
    public void Load(StoreEngine engine, Action<TValue>? seen = null)
    {
        _known.Clear();
        _documents = 0;
        long weight = 0;
        foreach (BsonDocument document in engine.All(collection))
        {
            (TKey key, TValue value) = read(document);
            seen?.Invoke(value);
            _documents++;
            weight += WeightOf(value);
            if (weight <= capacityBytes)
                _known[key] = value;
        }
        _isComplete = weight <= capacityBytes;
    }

    /// <summary>The key's value, which the caller is about to change.</summary>
    public TValue Change(StoreEngine engine, TKey key, Func<TKey, TValue> make)
    {
        if (!_known.TryGetValue(key, out TValue? value))
        {
            BsonDocument? document = _isComplete ? null : engine.Find(collection, idOf(key));
            value = document is null ? make(key) : read(document).Value;
            _known.Add(key, value);
            if (document is null)
                _added.Add(key);
        }
        if (!_added.Contains(key))
            _changed.Add(key);
        return value;
    }

    public void Flush(StoreEngine engine)
    {
        List<TKey> emptied = [.. _changed.Where(key => IsEmpty(_known[key]))];
        _changed.ExceptWith(emptied);
        if (emptied.Count > 0)
            engine.Delete(collection, emptied.Select(idOf));
        if (_changed.Count > 0)
            engine.Update(collection, _changed.Select(key => write(_known[key])));
        List<TKey> unborn = [.. _added.Where(key => IsEmpty(_known[key]))];
        _added.ExceptWith(unborn);
        // From the last to the first: LiteDB looks for a new key's place from the first on.
        if (_added.Count > 0)
            engine.Insert(collection, _added.OrderDescending(s_order).Select(key => write(_known[key])));
        _documents += _added.Count - emptied.Count;
        _changed.Clear();
        _added.Clear();
        foreach (TKey key in emptied.Concat(unborn))
            _known.Remove(key);
        if (!IsOverfull)
            return;
        // Rare, and cheaper than order: what is still in use comes back one by one.
        _known.Clear();
        _isComplete = false;
    }

    /// <summary>Documents that were deleted behind the cache's back, while nothing is pending.</summary>
    public void Forget(IReadOnlyCollection<TKey> keys)
    {
        foreach (TKey key in keys)
            _known.Remove(key);
        _documents -= keys.Count;
    }
}
