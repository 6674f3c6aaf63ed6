using PiTap.Catalogue.Parties;

namespace PiTap.Analysis.Attribution;

/// <summary>What the rows of PiTap's own table, taken together, say of a company.</summary>
internal sealed class CompanyTraits
{
    /// <summary>A company with so many services that systems ask for makes one; others keep an app shop or a connectivity check.</summary>
    private const int MinSystemRows = 2;

    private readonly HashSet<string> _systemMakers;
    private readonly HashSet<string> _renting;
    private readonly HashSet<string> _withNetwork;

    public CompanyTraits(PartyTable table)
    {
        _systemMakers =
        [
            .. table.Rows.Where(static row => row.Category == PartyCategory.Os).GroupBy(static row => row.Company.Name)
                .Where(static rows => rows.Count() >= MinSystemRows).Select(static rows => rows.Key),
        ];
        _renting = Companies(table, static row => row.Category is PartyCategory.Cloud or PartyCategory.Cdn);
        _withNetwork = Companies(table, static row => row.Kind == PartyMatchKind.Network);
    }

    /// <summary>True for who makes the system of phones or computers.</summary>
    public bool MakesSystems(string company) => _systemMakers.Contains(company);

    /// <summary>True for who lets others serve from its network, be it with servers of theirs or by delivering for them.</summary>
    public bool ServesOthers(string company) => _renting.Contains(company);

    /// <summary>True for who is known to run a network.</summary>
    public bool HasNetwork(string company) => _withNetwork.Contains(company);

    private static HashSet<string> Companies(PartyTable table, Func<PartyRow, bool> isOne) =>
        [.. table.Rows.Where(isOne).Select(static row => row.Company.Name)];
}
