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
    private StreamShare? _oldest;
    private StreamShare? _newest;

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
            Append(share);
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
            Remove(share);
    }

    private StreamShare? Largest(StreamShare asking)
    {
        StreamShare? largest = null;
        StreamShare? share = _oldest;
        for (int i = 0; i < MaxLooks && share is not null; i++, share = share.Newer)
        {
            if (share != asking && share.HeldBytes > (largest?.HeldBytes ?? 0))
                largest = share;
        }
        return largest;
    }

    private void Append(StreamShare share)
    {
        share.Older = _newest;
        if (_newest is null)
            _oldest = share;
        else
            _newest.Newer = share;
        _newest = share;
    }

    private void Remove(StreamShare share)
    {
        if (share.Older is null)
            _oldest = share.Newer;
        else
            share.Older.Newer = share.Newer;
        if (share.Newer is null)
            _newest = share.Older;
        else
            share.Newer.Older = share.Older;
        share.Older = share.Newer = null;
    }
}

/// <summary>What one flow holds of the common account.</summary>
internal sealed class StreamShare(StreamBudget budget, IStreamHolder holder) : IStreamMemory
{
    public IStreamHolder Holder { get; } = holder;

    /// <summary>Bytes on the account; the account's to change.</summary>
    public int HeldBytes { get; set; }

    /// <summary>Of these what readers hold elsewhere (<see cref="TryHold"/>).</summary>
    public int ReaderBytes { get; private set; }

    /// <summary>Places in the order of age; the account's.</summary>
    public StreamShare? Older { get; set; }

    public StreamShare? Newer { get; set; }

    public byte[]? Rent(int length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        if (budget.TryTake(this, buffer.Length))
            return buffer;
        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    public void Return(byte[] buffer)
    {
        budget.GiveBack(this, buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Accounts for what readers of this flow hold elsewhere; false if there is no room for more.</summary>
    public bool TryHold(int readerBytes)
    {
        if (readerBytes > ReaderBytes && !budget.TryTake(this, readerBytes - ReaderBytes))
            return false;
        if (readerBytes < ReaderBytes)
            budget.GiveBack(this, ReaderBytes - readerBytes);
        ReaderBytes = readerBytes;
        return true;
    }
}
