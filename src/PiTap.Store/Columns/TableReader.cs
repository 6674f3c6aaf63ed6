using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// Rows out of columns, each of which is read from its own place. Whatever the bytes are, reading stays inside each column and ends with an
/// <see cref="InvalidDataException"/> if they make no sense.
/// </summary>
internal sealed class TableReader
{
    private readonly TableSource _source;
    private readonly byte[] _bytes;
    private readonly ColumnPlan _plan;
    private readonly int _known;
    private readonly int[] _at;
    private readonly int[] _ends;
    private readonly TableReader?[] _items;
    private readonly long[] _last;
    private readonly bool _isInline;
    private int _next;
    private long _base;

    public TableReader(TableSource source, byte[] bytes, ColumnPlan plan, int known, int[] at, int[] ends, TableReader?[] items)
    {
        _source = source;
        _bytes = bytes;
        _plan = plan;
        _known = known;
        _at = at;
        _ends = ends;
        _items = items;
        _last = new long[known];
    }

    private TableReader(TableSource source, byte[] bytes, ColumnPlan plan, int[] at, int[] ends)
        : this(source, bytes, plan, plan.FormatOneColumns, at, ends, new TableReader?[plan.FormatOneColumns]) => _isInline = true;

    /// <summary>Values that stand one behind the other, row by row, as format 1 had them outside of blocks.</summary>
    public static TableReader Inline(TableSource source, byte[] bytes, ColumnPlan plan, int at, int end, TableReader? before) =>
        new(source, bytes, plan, before?._at ?? [at], [end]);

    /// <summary>The next row.</summary>
    public T Read<T, TSchema>()
        where TSchema : struct, IRowSchema<T> => Read<T, TSchema>(TSchema.Blank);

    /// <summary>The next row, what is no column being as given.</summary>
    public T Read<T, TSchema>(T blank)
        where TSchema : struct, IRowSchema<T>
    {
        _next = 0;
        return TSchema.Visit(new Cursor(this), blank);
    }

    /// <summary>The number of the column that is due, from 0; false if this format has no such column.</summary>
    private bool TryNext(out int column)
    {
        column = _next++;
        return column < _known;
    }

    private byte Byte(int column)
    {
        int place = _isInline ? 0 : column;
        int at = _at[place];
        if (at >= _ends[place])
            throw new InvalidDataException($"The column {_plan.Columns[column].Name} ends too early.");
        _at[place] = at + 1;
        return _bytes[at];
    }

    private ulong UInt(int column)
    {
        int place = _isInline ? 0 : column;
        int at = _at[place], end = _ends[place];
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < end; shift += 7)
        {
            byte b = _bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b >= 0x80)
                continue;
            _at[place] = at;
            return value;
        }
        throw new InvalidDataException($"A number of the column {_plan.Columns[column].Name} has no end.");
    }

    private long Int(int column)
    {
        ulong value = UInt(column);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private TValue Of<TValue>(int column, TValue[] table)
    {
        ulong number = UInt(column);
        return number < (ulong)table.Length
            ? table[number]
            : throw new InvalidDataException($"A number of the column {_plan.Columns[column].Name} is out of range.");
    }

    private TItem[] List<TItem, TSchema>(int column)
        where TSchema : struct, IRowSchema<TItem>
    {
        ulong count = UInt(column);
        if (count == 0)
            return [];
        if (_isInline)
            _items[column] ??= new TableReader(_source, _bytes, _plan.Columns[column].Items!, _at, _ends);
        TableReader? table = _items[column];
        if (table is null || count > (ulong)(_bytes.Length - _at[_isInline ? 0 : column]))
            throw new InvalidDataException($"The list {_plan.Columns[column].Name} is longer than the block.");
        // Those of columns were counted when the columns were found.
        if (_isInline)
            _source.TakeItems(count);
        TItem[] items = new TItem[count];
        for (int i = 0; i < items.Length; i++)
            items[i] = table.Read<TItem, TSchema>();
        return items;
    }

    private readonly struct Cursor(TableReader table) : IColumns
    {
        public long Int(string name, long value) => table.TryNext(out int column) ? table.Int(column) : value;

        public ulong UInt(string name, ulong value) => table.TryNext(out int column) ? table.UInt(column) : value;

        public long Delta(string name, long value) =>
            table.TryNext(out int column) ? table._base = table._last[column] = unchecked(table._last[column] + table.Int(column)) : value;

        public long After(string name, long value) =>
            table.TryNext(out int column) ? unchecked(table._base + table.Int(column)) : value;

        public byte Byte(string name, byte value) => table.TryNext(out int column) ? table.Byte(column) : value;

        public ushort UInt16(string name, ushort value) =>
            table.TryNext(out int column) ? (ushort)(table.Byte(column) | table.Byte(column) << 8) : value;

        public string? Text(string name, string? value) => table.TryNext(out int column) ? table.Of(column, table._source.Strings) : value;

        public string Key(string name, string value) => table._plan.HasKeys ? Text(name, value) ?? "" : value;

        public IpAddress Address(string name, IpAddress value) =>
            table.TryNext(out int column) ? table.Of(column, table._source.Addresses) : value;

        public IReadOnlyList<TItem> List<TItem, TSchema>(string name, IReadOnlyList<TItem> value)
            where TSchema : struct, IRowSchema<TItem> => table.TryNext(out int column) ? table.List<TItem, TSchema>(column) : value;
    }
}
