namespace PiTap.Store.Blocks;

/// <summary>A record and the run that it belongs to.</summary>
internal readonly record struct StoredRow<T>(int Run, T Record);

/// <summary>Where a row stands in the store's order: time, then run, then number within the run.</summary>
internal readonly record struct RowKey(long TimeNs, int Run, long Sequence) : IComparable<RowKey>
{
    public int CompareTo(RowKey other)
    {
        int order = TimeNs.CompareTo(other.TimeNs);
        if (order == 0)
            order = Run.CompareTo(other.Run);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}

/// <summary>How one kind of record goes in and out of blocks.</summary>
internal interface IBlockCodec<T>
{
    /// <summary>The rows as a framed block; null if they are more than a block may hold.</summary>
    byte[]? Encode(ReadOnlySpan<StoredRow<T>> rows);

    /// <summary>The rows of a framed block; <see cref="InvalidDataException"/> where it is damaged.</summary>
    StoredRow<T>[] Decode(ReadOnlySpan<byte> framed);

    /// <summary>Where the row stands in the order.</summary>
    RowKey KeyOf(in StoredRow<T> row);

    /// <summary>The latest time that the record speaks of, nanoseconds since the epoch.</summary>
    long EndOf(T record);

    /// <summary>Number of the record within its run.</summary>
    long SequenceOf(T record);

    /// <summary>True if nothing more is to come for this record.</summary>
    bool IsFinal(T record);

    /// <summary>What the record holds of memory, in bytes.</summary>
    int WeightOf(T record);

    /// <summary>True if the record says that its earlier states are to be forgotten.</summary>
    bool IsForgotten(T record);

    /// <summary>The record with less of its lists, the last of them first; null if there is nothing left to leave out.</summary>
    T? Shorten(T record);

    /// <summary>True for what the query asks for.</summary>
    bool Matches(T record, Model.StoreQuery query);
}
