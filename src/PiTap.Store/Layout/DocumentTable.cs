using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>
/// Rows of one kind in a field of a document: columns without a frame, as a document that is damaged should cost no more than itself.
/// </summary>
internal sealed class DocumentTable
{
    /// <summary>The field.</summary>
    public const string Field = "table";

    private readonly ColumnCodec _codec = new();
    private readonly TableWriter _table;

    public DocumentTable(bool hasKeys) => _table = new TableWriter(_codec, hasKeys);

    public byte[] Encode<T, TSchema>(IEnumerable<T> rows)
        where TSchema : struct, IRowSchema<T>
    {
        _codec.Begin();
        _table.Clear();
        int count = 0;
        foreach (T row in rows)
        {
            _table.Add<T, TSchema>(row);
            count++;
        }
        return _codec.Join((_table, count)).ToArray();
    }

    /// <summary>The rows, one at a time: what is no column of the table's is as the caller has it.</summary>
    public static TableReader Open<T, TSchema>(byte[] bytes, bool hasKeys, out int rows)
        where TSchema : struct, IRowSchema<T>
    {
        TableSource source = new(bytes, bytes.Length);
        rows = source.FirstRows;
        return source.Open<T, TSchema>(rows, hasKeys);
    }
}
