using PiTap.Catalogue.Tables;

namespace PiTap.Catalogue.Places;

/// <summary>Which groups countries belong to, by a table of PiTap's own. Immutable; a lookup allocates nothing.</summary>
public sealed class CountryGroups
{
    private const int Fields = 5;
    private const int KeyFields = 2;
    private const string NoLimit = "-";

    private static readonly Dictionary<string, CountryGroup> s_byWord = new(StringComparer.Ordinal)
    {
        ["EU"] = CountryGroup.EuropeanUnion,
        ["EEA"] = CountryGroup.EuropeanEconomicArea,
        ["adequacy"] = CountryGroup.Adequacy,
        ["five-eyes"] = CountryGroup.FiveEyes,
    };

    private readonly Dictionary<string, CountryMembership[]> _memberships;

    private CountryGroups(List<CountryMembership> rows)
    {
        Rows = rows;
        _memberships = rows.GroupBy(static row => row.Country).ToDictionary(static rows => rows.Key, static rows => rows.ToArray());
    }

    /// <summary>All rows, by country.</summary>
    public IReadOnlyList<CountryMembership> Rows { get; }

    /// <summary>Reads the table; null, with what is wrong in <paramref name="errors"/>, if any line is.</summary>
    public static CountryGroups? Parse(TableFile file, out IReadOnlyList<TableError> errors)
    {
        List<TableError> found = [];
        errors = found;
        List<CountryMembership> rows = [];
        TableReader reader = new(found);
        reader.Read(file, Fields, fields =>
        {
            if (!Countries.IsAssigned(fields[0]))
                reader.Refuse($"'{fields[0]}' is not an ISO 3166 code");
            else if (!s_byWord.TryGetValue(fields[1], out CountryGroup group))
                reader.Refuse($"group '{fields[1]}' is not on the list");
            else if (reader.IsSourced(fields[3], fields[4], out DateOnly day))
                rows.Add(new CountryMembership(fields[0], group, fields[2] == NoLimit ? null : fields[2], fields[3], day));
        }, KeyFields);
        return found.Count == 0 ? new CountryGroups(rows) : null;
    }

    /// <summary>The groups of a country; none for a code that nobody has.</summary>
    public IReadOnlyList<CountryMembership> Find(string code) =>
        _memberships.TryGetValue(code, out CountryMembership[]? memberships) ? memberships : [];
}
