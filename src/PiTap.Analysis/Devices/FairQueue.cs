using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace PiTap.Analysis.Devices;

/// <summary>
/// What a table holds, in order of age, each for a device. When the table is full, what goes is the oldest of a device that holds more
/// than its share: one that fills the table drives out its own.
/// </summary>
internal sealed class FairQueue<T>
{
    /// <summary>The oldest that are passed over because their device holds no more than its share.</summary>
    private const int MaxSecondChances = 16;

    private readonly Queue<(T Item, Device Owner)> _byAge = new();
    private readonly Dictionary<Device, int> _held = [];

    public int Count => _byAge.Count;

    public void Add(T item, Device owner)
    {
        _byAge.Enqueue((item, owner));
        CollectionsMarshal.GetValueRefOrAddDefault(_held, owner, out _)++;
    }

    public bool TryPeek([MaybeNullWhen(false)] out T oldest)
    {
        bool isAny = _byAge.TryPeek(out (T Item, Device Owner) entry);
        oldest = entry.Item;
        return isAny;
    }

    /// <summary>Takes the oldest.</summary>
    public T Take()
    {
        (T item, Device owner) = _byAge.Dequeue();
        Release(owner);
        return item;
    }

    /// <summary>Takes what makes room: see above.</summary>
    public T TakeLeastUseful()
    {
        int share = _byAge.Count / _held.Count;
        for (int i = 0; i < MaxSecondChances && _held[_byAge.Peek().Owner] < share; i++)
            _byAge.Enqueue(_byAge.Dequeue());
        return Take();
    }

    /// <summary>Takes out what fulfils a condition, and says what it was.</summary>
    public void RemoveWhere(Predicate<T> condition, Action<T> removed) => RemoveWhere((item, _) => condition(item), removed);

    /// <summary>The same with a condition that asks whose it is.</summary>
    public void RemoveWhere(Func<T, Device, bool> condition, Action<T> removed)
    {
        for (int count = _byAge.Count; count > 0; count--)
        {
            (T item, Device owner) = _byAge.Dequeue();
            if (condition(item, owner))
            {
                Release(owner);
                removed(item);
            }
            else
            {
                _byAge.Enqueue((item, owner));
            }
        }
    }

    private void Release(Device owner)
    {
        ref int held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, owner);
        if (--held == 0)
            _held.Remove(owner);
    }
}
