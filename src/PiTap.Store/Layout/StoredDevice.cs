using PiTap.Model;

namespace PiTap.Store.Layout;

/// <summary>A device with the wall-clock time of its latest change.</summary>
internal sealed class StoredDevice(DeviceRecord record, long writtenNs)
{
    public DeviceRecord Record { get; private set; } = record;

    public long WrittenNs { get; private set; } = writtenNs;

    /// <summary>Takes in a state of this run; the same one a second time changes nothing.</summary>
    public void Join(DeviceRecord state, long nowNs)
    {
        if (!ReferenceEquals(state, Record))
            Record = Merge.Join(Record, state);
        WrittenNs = nowNs;
    }
}
