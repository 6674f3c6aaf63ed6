using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Layout;

/// <summary>How much one document holds, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class LayoutCapTests
{
    [Fact]
    [Trait("cap", "Store.DeviceContacts.MaxHosts")]
    public void A_device_keeps_sixteen_thousand_hosts_and_the_others_in_one_row()
    {
        DeviceContacts contacts = new(Samples.Device);
        for (int i = 0; i < 17_000; i++)
            contacts.Add(Samples.Contact($"{i}.example", 1), 1);
        Assert.InRange(contacts.Count, 15_000, 16_384 + 1);
        Assert.Equal(17_000, contacts.Count - 1 + contacts.Folded);
    }

    [Fact]
    [Trait("cap", "Store.DeviceContacts.MaxBytes")]
    public void The_hosts_of_a_device_have_eight_mebibytes_together()
    {
        DeviceContacts contacts = new(Samples.Device);
        for (int i = 0; i < 3_000; i++)
            contacts.Add(Samples.Contact($"{i}.{new string('x', 4_000)}", 1), 1);
        Assert.InRange(contacts.Records.Sum(static contact => contact.Host.Length), 6 << 20, 8 << 20);
    }

    [Fact]
    [Trait("cap", "Store.HourDocument.MaxRows")]
    public void An_hour_has_32_thousand_rows_and_the_others_in_one_a_minute()
    {
        HourDocument hour = new() { HourNs = 0 };
        for (int i = 0; i < 33_000; i++)
            hour.Add(new MinuteRecord(0, $"{i:x8}", 1, 0, i, 0), 1);
        Assert.InRange(hour.Count, 24_000, 32_768);
        Assert.Equal(33_000, hour.Count - 1 + hour.Folded);
    }

    [Theory]
    [InlineData(16_384, 1)]
    [InlineData(16_385, 2)]
    [Trait("cap", "Store.TotalsPart.MaxRows")]
    public void A_part_of_the_totals_has_so_many_rows(int rows, int parts)
    {
        MinuteRecord[] minutes = [.. Enumerable.Range(0, rows).Select(static i => new MinuteRecord(0, $"{i:x8}", 1, 0, i, 0))];
        Assert.Equal(parts, new TotalsPart([], minutes, []).Encode(new TotalsEncoder()).Count());
    }

    [Fact]
    [Trait("cap", "Store.TotalsPart.MaxBytes")]
    public void A_part_of_the_totals_has_at_most_four_mebibytes()
    {
        byte[] random = new byte[3_000];
        Random source = new(1);
        ContactRecord[] contacts = [.. Enumerable.Range(0, 2_000).Select(_ =>
        {
            source.NextBytes(random);
            return Samples.Contact(Convert.ToBase64String(random), 1);
        })];
        int[] parts = [.. new TotalsPart(contacts, [], []).Encode(new TotalsEncoder()).Select(static part => part.Length)];
        Assert.InRange(parts.Sum(), 5 << 20, 9 << 20);
        Assert.All(parts, static part => Assert.InRange(part, 1, 4 << 20));
    }
}
