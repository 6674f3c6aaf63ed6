using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

/// <summary>Contacts and minute totals: what adds up over batches and runs.</summary>
public sealed class TotalsTests
{
    [Fact]
    public void Contacts_add_up_and_one_without_flows_is_removed()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        store.Write(new RecordBatch { Contacts = [Samples.Contact("192.0.2.1", 1, 500), Samples.Contact("a.example", 2)] });
        store.Flush();
        store.Write(new RecordBatch { Contacts = [Samples.Contact("192.0.2.1", -1, -500), Samples.Contact("a.example", 1, 900)] });
        store.Flush();
        ContactRecord contact = Assert.Single(reader.Contacts(StoreQuery.All));
        Assert.Equal(("a.example", 3, 1_000), (contact.Host, contact.Flows, contact.BytesUp));
        Assert.Equal(Samples.Epoch, contact.FirstSeenNs);
        store.Write(new RecordBatch { Contacts = [Samples.Contact("192.0.2.1", 4)] });
        store.Flush();
        Assert.Equal(4, reader.Contacts(StoreQuery.All).Single(static c => c.Host == "192.0.2.1").Flows);
    }

    [Fact]
    public void The_addresses_of_a_contact_add_up_over_batches_and_runs()
    {
        using TempFolder folder = new();
        static RecordBatch Batch(long flows, params (uint Address, long Bytes)[] addresses) => new()
        {
            Contacts =
            [
                Samples.Contact("a.example", flows) with
                {
                    Addresses = [.. addresses.Select(static entry => new ContactAddress(IpAddress.FromV4(entry.Address), entry.Bytes))],
                },
            ],
        };
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            store.Write(Batch(2, (1, 100), (2, 50)));
            store.Flush();
            store.Write(Batch(1, (2, 500), (3, 7)));
            store.Flush();
            using IStoreReader reader = store.CreateReader();
            Assert.Equal([2u, 1, 3], Assert.Single(reader.Contacts(StoreQuery.All)).TopAddresses().Select(static address => address.V4));
        }
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            store.Write(Batch(1, (1, 1_000), (2, -550)));
            store.CompleteRun();
        }
        using IStoreReader after = StoreFile.OpenForReading(folder.Store);
        ContactRecord contact = Assert.Single(after.Contacts(StoreQuery.All));
        Assert.Equal([(1u, 1_100L), (2, 0), (3, 7)], contact.Addresses.Select(static entry => (entry.Address.V4, entry.Bytes)));
        Assert.Equal([1u, 3], contact.TopAddresses().Select(static address => address.V4));
    }

    [Fact]
    public void Long_hosts_are_kept_apart_and_text_that_is_none_stops_nothing()
    {
        using TempFolder folder = new();
        using RecordStore store = folder.Open();
        using IStoreReader reader = store.CreateReader();
        store.BeginRun("live", "1");
        string long1 = new string('a', 2_000) + "1", long2 = new string('a', 2_000) + "2";
        store.Write(new RecordBatch
        {
            Contacts =
            [
                Samples.Contact(long1, 1), Samples.Contact(long2, 2), Samples.Contact("\ud800", 3), Samples.Contact("\ud801", 4),
                Samples.Contact("", 5),
            ],
        });
        store.Flush();
        store.Write(new RecordBatch { Contacts = [Samples.Contact(long1, 10)] });
        store.Flush();
        // A lone surrogate becomes the replacement character: the two are one host.
        Assert.Equal([2, 5, 7, 11], reader.Contacts(StoreQuery.All).Select(static c => c.Flows).Order());
    }

    [Fact]
    public void A_device_that_scans_the_net_keeps_a_bounded_list_of_hosts_and_loses_no_flow()
    {
        using TempFolder folder = new();
        const int hosts = DeviceContacts.MaxHosts + 1_000;
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            ContactRecord[] addresses =
                [.. Enumerable.Range(0, hosts).Select(static n => Samples.Contact($"address{n}", 1) with { HostSource = HostSource.None })];
            store.Write(new RecordBatch { Contacts = addresses });
            store.Flush();
            // One that has its own place, and one that has none, get a better name; hosts with names take the places of addresses.
            ContactRecord[] named = [.. Enumerable.Range(0, 50).Select(static n => Samples.Contact($"host{n}", 1))];
            store.Write(new RecordBatch
            {
                Contacts = [Samples.Contact("address7", -1), Samples.Contact($"address{hosts - 1}", -1), .. named],
            });
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        List<ContactRecord> contacts = [.. reader.Contacts(StoreQuery.All)];
        Assert.InRange(contacts.Count, 1, DeviceContacts.MaxHosts + 1);
        Assert.Equal(hosts - 2 + 50, contacts.Sum(static c => c.Flows));
        Assert.Equal(50, contacts.Count(static c => c.Host.StartsWith("host", StringComparison.Ordinal)));
        Assert.DoesNotContain(contacts, static c => c.Host == "address7");
        Assert.Contains(contacts, static c => c.Host == DeviceContacts.OtherHosts && c.HostSource == HostSource.None && c.Flows > 1_000);
    }

    /// <summary>The store's own handle keeps .NET's out, but not another program.</summary>
    private static void CopyWhileOpen(string from, string to)
    {
        using System.Diagnostics.Process copy = System.Diagnostics.Process.Start("cp", [from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }

    [Fact]
    public void Totals_that_were_only_journaled_are_read_back_from_the_file_of_a_killed_run()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("live", "1");
            for (int i = 1; i <= 5; i++)
            {
                store.Write(Samples.Batch(i, 3));
                store.Flush();
            }
            CopyWhileOpen(folder.Store, folder.Store + ".killed");
            CopyWhileOpen(PageLog.PathOf(folder.Store), PageLog.PathOf(folder.Store + ".killed"));
        }
        string ReadBack()
        {
            using IStoreReader reader = StoreFile.OpenForReading(folder.Store + ".killed");
            Assert.Equal((1, 1), (reader.Info().Contacts, reader.Info().Devices));
            return string.Join('\n', reader.Contacts(StoreQuery.All).Select(static c => c.ToString())
                .Concat(reader.Minutes(StoreQuery.All).Select(static m => m.ToString()))
                .Concat(reader.Devices(StoreQuery.All).Select(static d => $"{d.Id} {d.FirstSeenNs} {d.LastSeenNs}")));
        }
        string before = ReadBack();
        Assert.Contains("Flows = 15,", before, StringComparison.Ordinal);
        RecordStore.Open(new StoreOptions { Path = folder.Store + ".killed" }, TimeProvider.System).Dispose();
        Assert.Equal(before, ReadBack());
    }
}
