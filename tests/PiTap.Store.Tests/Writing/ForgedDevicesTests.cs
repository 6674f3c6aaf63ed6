using PiTap.Model;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Writing;

/// <summary>A device that somebody makes up with each few packets, answers to them included: what the store keeps is bounded.</summary>
public sealed class ForgedDevicesTests
{
    private const string Old = "02:00:00:00:07:07";
    private const string Late = "02:00:00:00:07:08";
    private const int Forged = 40_000;

    [Theory]
    [InlineData("replay")]
    [InlineData("live")]
    public void Forged_devices_are_counted_as_others_and_real_ones_keep_their_rows_names_and_contacts(string mode)
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun(mode, "1");
            store.Write(Real(Old, "old-phone"));
            for (int i = 0; i < Forged; i += 2_000)
            {
                store.Write(Batch(i, 2_000));
                store.Flush();
            }
            store.Write(Real(Late, "late-phone"));
            store.Write(Batch(Forged, 2_000));
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        DeviceRecord[] devices = [.. reader.Devices(StoreQuery.All)];
        Assert.InRange(devices.Length, 10_000, KeptDevices.MaxDevices);
        foreach ((string id, string name) in ((string, string)[])[(Old, "old-phone"), (Late, "late-phone")])
        {
            Assert.Equal(name, devices.Single(device => device.Id == id).DisplayName);
            ContactRecord contact = Assert.Single(reader.Contacts(new StoreQuery { Device = id }));
            Assert.Equal(("a.example.com", 3), (contact.Host, contact.Flows));
        }
        // Nothing is lost but whose it was.
        ContactRecord[] contacts = [.. reader.Contacts(StoreQuery.All)];
        Assert.Equal(Forged + 2_000 + 6, contacts.Sum(static contact => contact.Flows));
        DeviceRecord others = devices.Single(static device => device.Id == DeviceRecord.OtherDevices);
        Assert.Equal((Samples.Epoch, DeviceRecord.OtherDevices), (others.FirstSeenNs, others.DisplayName));
        Assert.Empty(others.Addresses);
        long folded = Assert.Single(reader.Runs()).Losses.Single(static loss => loss.Name == "store-devices-folded").Count;
        Assert.Equal(
            folded, contacts.Where(static contact => contact.Device == DeviceRecord.OtherDevices).Sum(static contact => contact.Flows));
        Assert.Equal(Forged + 2_000 + 2, devices.Length - 1 + folded);
        Assert.Equal((devices.Length, contacts.Length), (reader.Info().Devices, reader.Info().Contacts));
    }

    [Fact]
    public void What_a_folded_device_takes_back_is_taken_back_from_the_others()
    {
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            for (int i = 0; i < 20_000; i += 2_000)
                store.Write(Batch(i, 2_000));
            store.Flush();
            // Its flow has another name by now.
            store.Write(new RecordBatch
            {
                Contacts = [Samples.Contact("192.0.2.1", -1, -100, Mac(0)), Samples.Contact("b.example.com", 1, 100, Mac(0))],
            });
            store.CompleteRun();
        }
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(20_000, reader.Contacts(StoreQuery.All).Sum(static contact => contact.Flows));
        Assert.Equal("b.example.com", Assert.Single(reader.Contacts(new StoreQuery { Device = Mac(0) })).Host);
    }

    private static string Mac(int number) => new MacAddress(0x02_66_00_00_00_00u + (ulong)number).ToString();

    private static RecordBatch Batch(int first, int count) => new()
    {
        Contacts = [.. Enumerable.Range(first, count).Select(static i => Samples.Contact("192.0.2.1", 1, 100, Mac(i)))],
        Devices =
        [
            .. Enumerable.Range(first, count).Select(static i => Samples.DeviceState(
                Mac(i), Samples.Epoch + i, Samples.Epoch + i, null, IpAddress.FromV4(0x0a000000 + (uint)i))),
        ],
    };

    private static RecordBatch Real(string device, string name) => new()
    {
        Contacts = [Samples.Contact("a.example.com", 3, 20_000, device)],
        Devices = [Samples.DeviceState(device, Samples.Epoch, Samples.Epoch + 1_000, name)],
    };
}
