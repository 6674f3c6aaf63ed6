using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Tests.Parties;

/// <summary>Makes files of the table for tests.</summary>
internal static class PartyTexts
{
    public const string Companies = "# name\tcountry\tsource\tchecked\nExample\tSG\thttps://example.com/about\t2026-01-31\n";

    public static string Row(
        string match, string service = "Calls", string company = "Example", string country = "SG", string category = "rtc",
        string source = "https://example.com/firewall", string day = "2026-02-01") =>
        string.Join('\t', match, service, company, country, category, source, day) + "\n";

    public static PartyTable Parse(params string[] rows)
    {
        TableFile[] files = [new TableFile("companies.tsv", Companies), new TableFile("rows.tsv", string.Concat(rows))];
        return PartyTable.Parse(files, out IReadOnlyList<TableError> errors) ?? throw new InvalidDataException(string.Join('\n', errors));
    }

    public static string[] Errors(params (string Name, string Text)[] files)
    {
        TableFile[] parties = [.. files.Select(static file => new TableFile(file.Name, file.Text))];
        PartyTable? table = PartyTable.Parse(parties, out IReadOnlyList<TableError> errors);
        Assert.Equal(errors.Count == 0, table is not null);
        return [.. errors.Select(static error => error.ToString())];
    }
}
