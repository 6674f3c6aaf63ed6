using PiTap.Model;

namespace PiTap.Store.Layout;

/// <summary>A device with the wall-clock time of its latest change.</summary>
internal sealed class StoredDevice(DeviceRecord record, long writtenNs)
{
    public DeviceRecord Record { get; private set; } = record;

    public long WrittenNs { get; private set; } = writtenNs;

    /// <summary>True for one that counts among others: it needs no document.</summary>
    public bool IsGone { get; private set; }

    /// <summary>It counts among others from now on, which have no more of it than when it was seen.</summary>
    public void MoveTo(StoredDevice others)
    {
        IsGone = true;
        DeviceRecord seen = new() { Id = others.Record.Id, FirstSeenNs = Record.FirstSeenNs, LastSeenNs = Record.LastSeenNs };
        others.Join(seen, WrittenNs);
    }

    /// <summary>Takes in a state of this run; the same one a second time changes nothing.</summary>
    public void Join(DeviceRecord state, long nowNs)
    {
        if (!ReferenceEquals(state, Record))
            Record = Merge.Join(Record, state);
        WrittenNs = nowNs;
    }
}
