using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.State;

/// <summary>
/// Which devices give way where there are more than a store keeps: those that somebody made up, not those that people use.
/// </summary>
public sealed class KeptDevicesTests
{
    private const string Phone = "02:00:00:00:07:07";
    private const string Sensor = "02:00:00:00:07:08";
    private const long Hour = 60 * PacketTime.NanosecondsPerMinute;

    private readonly KeptDevices _kept = new();

    [Fact]
    [Trait("cap", "Store.KeptDevices.MaxDevices")]
    public void Sixteen_thousand_devices_are_kept_and_those_that_were_made_up_give_way()
    {
        // Old ones: a phone without a name that moved much, and a sensor with little, but for weeks.
        Add(Phone, null, bytes: 10_000_000, firstNs: 0, lastNs: Hour);
        Add(Sensor, null, bytes: 5_000, firstNs: 0, lastNs: 500 * Hour);
        for (int i = 0; i < 100_000; i++)
        {
            Add(Forged(i), null, bytes: 200, Hour + i, Hour + i);
            Drop();
        }
        Assert.InRange(_kept.Count, 15_000, 16_384);
        Assert.True(_kept.HasContacts(Phone) && _kept.HasContacts(Sensor));
        // Of those that moved as much the latest stay.
        Assert.True(_kept.HasContacts(Forged(99_999)));
        Assert.False(_kept.HasContacts(Forged(0)));
    }

    [Fact]
    public void Who_comes_late_keeps_its_place_among_any_number_that_were_made_up_also_with_names()
    {
        for (int i = 0; i < 50_000; i++)
        {
            Add(Forged(i), $"device-{i}", bytes: 400, i, i);
            if (i == 30_000)
                Add(Phone, null, bytes: 60_000, i, i + Hour);
            Drop();
        }
        Assert.True(_kept.HasContacts(Phone));
    }

    [Fact]
    [Trait("cap", "Store.KeptDevices.MaxBytes")]
    public void Their_documents_have_256_mebibytes_together()
    {
        string[] hosts = [.. Enumerable.Range(0, 1_900).Select(static i => $"{i}.{new string('x', 4_000)}")];
        long bytes = 0;
        for (int device = 0; device < 40; device++)
        {
            DeviceContacts contacts = new(Forged(device));
            foreach (string host in hosts)
                contacts.Add(Samples.Contact(host, 1), 1);
            _kept.Note(contacts);
            bytes += contacts.DocumentBytes;
        }
        Assert.InRange(bytes, 280L << 20, 320L << 20);
        for (List<string> gone = _kept.LeastUseful(); gone.Count > 0; gone = _kept.LeastUseful())
            gone.ForEach(device => _kept.Note(new DeviceContacts(device)));
        Assert.InRange(bytes * _kept.Count / 40, 220L << 20, 256L << 20);
    }

    [Fact]
    public void What_stands_for_others_and_for_none_does_not_give_way()
    {
        Add(DeviceRecord.OtherDevices, null, bytes: 1, 0, 0);
        Add("", null, bytes: 1, 0, 0);
        for (int i = 0; i < 20_000; i++)
            Add(Forged(i), null, bytes: 200, i, i);
        List<string> gone = _kept.LeastUseful();
        Assert.DoesNotContain(DeviceRecord.OtherDevices, gone);
        Assert.DoesNotContain("", gone);
    }

    private static string Forged(int number) => new MacAddress(0x02_66_00_00_00_00u + (ulong)number).ToString();

    private void Add(string device, string? name, long bytes, long firstNs, long lastNs)
    {
        DeviceContacts contacts = new(device);
        contacts.Add(Samples.Contact("192.0.2.1", 1, bytes / 2, device), 1);
        _kept.Note(contacts);
        _kept.Note(Samples.DeviceState(device, firstNs, lastNs, name));
    }

    private void Drop()
    {
        foreach (string device in _kept.LeastUseful())
        {
            _kept.Note(new DeviceContacts(device));
            _kept.ForgetRecord(device);
        }
    }
}
