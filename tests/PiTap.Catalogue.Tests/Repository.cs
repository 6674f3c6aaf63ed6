using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Tests;

/// <summary>The catalogue's data in the repository.</summary>
internal static class Repository
{
    public static string DataFolder { get; } = Path.Combine(FindRoot(), "src", "PiTap.Catalogue", "data");

    public static string PartiesFolder { get; } = Path.Combine(DataFolder, "parties");

    public static TableFile[] ReadPartyFiles() =>
        [.. Directory.EnumerateFiles(PartiesFolder, "*.tsv").Order(StringComparer.Ordinal)
            .Select(static path => new TableFile(Path.GetFileName(path), File.ReadAllText(path)))];

    public static PartyTable ReadPartyTable() =>
        PartyTable.Parse(ReadPartyFiles(), out IReadOnlyList<TableError> errors)
        ?? throw new InvalidDataException(string.Join('\n', errors));

    /// <summary>The companies that the package <c>third-party-web</c> names.</summary>
    public static IEnumerable<string> ReadThirdParties() => File.ReadLines(Path.Combine(DataFolder, "sets", "third-party-web.tsv"))
        .Where(static line => !line.StartsWith('#')).Select(static line => line.Split('\t')[2]);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PiTap.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
