using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>The reading side of <see cref="ColumnCodec"/>: the tables of some bytes, one after the other.</summary>
internal sealed class TableSource
{
    /// <summary>The most rows that a table is read with.</summary>
    public const int MaxRows = 1 << 16;

    /// <summary>
    /// The most strings, addresses, and items of all lists together: a writer makes further blocks of more (<see
    /// cref="ColumnCodec.IsTooLarge"/>). The bytes that are there are no bound of their own: little unpacks to much.
    /// </summary>
    public const int MaxStrings = 1 << 20;

    public const int MaxAddresses = 1 << 20;

    public const int MaxItems = 1 << 20;

    /// <summary>The most columns that a table is read with: each costs memory before its first byte is looked at.</summary>
    public const int MaxColumns = 256;

    private readonly byte[] _bytes;
    private readonly int _length;
    private int _at;
    private int _items;

    /// <summary>Bytes of this format's; an <see cref="InvalidDataException"/> if they make no sense.</summary>
    public TableSource(byte[] bytes, int length, byte format = BlockFrame.FormatVersion)
    {
        _bytes = bytes;
        _length = length;
        Format = format;
        ColumnReader reader = new(bytes.AsSpan(0, length));
        FirstRows = RowsOf(ref reader);
        Strings = StringTable.Read(ref reader);
        Addresses = new IpAddress[reader.Count(MaxAddresses, bytesEach: 2)];
        for (int i = 0; i < Addresses.Length; i++)
        {
            ulong high = reader.UInt();
            Addresses[i] = new IpAddress(high, reader.UInt());
        }
        _at = reader.Position;
    }

    /// <summary>The format, <see cref="BlockFrame.FormatVersion"/> or the one before.</summary>
    public byte Format { get; }

    /// <summary>Rows of the first table.</summary>
    public int FirstRows { get; }

    /// <summary>By number; the first is null.</summary>
    public string?[] Strings { get; }

    /// <summary>By number.</summary>
    public IpAddress[] Addresses { get; }

    /// <summary>The bytes of a framed block, of whichever format.</summary>
    public static TableSource Unwrap(ReadOnlySpan<byte> framed)
    {
        byte[] raw = BlockFrame.Unwrap(framed, out int length, out byte format);
        return new TableSource(raw, length, format);
    }

    /// <summary>True if a framed block has such a string or such an address, so that there is need to decode its rows.</summary>
    public static bool MentionsIn(ReadOnlySpan<byte> framed, Predicate<string?> isText, Predicate<IpAddress> isAddress)
    {
        TableSource source = Unwrap(framed);
        return Array.Exists(source.Strings, isText) || Array.Exists(source.Addresses, isAddress);
    }

    /// <summary>Rows of the first table.</summary>
    public T[] ReadFirst<T, TSchema>()
        where TSchema : struct, IRowSchema<T>
    {
        TableReader table = Open<T, TSchema>(FirstRows, hasKeys: true);
        T[] rows = new T[FirstRows];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = table.Read<T, TSchema>();
        return rows;
    }

    /// <summary>Rows of a further table.</summary>
    public T[] ReadNext<T, TSchema>()
        where TSchema : struct, IRowSchema<T>
    {
        ColumnReader reader = new(_bytes.AsSpan(0, _length)) { Position = _at };
        T[] rows = new T[RowsOf(ref reader)];
        _at = reader.Position;
        TableReader table = Open<T, TSchema>(rows.Length, hasKeys: true);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = table.Read<T, TSchema>();
        return rows;
    }

    /// <summary>The columns of the table that comes next, behind its number of rows.</summary>
    public TableReader Open<T, TSchema>(int rows, bool hasKeys)
        where TSchema : struct, IRowSchema<T>
    {
        ColumnReader reader = new(_bytes.AsSpan(0, _length)) { Position = _at };
        TableReader table = Open(ref reader, ColumnPlan.Of<T, TSchema>(hasKeys), rows);
        _at = reader.Position;
        return table;
    }

    /// <summary>
    /// For format 1 of totals: numbers of rows, one behind the other, then values without columns, row by row and table by table. The
    /// table goes on where the one before ended.
    /// </summary>
    public TableReader OpenInline<T, TSchema>(TableReader? before)
        where TSchema : struct, IRowSchema<T> => TableReader.Inline(this, _bytes, ColumnPlan.Of<T, TSchema>(hasKeys: true), _at, _length, before);

    /// <summary>For format 1 of totals.</summary>
    public int[] ReadCounts(int count)
    {
        ColumnReader reader = new(_bytes.AsSpan(0, _length)) { Position = _at };
        int[] counts = new int[count];
        for (int i = 0; i < count; i++)
            counts[i] = RowsOf(ref reader);
        _at = reader.Position;
        return counts;
    }

    /// <summary>Counts items of lists, before there is memory for them.</summary>
    public void TakeItems(ulong count)
    {
        if (count > (ulong)(MaxItems - _items))
            throw new InvalidDataException("The block's lists are too long.");
        _items += (int)count;
    }

    private static int RowsOf(ref ColumnReader reader)
    {
        ulong rows = reader.UInt();
        return rows <= MaxRows ? (int)rows : throw new InvalidDataException("The block has too many rows.");
    }

    /// <summary>Finds where each column begins and ends: format 1 has no lengths, and is walked through.</summary>
    private TableReader Open(ref ColumnReader reader, ColumnPlan plan, int rows)
    {
        int count = Format == 1 ? plan.FormatOneColumns : reader.Count();
        if (count > MaxColumns)
            throw new InvalidDataException("The block has too many columns.");
        int[] at = new int[count], ends = new int[count];
        if (Format != 1)
        {
            for (int i = 0; i < count; i++)
            {
                // Each row takes at least a byte of each column.
                ends[i] = reader.Count();
                if (ends[i] < rows)
                    throw new InvalidDataException("The block has fewer values than rows.");
            }
            if (count == 0 && rows > 0)
                throw new InvalidDataException("The block has rows without columns.");
            for (int i = 0; i < count; i++)
            {
                at[i] = reader.Position;
                ends[i] = reader.Position += ends[i];
            }
        }
        TableReader?[] items = new TableReader?[count];
        for (int i = 0; i < Math.Min(count, plan.Columns.Count); i++)
        {
            PlannedColumn column = plan.Columns[i];
            if (Format == 1)
            {
                at[i] = reader.Position;
                items[i] = Walk(ref reader, column, rows, out ends[i]);
            }
            else if (column.Kind == ColumnKind.List)
            {
                ColumnReader inside = new(_bytes.AsSpan(0, ends[i])) { Position = at[i] };
                items[i] = Walk(ref inside, column, rows, out ends[i]);
            }
        }
        return new TableReader(this, _bytes, plan, Math.Min(count, plan.Columns.Count), at, ends, items);
    }

    /// <summary>Goes to the end of a column, and of the items of a list. Where the values of the column itself end is told apart.</summary>
    private TableReader? Walk(ref ColumnReader reader, PlannedColumn column, int rows, out int end)
    {
        long items = 0;
        switch (column.Kind)
        {
            case ColumnKind.Byte:
                reader.Position += rows;
                break;
            case ColumnKind.UInt16:
                reader.Position += 2 * rows;
                break;
            case ColumnKind.Varint:
                for (int i = 0; i < rows; i++)
                    reader.UInt();
                break;
            default:
                for (int i = 0; i < rows; i++)
                    items += reader.Count();
                break;
        }
        end = reader.Position;
        if (items > reader.Remaining)
            throw new InvalidDataException("The block's lists are longer than the block.");
        TakeItems((ulong)items);
        return items == 0 ? null : Open(ref reader, column.Items!, (int)items);
    }
}
