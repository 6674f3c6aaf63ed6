namespace PiTap.Model;

/// <summary>An address that stood behind a contact's host, with what went to and from it.</summary>
/// <param name="Address">The server's address.</param>
/// <param name="Bytes">Bytes in both directions; in a batch what came on top, which may be negative.</param>
public readonly record struct ContactAddress(IpAddress Address, long Bytes);

/// <summary>
/// The bounded set of addresses of a contact. Of the first <see cref="MaxKept"/> that were seen the bytes are exact; later ones are left
/// out. To let the largest push others out would be another set for each way in which the packets fall into batches. For the same reason a
/// batch tells of more of them: which ones are among the first only the sum can tell.
/// </summary>
public static class ContactAddresses
{
    /// <summary>How many addresses a contact keeps: the ones seen first.</summary>
    public const int MaxKept = 16;

    /// <summary>How many addresses of a contact a batch tells of: the ones seen first in it. The bytes of others are left out.</summary>
    public const int MaxInBatch = 128;

    /// <summary>How many addresses are shown: those with the most bytes.</summary>
    public const int MaxShown = 8;

    /// <summary>A sum with what came on top, in order of first mention.</summary>
    public static IReadOnlyList<ContactAddress> Add(IReadOnlyList<ContactAddress> sum, IReadOnlyList<ContactAddress> delta) =>
        Joined(sum, delta, MaxKept);

    /// <summary>What came on top with what came on top after it, in order of first mention.</summary>
    public static IReadOnlyList<ContactAddress> Join(IReadOnlyList<ContactAddress> earlier, IReadOnlyList<ContactAddress> later) =>
        Joined(earlier, later, MaxInBatch);

    /// <summary>Adds bytes to an address of a batch's list; a new one is left out if the list is full.</summary>
    public static void AddTo(List<ContactAddress> addresses, IpAddress address, long bytes)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        AddTo(addresses, address, bytes, MaxInBatch);
    }

    /// <summary>The addresses with the most bytes, most first, at most <see cref="MaxShown"/>.</summary>
    public static IReadOnlyList<IpAddress> TopAddresses(this ContactRecord contact) =>
    [
        .. contact.Addresses.Where(static entry => entry.Bytes > 0)
            .OrderByDescending(static entry => entry.Bytes)
            .ThenBy(static entry => entry.Address)
            .Take(MaxShown)
            .Select(static entry => entry.Address),
    ];

    private static IReadOnlyList<ContactAddress> Joined(IReadOnlyList<ContactAddress> first, IReadOnlyList<ContactAddress> second, int most)
    {
        if (second.Count == 0)
            return first;
        // The usual case, and what is handed over is not changed any more.
        if (first.Count == 0 && second.Count <= most)
            return second;
        List<ContactAddress> joined = new(Math.Min(most, first.Count + second.Count));
        for (int i = 0; i < first.Count; i++)
            joined.Add(first[i]);
        for (int i = 0; i < second.Count; i++)
            AddTo(joined, second[i].Address, second[i].Bytes, most);
        return joined;
    }

    private static void AddTo(List<ContactAddress> addresses, IpAddress address, long bytes, int most)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (addresses[i].Address != address)
                continue;
            addresses[i] = new ContactAddress(address, addresses[i].Bytes + bytes);
            return;
        }
        if (addresses.Count < most)
            addresses.Add(new ContactAddress(address, bytes));
    }
}
