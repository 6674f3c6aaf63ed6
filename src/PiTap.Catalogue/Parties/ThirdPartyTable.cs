using System.Diagnostics.CodeAnalysis;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Parties;

/// <summary>A service and its company, as the package <c>third-party-web</c> or a list that was imported names them.</summary>
/// <param name="Match">The domain, or one host name: of the latter, names below it are not meant.</param>
/// <param name="Service">What runs there.</param>
/// <param name="Company">Who runs it; null where that is not said.</param>
/// <param name="Category">What it is there for; <c>None</c> where PiTap's categories have no word for it.</param>
public sealed record ThirdPartyRow(string Match, string Service, string? Company, PartyCategory Category);

/// <summary>
/// Companies of what web pages and apps load from elsewhere; stands behind the own table. Immutable; a lookup allocates nothing.
/// </summary>
public sealed class ThirdPartyTable
{
    private const int Fields = 4;
    private const string NoWord = "-";
    private const string AllBelow = "*.";

    private readonly DomainMap<ThirdPartyRow> _domains;
    private readonly Dictionary<string, ThirdPartyRow>.AlternateLookup<ReadOnlySpan<char>> _hosts;

    private ThirdPartyTable(Dictionary<string, ThirdPartyRow> domains, Dictionary<string, ThirdPartyRow> hosts, SetDescription description)
    {
        _domains = new DomainMap<ThirdPartyRow>(domains);
        _hosts = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
        Description = description;
        Companies = [.. domains.Values.Concat(hosts.Values).Select(static row => row.Company).OfType<string>().Distinct()];
    }

    /// <summary>The companies that rows name, each once.</summary>
    public IReadOnlyList<string> Companies { get; }

    /// <summary>Where the table comes from.</summary>
    public SetDescription Description { get; }

    /// <summary>Reads the set; null, with what is wrong in <paramref name="errors"/>, if any line is.</summary>
    public static ThirdPartyTable? Parse(TableFile file, out IReadOnlyList<TableError> errors)
    {
        List<TableError> found = [];
        errors = found;
        Dictionary<string, ThirdPartyRow> domains = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, ThirdPartyRow> hosts = new(StringComparer.OrdinalIgnoreCase);
        TableReader reader = new(found);
        reader.Read(file, Fields, fields =>
        {
            bool isDomain = fields[0].StartsWith(AllBelow, StringComparison.Ordinal);
            string match = isDomain ? fields[0][AllBelow.Length..] : fields[0];
            PartyCategory category = PartyCategory.None;
            if (!DomainName.IsWellFormed(match))
                reader.Refuse($"'{fields[0]}' is no domain in small ASCII letters");
            else if (fields[3] != NoWord && !PartyCategories.TryParse(fields[3], out category))
                reader.Refuse($"category '{fields[3]}' is not on the list");
            else
                (isDomain ? domains : hosts).Add(match, new ThirdPartyRow(match, fields[1], CompanyOf(fields), category));
        });
        SetDescription? description =
            DescriptionText.Parse(TableReader.ReadHead(file.Text), domains.Count + hosts.Count, file.Text.Length, out string? error);
        if (description is null)
            found.Add(new TableError(file.Name, 1, error!));
        return found.Count == 0 ? new ThirdPartyTable(domains, hosts, description!) : null;
    }

    /// <summary>Finds the row of the host itself, else that of the longest domain that it is, or is below of.</summary>
    public bool TryFind(ReadOnlySpan<char> host, [NotNullWhen(true)] out ThirdPartyRow? row)
    {
        if (host is [.. ReadOnlySpan<char> rooted, '.'])
            host = rooted;
        return (host.Length <= DomainName.MaxLength && _hosts.TryGetValue(host, out row)) || _domains.TryFind(host, out row);
    }

    /// <summary>A row for a domain and all names below it.</summary>
    internal static string Line(ThirdPartyRow row) => string.Join('\t', AllBelow + row.Match, row.Service, row.Company ?? NoWord,
        row.Category == PartyCategory.None ? NoWord : row.Category.Word());

    private static string? CompanyOf(string[] fields) => fields[2] == NoWord ? null : fields[2];
}
