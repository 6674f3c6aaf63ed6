using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

/// <summary>A store of one record of each kind, or of as many flows as asked; keeps the last query.</summary>
internal sealed class FakeReader(int flows = 1) : IStoreReader
{
    public StoreQuery? LastQuery { get; private set; }

    public int Disposed { get; private set; }

    public Exception? Failure { get; init; }

    public IEnumerable<FlowRecord> Flows(StoreQuery query)
    {
        LastQuery = query;
        for (int i = 0; i < flows; i++)
            yield return SampleRecords.Flow with { Sequence = i };
        if (Failure is not null)
            throw Failure;
    }

    public IEnumerable<NameLookup> Lookups(StoreQuery query) => [SampleRecords.Lookup];

    public IEnumerable<ContactRecord> Contacts(StoreQuery query) => [SampleRecords.Contact];

    public IEnumerable<DeviceRecord> Devices(StoreQuery query) => [SampleRecords.Device];

    public IEnumerable<MinuteRecord> Minutes(StoreQuery query) => [SampleRecords.Minute];

    public IEnumerable<RunRecord> Runs() => [SampleRecords.Run];

    public StoreInfo Info() => SampleRecords.Info;

    public int DamagedBlocks { get; set; }

    public void Dispose() => Disposed++;
}
