using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// The columns of one row, one call for each, in the order that makes them columns 1, 2, 3. Writing takes the value and returns it; reading
/// returns what is stored, and the value given where what is read has no such column yet. So one expression says how a record goes both
/// ways. New columns come last: the number is what is stored, and the name is for people.
/// </summary>
internal interface IColumns
{
    /// <summary>A number, short when it is near zero.</summary>
    long Int(string name, long value);

    /// <summary>A number that is never negative, or a set of bits.</summary>
    ulong UInt(string name, ulong value);

    /// <summary>A number near the one of the row before.</summary>
    long Delta(string name, long value);

    /// <summary>A number near the row's latest <see cref="Delta"/>.</summary>
    long After(string name, long value);

    byte Byte(string name, byte value);

    ushort UInt16(string name, ushort value);

    /// <summary>A text out of the table's strings.</summary>
    string? Text(string name, string? value);

    /// <summary>A text that is no column where whoever holds the rows knows it anyway.</summary>
    string Key(string name, string value);

    /// <summary>An address out of the table's addresses.</summary>
    IpAddress Address(string name, IpAddress value);

    /// <summary>A list, with columns of its own.</summary>
    IReadOnlyList<TItem> List<TItem, TSchema>(string name, IReadOnlyList<TItem> value)
        where TSchema : struct, IRowSchema<TItem>;
}

/// <summary>How one kind of row goes in and out of columns. Implemented by structs, so that each direction is compiled for itself.</summary>
internal interface IRowSchema<T>
{
    /// <summary>What a row without any column is.</summary>
    static abstract T Blank { get; }

    /// <summary>How many columns format 1 had, the first ones of these.</summary>
    static abstract int FormatOneColumns { get; }

    /// <summary>The row, column by column.</summary>
    static abstract T Visit<TColumns>(TColumns columns, T row)
        where TColumns : struct, IColumns;
}
