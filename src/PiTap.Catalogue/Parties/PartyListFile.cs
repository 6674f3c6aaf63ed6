using System.Globalization;
using System.Text;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Parties;

/// <summary>
/// A list that was imported, as it is kept: the text of a set such as <c>third-party-web.tsv</c>, behind a line with the CRC-32C
/// (RFC 9260 appendix A) of all that follows.
/// </summary>
internal static class PartyListFile
{
    private const string Extension = ".tsv";
    private const int SumDigits = 8;

    private static ReadOnlySpan<byte> SumMark => "# crc32c: "u8;

    /// <summary>A list's bytes.</summary>
    /// <param name="description">What it is.</param>
    /// <param name="rows">One for each domain, in any order.</param>
    public static byte[] Write(SetDescription description, IEnumerable<ThirdPartyRow> rows)
    {
        StringBuilder text = new();
        foreach (string line in DescriptionText.Lines(description))
            text.Append("# ").Append(line).Append('\n');
        text.Append("# domain\tservice\tcompany\tcategory\n");
        foreach (ThirdPartyRow row in rows.OrderBy(static row => row.Match, StringComparer.Ordinal))
            text.Append(ThirdPartyTable.Line(row)).Append('\n');
        byte[] rest = Encoding.UTF8.GetBytes(text.ToString());
        return [.. SumMark, .. Encoding.ASCII.GetBytes(SumOf(rest)), (byte)'\n', .. rest];
    }

    /// <summary>Null, and a sentence in <paramref name="error"/>, if the file is not what was written.</summary>
    public static ThirdPartyTable? Parse(PartyList list, ReadOnlyMemory<byte> file, out string? error)
    {
        error = !HasSum(file.Span) ? "it is no list that PiTap has written" : IsWhole(file.Span) ? null : "its checksum is another one";
        if (error is not null)
            return null;
        TableFile text = new(list.Set + Extension, Encoding.UTF8.GetString(file.Span));
        ThirdPartyTable? table = ThirdPartyTable.Parse(text, out IReadOnlyList<TableError> errors);
        error = table is null ? errors[0].ToString()
            : table.Description.Name != list.Set ? $"it is the set '{table.Description.Name}'"
            : null;
        return error is null ? table : null;
    }

    /// <summary>True if the bytes are those that the checksum was made from.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file) =>
        HasSum(file) && file.Slice(SumMark.Length, SumDigits).SequenceEqual(Encoding.ASCII.GetBytes(SumOf(file[HeadLength..])));

    private static int HeadLength => SumMark.Length + SumDigits + 1;

    private static bool HasSum(ReadOnlySpan<byte> file) =>
        file.Length >= HeadLength && file.StartsWith(SumMark) && file[HeadLength - 1] == '\n';

    private static string SumOf(ReadOnlySpan<byte> bytes) => PackedSet.Checksum(bytes).ToString("x8", CultureInfo.InvariantCulture);
}
