using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>A text in a list.</summary>
internal readonly struct TextItem : IRowSchema<string>
{
    public static string Blank => "";

    public static int FormatOneColumns => 1;

    public static string Visit<TColumns>(TColumns columns, string item)
        where TColumns : struct, IColumns => columns.Text("text", item) ?? "";
}

/// <summary>A number in a list.</summary>
internal readonly struct NumberItem : IRowSchema<int>
{
    public static int Blank => 0;

    public static int FormatOneColumns => 1;

    public static int Visit<TColumns>(TColumns columns, int item)
        where TColumns : struct, IColumns => unchecked((int)columns.Int("number", item));
}

/// <summary>An address in a list.</summary>
internal readonly struct AddressItem : IRowSchema<IpAddress>
{
    public static IpAddress Blank => default;

    public static int FormatOneColumns => 1;

    public static IpAddress Visit<TColumns>(TColumns columns, IpAddress item)
        where TColumns : struct, IColumns => columns.Address("address", item);
}
