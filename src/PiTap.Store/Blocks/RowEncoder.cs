using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>Rows of one kind as a framed block. Not for two threads at once: it keeps its buffers.</summary>
internal sealed class RowEncoder
{
    private readonly ColumnCodec _codec = new();
    private readonly TableWriter _table;

    public RowEncoder() => _table = new TableWriter(_codec);

    /// <summary>Null if they are more than a block may hold.</summary>
    public byte[]? Encode<T, TSchema>(ReadOnlySpan<T> rows)
        where TSchema : struct, IRowSchema<T>
    {
        _codec.Begin();
        _table.Clear();
        foreach (ref readonly T row in rows)
            _table.Add<T, TSchema>(row);
        if (_codec.IsTooLarge)
            return null;
        ReadOnlySpan<byte> raw = _codec.Join((_table, rows.Length));
        return raw.Length > BlockFrame.MaxRawBytes ? null : BlockFrame.Wrap(raw);
    }
}
