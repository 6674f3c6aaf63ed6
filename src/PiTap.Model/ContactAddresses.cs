namespace PiTap.Model;

/// <summary>An address that stood behind a contact's host, with what went to and from it.</summary>
/// <param name="Address">The server's address.</param>
/// <param name="Bytes">Bytes in both directions; in a batch what came on top, which may be negative.</param>
public readonly record struct ContactAddress(IpAddress Address, long Bytes);

/// <summary>
/// The bounded set of addresses of a contact. Of the first <see cref="MaxKept"/> that were seen the bytes are exact; later ones are left
/// out. To let the largest push others out would be another set for each way in which the packets fall into batches.
/// </summary>
public static class ContactAddresses
{
    /// <summary>How many addresses a contact keeps: the ones seen first.</summary>
    public const int MaxKept = 16;

    /// <summary>How many addresses are shown: those with the most bytes.</summary>
    public const int MaxShown = 8;

    /// <summary>The sum of both, in order of first mention.</summary>
    public static IReadOnlyList<ContactAddress> Add(IReadOnlyList<ContactAddress> sum, IReadOnlyList<ContactAddress> delta)
    {
        if (delta.Count == 0)
            return sum;
        // The usual case, and what is handed over is not changed any more.
        if (sum.Count == 0 && delta.Count <= MaxKept)
            return delta;
        List<ContactAddress> joined = new(Math.Min(MaxKept, sum.Count + delta.Count));
        for (int i = 0; i < sum.Count; i++)
            joined.Add(sum[i]);
        for (int i = 0; i < delta.Count; i++)
            AddTo(joined, delta[i].Address, delta[i].Bytes);
        return joined;
    }

    /// <summary>Adds bytes to an address of the list; a new one is left out if the list is full.</summary>
    public static void AddTo(List<ContactAddress> addresses, IpAddress address, long bytes)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (addresses[i].Address != address)
                continue;
            addresses[i] = new ContactAddress(address, addresses[i].Bytes + bytes);
            return;
        }
        if (addresses.Count < MaxKept)
            addresses.Add(new ContactAddress(address, bytes));
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
}
