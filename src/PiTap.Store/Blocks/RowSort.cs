using System.Buffers;

namespace PiTap.Store.Blocks;

/// <summary>Brings rows into the store's order and leaves one state of each record.</summary>
internal static class RowSort
{
    private readonly record struct Place(RowKey Key, int Index) : IComparable<Place>
    {
        public int CompareTo(Place other)
        {
            int order = Key.CompareTo(other.Key);
            return order != 0 ? order : Index.CompareTo(other.Index);
        }
    }

    /// <summary>Rows in order. Of several states of one record the preferred one stays; records to be forgotten are left out.</summary>
    public static List<StoredRow<T>> Order<T>(IBlockCodec<T> codec, List<StoredRow<T>> rows)
    {
        // Rented: of a full block they are large enough for the collector to look through the whole heap on their account.
        Place[] rented = ArrayPool<Place>.Shared.Rent(rows.Count);
        Span<Place> places = rented.AsSpan(0, rows.Count);
        for (int i = 0; i < places.Length; i++)
            places[i] = new Place(codec.KeyOf(rows[i]), i);
        places.Sort();
        List<StoredRow<T>> ordered = new(rows.Count);
        for (int i = 0; i < places.Length; i++)
        {
            StoredRow<T> row = rows[places[i].Index];
            for (; i + 1 < places.Length && places[i + 1].Key == places[i].Key; i++)
                row = Preferred(codec, row, rows[places[i + 1].Index]);
            if (!codec.IsForgotten(row.Record))
                ordered.Add(row);
        }
        ArrayPool<Place>.Shared.Return(rented);
        return ordered;
    }

    /// <summary>A final state holds against an open one, whichever was stored later; else the later one holds.</summary>
    public static StoredRow<T> Preferred<T>(IBlockCodec<T> codec, StoredRow<T> earlier, StoredRow<T> later) =>
        codec.IsFinal(earlier.Record) && !codec.IsFinal(later.Record) && !codec.IsForgotten(later.Record) ? earlier : later;
}
