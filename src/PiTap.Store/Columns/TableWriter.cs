using System.Runtime.CompilerServices;
using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// Rows on their way into columns, a buffer for each column. As bytes: how many columns there are, the length of each, then the columns one
/// after the other; behind the counts of a list stands the table of its items.
/// </summary>
internal sealed class TableWriter(ColumnCodec codec, bool hasKeys = true)
{
    private const int FirstColumns = 8;

    private readonly ColumnCodec _codec = codec;
    private readonly bool _hasKeys = hasKeys;
    private Column[] _columns = [];
    private int _used;
    private int _next;
    private long _base;

    public void Clear()
    {
        _used = 0;
        foreach (Column column in _columns)
            column.Clear();
    }

    public void Add<T, TSchema>(T row)
        where TSchema : struct, IRowSchema<T>
    {
        _next = 0;
        _ = TSchema.Visit(new Cursor(this), row);
    }

    /// <summary>Once, when all rows are there.</summary>
    public void WriteTo(ColumnWriter target)
    {
        target.UInt((uint)_used);
        foreach (Column column in _columns.AsSpan(0, _used))
        {
            column.Items?.WriteTo(column.Writer);
            target.UInt((uint)column.Writer.Length);
        }
        foreach (Column column in _columns.AsSpan(0, _used))
            target.Append(column.Writer.Written);
    }

    /// <summary>The writer of the next column.</summary>
    private ColumnWriter Next() => NextColumn().Writer;

    // Once for each value of each row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Column NextColumn()
    {
        if (_next == _used)
            AddColumn();
        return _columns[_next++];
    }

    private void AddColumn()
    {
        if (_used == _columns.Length)
        {
            Array.Resize(ref _columns, Math.Max(FirstColumns, 2 * _used));
            for (int i = _used; i < _columns.Length; i++)
                _columns[i] = new Column();
        }
        _used++;
    }

    private long Delta(long value)
    {
        Column column = NextColumn();
        column.Writer.Int(unchecked(value - column.Last));
        column.Last = _base = value;
        return value;
    }

    private void List<TItem, TSchema>(IReadOnlyList<TItem> list)
        where TSchema : struct, IRowSchema<TItem>
    {
        Column column = NextColumn();
        column.Writer.UInt((uint)list.Count);
        _codec.Items += list.Count;
        if (list.Count == 0)
            return;
        TableWriter items = column.Items ??= new TableWriter(_codec);
        for (int i = 0; i < list.Count; i++)
            items.Add<TItem, TSchema>(list[i]);
    }

    /// <summary>One column: its bytes, the value before of one that holds differences, and the items of one that holds lists.</summary>
    private sealed class Column
    {
        public ColumnWriter Writer { get; } = new();

        public TableWriter? Items { get; set; }

        public long Last { get; set; }

        public void Clear()
        {
            Writer.Clear();
            Last = 0;
            Items?.Clear();
        }
    }

    private readonly struct Cursor(TableWriter table) : IColumns
    {
        public long Int(string name, long value)
        {
            table.Next().Int(value);
            return value;
        }

        public ulong UInt(string name, ulong value)
        {
            table.Next().UInt(value);
            return value;
        }

        public long Delta(string name, long value) => table.Delta(value);

        public long After(string name, long value)
        {
            table.Next().Int(unchecked(value - table._base));
            return value;
        }

        public byte Byte(string name, byte value)
        {
            table.Next().Byte(value);
            return value;
        }

        public ushort UInt16(string name, ushort value)
        {
            table.Next().UInt16(value);
            return value;
        }

        public string? Text(string name, string? value)
        {
            table.Next().UInt((uint)table._codec.Strings.NumberOf(value));
            return value;
        }

        public string Key(string name, string value) => table._hasKeys ? Text(name, value)! : value;

        public IpAddress Address(string name, IpAddress value)
        {
            table.Next().UInt((uint)table._codec.NumberOf(value));
            return value;
        }

        public IReadOnlyList<TItem> List<TItem, TSchema>(string name, IReadOnlyList<TItem> value)
            where TSchema : struct, IRowSchema<TItem>
        {
            table.List<TItem, TSchema>(value);
            return value;
        }
    }
}
