using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>How the values of a column are stored.</summary>
internal enum ColumnKind
{
    Varint,
    Byte,
    UInt16,
    List,
}

/// <summary>One column of a plan; a list has a plan for its items.</summary>
internal sealed record PlannedColumn(string Name, ColumnKind Kind, ColumnPlan? Items = null);

/// <summary>The columns of a schema as data: found by visiting a blank row.</summary>
internal sealed class ColumnPlan
{
    private readonly List<PlannedColumn> _columns = [];

    private ColumnPlan(int formatOneColumns, bool hasKeys)
    {
        FormatOneColumns = formatOneColumns;
        HasKeys = hasKeys;
    }

    /// <summary>In their order.</summary>
    public IReadOnlyList<PlannedColumn> Columns => _columns;

    public int FormatOneColumns { get; }

    /// <summary>True if the keys are columns.</summary>
    public bool HasKeys { get; }

    /// <summary>The plan of a schema, with or without its keys.</summary>
    public static ColumnPlan Of<T, TSchema>(bool hasKeys)
        where TSchema : struct, IRowSchema<T> => hasKeys ? Plans<T, TSchema>.WithKeys : Plans<T, TSchema>.WithoutKeys;

    private static ColumnPlan Make<T, TSchema>(bool hasKeys)
        where TSchema : struct, IRowSchema<T>
    {
        ColumnPlan plan = new(TSchema.FormatOneColumns, hasKeys);
        _ = TSchema.Visit(new Visitor(plan, hasKeys), TSchema.Blank);
        return plan;
    }

    private static class Plans<T, TSchema>
        where TSchema : struct, IRowSchema<T>
    {
        public static readonly ColumnPlan WithKeys = Make<T, TSchema>(true);

        public static readonly ColumnPlan WithoutKeys = Make<T, TSchema>(false);
    }

    private readonly struct Visitor(ColumnPlan plan, bool hasKeys) : IColumns
    {
        public long Int(string name, long value) => Plan(name, ColumnKind.Varint, value);

        public ulong UInt(string name, ulong value) => Plan(name, ColumnKind.Varint, value);

        public long Delta(string name, long value) => Plan(name, ColumnKind.Varint, value);

        public long After(string name, long value) => Plan(name, ColumnKind.Varint, value);

        public byte Byte(string name, byte value) => Plan(name, ColumnKind.Byte, value);

        public ushort UInt16(string name, ushort value) => Plan(name, ColumnKind.UInt16, value);

        public string? Text(string name, string? value) => Plan(name, ColumnKind.Varint, value);

        public string Key(string name, string value) => hasKeys ? Plan(name, ColumnKind.Varint, value) : value;

        public IpAddress Address(string name, IpAddress value) => Plan(name, ColumnKind.Varint, value);

        public IReadOnlyList<TItem> List<TItem, TSchema>(string name, IReadOnlyList<TItem> value)
            where TSchema : struct, IRowSchema<TItem>
        {
            plan._columns.Add(new PlannedColumn(name, ColumnKind.List, Of<TItem, TSchema>(hasKeys: true)));
            return value;
        }

        private TValue Plan<TValue>(string name, ColumnKind kind, TValue value)
        {
            plan._columns.Add(new PlannedColumn(name, kind));
            return value;
        }
    }
}
