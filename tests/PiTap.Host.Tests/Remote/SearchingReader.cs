using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

/// <summary>A store that is searched part by part, in the last of which there is one flow.</summary>
internal sealed class SearchingReader(Action reading, int parts) : IStoreReader
{
    private volatile bool _isDisposed;

    public bool IsDisposed => _isDisposed;

    public int DamagedBlocks => 0;

    public IEnumerable<FlowRecord> Flows(StoreQuery query)
    {
        for (int i = 0; i < parts; i++)
            reading();
        yield return SampleRecords.Flow;
    }

    public IEnumerable<NameLookup> Lookups(StoreQuery query) => [];

    public IEnumerable<ContactRecord> Contacts(StoreQuery query) => [];

    public IEnumerable<DeviceRecord> Devices(StoreQuery query) => [];

    public IEnumerable<MinuteRecord> Minutes(StoreQuery query) => [];

    public IEnumerable<RunRecord> Runs() => [];

    public StoreInfo Info() => SampleRecords.Info;

    public void Dispose() => _isDisposed = true;
}
