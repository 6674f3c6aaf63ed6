namespace PiTap.Model.Tests;

public sealed class ContactAddressesTests
{
    private static ContactAddress[] Part(Random random) => [.. Enumerable.Range(0, random.Next(12)).Select(_ => Entry(random))];

    private static ContactAddress Entry(Random random) => new(IpAddress.FromV4((uint)random.Next(24)), random.Next(-50, 100));

    private static IReadOnlyList<ContactAddress> Sum(IEnumerable<ContactAddress> entries) =>
        entries.Aggregate((IReadOnlyList<ContactAddress>)[], static (sum, entry) => ContactAddresses.Add(sum, [entry]));

    private static List<ContactAddress> Batch(ContactAddress[] entries)
    {
        List<ContactAddress> batch = [];
        foreach (ContactAddress entry in entries)
            ContactAddresses.AddTo(batch, entry.Address, entry.Bytes);
        return batch;
    }

    [Fact]
    public void The_same_addresses_are_kept_however_they_fall_into_batches()
    {
        Random random = new(1);
        for (int i = 0; i < 1_000; i++)
        {
            ContactAddress[] a = Part(random), b = Part(random), c = Part(random);
            IReadOnlyList<ContactAddress> single = Sum([.. a, .. b, .. c]);
            Assert.Equal(single, ContactAddresses.Add(ContactAddresses.Add(Sum(a), Sum(b)), Sum(c)));
            Assert.Equal(single, ContactAddresses.Add(Sum(a), ContactAddresses.Join(Batch(b), Batch(c))));
            Assert.InRange(single.Count, 0, ContactAddresses.MaxKept);
        }
    }

    [Fact]
    public void A_batch_with_many_addresses_loses_no_bytes_of_those_that_are_kept()
    {
        static ContactAddress[] Each(int first, int count) =>
            [.. Enumerable.Range(first, count).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i), 1))];
        IReadOnlyList<ContactAddress> kept = ContactAddresses.Add([], Each(0, ContactAddresses.MaxKept));
        // New ones first: those that are known come behind them in the batch.
        List<ContactAddress> batch = [];
        foreach (ContactAddress entry in Each(100, 20).Concat(Each(0, ContactAddresses.MaxKept)))
            ContactAddresses.AddTo(batch, entry.Address, entry.Bytes);
        IReadOnlyList<ContactAddress> later = ContactAddresses.Join(batch, Each(0, ContactAddresses.MaxKept));
        Assert.Equal(
            Each(0, ContactAddresses.MaxKept).Select(static entry => entry with { Bytes = 3 }), ContactAddresses.Add(kept, later));
        foreach (ContactAddress entry in Each(1_000, 1_000))
            ContactAddresses.AddTo(batch, entry.Address, entry.Bytes);
        Assert.Equal(ContactAddresses.MaxInBatch, batch.Count);
        Assert.Equal(ContactAddresses.MaxInBatch, ContactAddresses.Join(batch, Each(5_000, 9)).Count);
        Assert.Equal(ContactAddresses.MaxKept, ContactAddresses.Add([], batch).Count);
    }

    [Fact]
    public void The_eight_with_the_most_bytes_are_shown_most_first_and_none_that_was_taken_back()
    {
        ContactRecord contact = new()
        {
            Device = "d",
            Host = "h",
            HostSource = HostSource.Dns,
            Addresses = Sum(Enumerable.Range(1, 20).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i), i == 16 ? 0 : i / 2))),
        };
        Assert.Equal(ContactAddresses.MaxKept, contact.Addresses.Count);
        Assert.Equal([14u, 15, 12, 13, 10, 11, 8, 9], contact.TopAddresses().Select(static address => address.V4));
    }
}
