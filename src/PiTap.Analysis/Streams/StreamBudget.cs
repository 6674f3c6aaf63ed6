using System.Buffers;
using PiTap.Analysis.Core;

namespace PiTap.Analysis.Streams;

/// <summary>Reads the streams of a flow, and holds memory of the common account for it.</summary>
internal interface IStreamHolder
{
    /// <summary>Gives all of it back: others want it, and this flow has waited for longer.</summary>
    void GiveUp();
}

/// <summary>
/// The account of memory that the readers of all flows have together. When it is used up, who has held some for longest gives way: what is
/// pending without ever coming keeps out nothing new. Of the sixteen oldest it is the one that holds most.
/// </summary>
internal sealed class StreamBudget(long maxBytes, Losses losses)
{
    /// <summary>Holders among which the one with most is looked for.</summary>
    private const int MaxLooks = 16;

    private long _heldBytes;
    private readonly LinkedList<StreamShare> _byAge = new();

    /// <summary>Makes room for bytes of this flow; false if it cannot be made.</summary>
    public bool TryTake(StreamShare share, int bytes)
    {
        while (_heldBytes + bytes > maxBytes)
        {
            if (Largest(share) is not StreamShare victim)
                return false;
            losses.Count(Losses.StreamsEvicted);
            victim.Holder.GiveUp();
            // One that keeps something must not be asked for ever.
            if (victim.HeldBytes > 0)
                return false;
        }
        if (share.HeldBytes == 0 && bytes > 0)
            _byAge.AddLast(share.Place);
        share.HeldBytes += bytes;
        _heldBytes += bytes;
        return true;
    }

    public void GiveBack(StreamShare share, int bytes)
    {
        if (bytes == 0)
            return;
        share.HeldBytes -= bytes;
        _heldBytes -= bytes;
        if (share.HeldBytes == 0)
            _byAge.Remove(share.Place);
    }

    private StreamShare? Largest(StreamShare asking)
    {
        StreamShare? largest = null;
        LinkedListNode<StreamShare>? place = _byAge.First;
        for (int i = 0; i < MaxLooks && place is not null; i++, place = place.Next)
        {
            StreamShare share = place.Value;
            if (share != asking && share.HeldBytes > (largest?.HeldBytes ?? 0))
                largest = share;
        }
        return largest;
    }
}

/// <summary>What one flow holds of the common account.</summary>
internal sealed class StreamShare : IStreamMemory
{
    private readonly StreamBudget _budget;

    public StreamShare(StreamBudget budget, IStreamHolder holder)
    {
        _budget = budget;
        Holder = holder;
        Place = new LinkedListNode<StreamShare>(this);
    }

    public IStreamHolder Holder { get; }

    /// <summary>Bytes on the account; the account's to change.</summary>
    public int HeldBytes { get; set; }

    /// <summary>Of these what readers hold elsewhere (<see cref="TryHold"/>).</summary>
    public int ReaderBytes { get; private set; }

    /// <summary>Its place in the order of age, where it stands while it holds something.</summary>
    public LinkedListNode<StreamShare> Place { get; }

    public byte[]? Rent(int length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        if (_budget.TryTake(this, buffer.Length))
            return buffer;
        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    public void Return(byte[] buffer)
    {
        _budget.GiveBack(this, buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Accounts for what readers of this flow hold elsewhere; false if there is no room for more.</summary>
    public bool TryHold(int readerBytes)
    {
        if (readerBytes > ReaderBytes && !_budget.TryTake(this, readerBytes - ReaderBytes))
            return false;
        if (readerBytes < ReaderBytes)
            _budget.GiveBack(this, ReaderBytes - readerBytes);
        ReaderBytes = readerBytes;
        return true;
    }
}
