namespace PiTap.Store.Reading;

/// <summary>
/// Records in an order that the store does not have them in, in bounded memory: of more than fit, what comes behind is found by another
/// walk through all of them.
/// </summary>
internal static class BoundedOrder
{
    /// <summary>Bytes of records that are in memory in order; while they are looked for, twice as many.</summary>
    public const long MaxBytes = 16 << 20;

    /// <param name="walk">All of them, anew with each call.</param>
    /// <param name="order">In which no two are equal.</param>
    /// <param name="weightOf">Bytes of memory that one takes.</param>
    public static IEnumerable<T> Of<T>(Func<IEnumerable<T>> walk, IComparer<T> order, Func<T, int> weightOf)
        where T : class
    {
        T? last = null;
        do
        {
            List<T> first = FirstBehind(last, walk(), order, weightOf, out bool isAll);
            foreach (T record in first)
                yield return record;
            last = isAll ? null : first[^1];
        }
        while (last is not null);
    }

    private static List<T> FirstBehind<T>(T? last, IEnumerable<T> all, IComparer<T> order, Func<T, int> weightOf, out bool isAll)
        where T : class
    {
        List<T> found = [];
        long bytes = 0;
        T? end = null;
        foreach (T record in all)
        {
            if ((last is not null && order.Compare(record, last) <= 0) || (end is not null && order.Compare(record, end) > 0))
                continue;
            found.Add(record);
            bytes += weightOf(record);
            if (bytes <= 2 * MaxBytes)
                continue;
            bytes = Cut(found, order, weightOf);
            end = found[^1];
        }
        isAll = end is null;
        found.Sort(order);
        return found;
    }

    /// <summary>Leaves those that come first. Returns their bytes.</summary>
    private static long Cut<T>(List<T> records, IComparer<T> order, Func<T, int> weightOf)
    {
        records.Sort(order);
        int kept = 0;
        long bytes = 0;
        while (kept == 0 || bytes + weightOf(records[kept]) <= MaxBytes)
            bytes += weightOf(records[kept++]);
        records.RemoveRange(kept, records.Count - kept);
        return bytes;
    }
}
