using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// Rows on their way into columns, a buffer for each column. As bytes: how many columns there are, the length of each, then the columns one
/// after the other; behind the counts of a list stands the table of its items.
/// </summary>
internal sealed class TableWriter(ColumnCodec codec, bool hasKeys = true)
{
    private readonly ColumnCodec _codec = codec;
    private readonly bool _hasKeys = hasKeys;
    private readonly List<ColumnWriter> _columns = [];
    private readonly List<TableWriter?> _items = [];
    private readonly List<long> _last = [];
    private int _used;
    private int _next;
    private long _base;

    public void Clear()
    {
        _used = 0;
        for (int i = 0; i < _columns.Count; i++)
        {
            _columns[i].Clear();
            _last[i] = 0;
            _items[i]?.Clear();
        }
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
        for (int i = 0; i < _used; i++)
        {
            _items[i]?.WriteTo(_columns[i]);
            target.UInt((uint)_columns[i].Length);
        }
        for (int i = 0; i < _used; i++)
            target.Append(_columns[i].Written);
    }

    private ColumnWriter Next()
    {
        if (_next < _used)
            return _columns[_next++];
        if (_used == _columns.Count)
        {
            _columns.Add(new ColumnWriter());
            _items.Add(null);
            _last.Add(0);
        }
        _used++;
        return _columns[_next++];
    }

    private long Delta(long value)
    {
        ColumnWriter column = Next();
        column.Int(unchecked(value - _last[_next - 1]));
        _last[_next - 1] = _base = value;
        return value;
    }

    private void List<TItem, TSchema>(IReadOnlyList<TItem> list)
        where TSchema : struct, IRowSchema<TItem>
    {
        Next().UInt((uint)list.Count);
        _codec.Items += list.Count;
        if (list.Count == 0)
            return;
        TableWriter items = _items[_next - 1] ??= new TableWriter(_codec);
        for (int i = 0; i < list.Count; i++)
            items.Add<TItem, TSchema>(list[i]);
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
