using LiteDB;
using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Layout;

/// <summary>Documents stay below what LiteDB takes, whatever is said on the air, and their sums hold.</summary>
public sealed class DocumentBytesTests
{
    private const int LiteDbBytes = 16_683_050;

    [Theory]
    [InlineData('a')]
    [InlineData('\u20ac')]
    public void A_device_whose_hosts_have_long_names_keeps_the_latest_that_fit_and_loses_no_flow(char letter)
    {
        const int hosts = 20_000;
        DeviceContacts contacts = new(Samples.Device);
        ContactAddress[] addresses =
            [.. Enumerable.Range(1, 16).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i * 65_537), long.MaxValue >> 8))];
        for (int i = 0; i < hosts; i++)
        {
            string host = i.ToString("d6", System.Globalization.CultureInfo.InvariantCulture).PadRight(255, letter);
            contacts.Add(Samples.Contact(host, 1) with { LastSeenNs = Samples.Epoch + i }, 1);
            // One that is known grows, too.
            contacts.Add(Samples.Contact(host, 1) with { Addresses = addresses, LastSeenNs = Samples.Epoch + i }, 1);
        }
        BsonDocument document = contacts.ToDocument(new DocumentTable(hasKeys: false));
        Assert.InRange(BsonSerializer.Serialize(document).Length, 1 << 20, LiteDbBytes / 2 + (1 << 20));
        Assert.Equal(2 * hosts, contacts.Records.Sum(static contact => contact.Flows));
        Assert.Equal(hosts, contacts.Count - 1 + contacts.Folded);
        Assert.Contains(contacts.Records, static contact => contact.Host.StartsWith("019999", StringComparison.Ordinal));
        Assert.DoesNotContain(contacts.Records, static contact => contact.Host.StartsWith("000000", StringComparison.Ordinal));
        Assert.Equal(contacts.Records.Select(Samples.Text).Order(StringComparer.Ordinal),
            DeviceContacts.From(document).Records.Select(Samples.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_taken_from_a_host_beyond_what_it_has_is_taken_from_the_others()
    {
        DeviceContacts contacts = new(Samples.Device);
        for (int i = 0; i <= DeviceContacts.MaxHosts; i++)
            contacts.Add(Samples.Contact($"{i}.example", 3) with { LastSeenNs = Samples.Epoch + i }, 1);
        // It gave way with three flows, comes back with one, and then all four get a better name.
        contacts.Add(Samples.Contact("0.example", 1), 1);
        contacts.Add(Samples.Contact("0.example", -4), 1);
        Assert.Equal(3 * DeviceContacts.MaxHosts, contacts.Records.Sum(static contact => contact.Flows));
    }

    [Fact]
    public void An_hour_of_more_devices_than_fit_keeps_the_busiest_and_every_byte()
    {
        const int devices = 100_000;
        HourDocument hour = new() { HourNs = 0 };
        for (int i = 0; i < devices; i++)
            hour.Add(new MinuteRecord(i % 60 * PacketTime.NanosecondsPerMinute, $"02:00:00:{i:x8}", 1, 0, i == 7 ? 1_000_000 : 60, 0), 1);
        BsonDocument document = hour.ToDocument(new DocumentTable(hasKeys: true));
        HourDocument read = HourDocument.From(document);
        Assert.InRange(BsonSerializer.Serialize(document).Length, 1, LiteDbBytes / 4);
        Assert.InRange(read.Count, 1, HourDocument.MaxRows);
        Assert.Equal((devices, devices * 60L + 1_000_000 - 60),
            (read.Records.Sum(static record => record.PacketsUp), read.Records.Sum(static record => record.BytesUp)));
        Assert.Contains(read.Records, static record => record.BytesUp == 1_000_000 && record.Device != HourDocument.OtherDevices);
        Assert.True(hour.Folded > devices - HourDocument.MaxRows - 60);
    }
}
