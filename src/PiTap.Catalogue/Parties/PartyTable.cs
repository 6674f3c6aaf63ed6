using System.Diagnostics.CodeAnalysis;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Names;
using PiTap.Catalogue.Tables;
using PiTap.Model;

namespace PiTap.Catalogue.Parties;

/// <summary>
/// The project's own table of who runs what: by domain, by network and by address. Immutable; a lookup allocates nothing. A network's row
/// names who runs the network, which is not the company that an app talks to there.
/// </summary>
public sealed class PartyTable
{
    private readonly DomainMap<PartyRow> _domains;
    private readonly Dictionary<uint, PartyRow> _networks;
    private readonly BlockMap<PartyRow> _ranges;

    internal PartyTable(
        IReadOnlyList<PartyRow> rows, Dictionary<string, PartyRow> domains, Dictionary<uint, PartyRow> networks,
        IEnumerable<(AddressBlock Block, PartyRow Row)> ranges)
    {
        Rows = rows;
        _domains = new DomainMap<PartyRow>(domains);
        _networks = networks;
        _ranges = new BlockMap<PartyRow>(ranges);
    }

    /// <summary>All rows, in the order of the files.</summary>
    public IReadOnlyList<PartyRow> Rows { get; }

    /// <summary>
    /// Reads a whole table: one file <c>companies.tsv</c> and files of rows. Null if anything is wrong with any line;
    /// <paramref name="errors"/> then says what, line by line.
    /// </summary>
    public static PartyTable? Parse(IReadOnlyList<TableFile> files, out IReadOnlyList<TableError> errors) =>
        new PartyTableParser().Parse(files, out errors);

    /// <summary>
    /// Finds the row of the longest domain that the host is, or is below of. Borders are those of labels: <c>notagora.io</c> is not below
    /// <c>agora.io</c>. A dot at the end is ignored.
    /// </summary>
    public bool TryFindDomain(ReadOnlySpan<char> host, [NotNullWhen(true)] out PartyRow? row) => _domains.TryFind(host, out row);

    /// <summary>Finds the row of an autonomous system's number.</summary>
    public bool TryFindNetwork(uint asn, [NotNullWhen(true)] out PartyRow? row) => _networks.TryGetValue(asn, out row);

    /// <summary>Finds the row whose block of addresses has the address. Blocks do not overlap.</summary>
    public bool TryFindAddress(IpAddress address, [NotNullWhen(true)] out PartyRow? row) => _ranges.TryFind(address, out row);
}
