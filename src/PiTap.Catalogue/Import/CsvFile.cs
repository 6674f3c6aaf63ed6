using System.Globalization;
using PiTap.Model;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads lists of ranges: <c>first,last,country</c>, or <c>first,last,number,"organisation"</c>. Addresses are texts, or numbers of IPv4
/// addresses; ranges are sorted by their first address.
/// </summary>
internal static class CsvFile
{
    private const int CountryFields = 3;
    private const int NetworkFields = 4;

    /// <summary>True if a line could be a list's first one.</summary>
    public static bool IsOne(string firstLine) =>
        firstLine.Split(',') is [string first, string last, ..] && TryParse(first, out _) && TryParse(last, out _);

    /// <summary>Adds a file's ranges; returns a sentence if a line is wrong.</summary>
    public static string? Read(TextReader text, ImportedRows rows)
    {
        int number = 0;
        while (text.ReadLine() is string line)
        {
            number++;
            string? error = line.Length == 0 ? null : ReadLine(line, rows);
            if (error is not null)
                return $"line {number}: {error}";
            if (rows.IsFull)
                return $"it has more than {ImportedRows.MaxRanges} ranges";
        }
        return null;
    }

    private static string? ReadLine(string line, ImportedRows rows)
    {
        string[] fields = line.Split(',', NetworkFields);
        if (fields.Length < CountryFields || !TryParse(fields[0], out IpAddress first) || !TryParse(fields[1], out IpAddress last))
            return "it is not of the form first address, last address, country or number";
        List<AddressRange> family = first.IsV4 ? rows.V4 : rows.V6;
        UInt128 from = AddressRange.NumberOf(first);
        if (first.IsV4 != last.IsV4 || last < first || (family.Count > 0 && from < family[^1].First))
            return "it ends before it begins, or begins before the line above";
        string? error = null;
        uint value = fields.Length == CountryFields
            ? rows.NumberOfCountry(fields[2], ref error)
            : ReadNetwork(fields[2], fields[3], rows, ref error);
        family.Add(new AddressRange(from, AddressRange.NumberOf(last), value));
        return error;
    }

    private static uint ReadNetwork(string text, string organisation, ImportedRows rows, ref string? error)
    {
        string name = (organisation is ['"', .. string quoted, '"'] ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal) : organisation)
            .Trim();
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) || name.Any(char.IsControl))
        {
            error = "it has no number of an autonomous system, or a control character";
            return 0;
        }
        if (!rows.Names.TryGetValue(number, out string? known) || known.Length == 0)
            rows.Names[number] = name;
        return rows.NumberOf(text);
    }

    private static bool TryParse(string text, out IpAddress address)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            address = IpAddress.FromV4(number);
            return true;
        }
        return IpAddress.TryParse(text, out address);
    }
}
