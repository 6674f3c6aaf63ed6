using System.Globalization;
using PiTap.Host.Output;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Tests.Output;

public sealed class FoundTablesTests
{
    [Fact]
    [Trait("cap", "Host.FoundTables.MaxContacts")]
    public void All_that_the_store_holds_is_counted_once_and_the_largest_shown()
    {
        const int count = 5_000;
        const string device = "02:00:00:00:00:01";
        using TestFolder folder = new();
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = folder.File("pitap.db") }, TimeProvider.System);
        store.BeginRun("live", "1");
        store.Write(new RecordBatch
        {
            Devices = [new DeviceRecord { Id = device, FirstSeenNs = 1, LastSeenNs = 2 }],
            Contacts = [.. Enumerable.Range(1, count).Select(static i => Contact(i))],
        });
        // Some return.
        store.Write(new RecordBatch { Contacts = [Contact(1), Contact(2)] });
        store.CompleteRun();
        using IStoreReader reader = store.CreateReader();
        FoundTables found = FoundTables.Read(store, reader, reader.Info(), new Who(null));
        Assert.Equal(1, found.AllDevices);
        Assert.Equal("host-5000.example.com", found.Contacts[0].Host);
        Assert.Equal(4_096, found.Contacts.Count);
        PartyRecord party = Assert.Single(found.Parties);
        Assert.Equal(("host-5000.example.com", 4_096), (party.Hosts[0], party.Contacts));
        Assert.Equal(device, Assert.Single(found.Devices).Id);
    }

    [Fact]
    public void Whoever_makes_devices_up_does_not_push_the_parties_of_a_phone_out_of_the_first_rows()
    {
        using TestFolder folder = new();
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = folder.File("pitap.db") }, TimeProvider.System);
        store.BeginRun("live", "1");
        store.Write(new RecordBatch
        {
            Contacts =
            [
                .. Enumerable.Range(0, 100).Select(static i => Contact(1) with { Device = $"00:00:00:00:00:{i:x2}" }),
                Contact(60), Contact(50) with { Host = "www.example.org" },
            ],
        });
        store.CompleteRun();
        using IStoreReader reader = store.CreateReader();
        IReadOnlyList<PartyRecord> parties = FoundTables.Read(store, reader, reader.Info(), new Who(null)).Parties;
        Assert.Equal(["example.com", "example.org"], parties.Take(2).Select(static party => party.Attribution.Party));
        Assert.Equal("00:00:00:00:00:00", parties[2].Device);
    }

    private static ContactRecord Contact(int i) => new()
    {
        Device = "02:00:00:00:00:01",
        Host = string.Create(CultureInfo.InvariantCulture, $"host-{i}.example.com"),
        HostSource = HostSource.TlsSni,
        Flows = 1,
        FlowsOpaque = 1,
        BytesUp = i,
        FirstSeenNs = i,
        LastSeenNs = i,
    };
}
