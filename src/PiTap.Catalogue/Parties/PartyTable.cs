using System.Diagnostics.CodeAnalysis;
using PiTap.Model;

namespace PiTap.Catalogue.Parties;

/// <summary>
/// The project's own table of who runs what: by domain, by network and by address. Immutable; a lookup allocates nothing. A network's row
/// names who runs the network, which is not the company that an app talks to there.
/// </summary>
public sealed class PartyTable
{
    private readonly Dictionary<string, PartyRow>.AlternateLookup<ReadOnlySpan<char>> _domains;
    private readonly Dictionary<uint, PartyRow> _networks;
    private readonly AddressBlock[] _blocks;
    private readonly PartyRow[] _blockRows;
    private readonly int _maxLabels;

    internal PartyTable(
        IReadOnlyList<PartyRow> rows, Dictionary<string, PartyRow> domains, Dictionary<uint, PartyRow> networks,
        IEnumerable<(AddressBlock Block, PartyRow Row)> ranges)
    {
        Rows = rows;
        // The comparer ignores case: host names come as they were sent (RFC 4343).
        _domains = new Dictionary<string, PartyRow>(domains, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _networks = networks;
        (AddressBlock Block, PartyRow Row)[] sorted = [.. ranges.OrderBy(static range => range.Block.First)];
        _blocks = [.. sorted.Select(static range => range.Block)];
        _blockRows = [.. sorted.Select(static range => range.Row)];
        _maxLabels = domains.Keys.Select(static name => DomainName.CountLabels(name)).DefaultIfEmpty(0).Max();
    }

    /// <summary>All rows, in the order of the files.</summary>
    public IReadOnlyList<PartyRow> Rows { get; }

    /// <summary>
    /// Reads a whole table: one file <c>companies.tsv</c> and files of rows. Null if anything is wrong with any line;
    /// <paramref name="errors"/> then says what, line by line.
    /// </summary>
    public static PartyTable? Parse(IReadOnlyList<PartyFile> files, out IReadOnlyList<PartyError> errors) =>
        new PartyTableParser().Parse(files, out errors);

    /// <summary>
    /// Finds the row of the longest domain that the host is, or is below of. Borders are those of labels: <c>notagora.io</c> is not below
    /// <c>agora.io</c>. A dot at the end is ignored.
    /// </summary>
    public bool TryFindDomain(ReadOnlySpan<char> host, [NotNullWhen(true)] out PartyRow? row)
    {
        row = null;
        if (host is [.. ReadOnlySpan<char> rooted, '.'])
            host = rooted;
        if (host.Length > DomainName.MaxLength)
            return false;
        // No row has more labels than _maxLabels: of a hostile name with a hundred, only that many suffixes are looked up.
        int start = host.Length;
        for (int labels = 0; labels < _maxLabels && start > 0; labels++)
            start = Math.Max(host[..(start - 1)].LastIndexOf('.') + 1, 0);
        while (start < host.Length)
        {
            if (_domains.TryGetValue(host[start..], out row))
                return true;
            int dot = host[start..].IndexOf('.');
            if (dot < 0)
                return false;
            start += dot + 1;
        }
        return false;
    }

    /// <summary>Finds the row of an autonomous system's number.</summary>
    public bool TryFindNetwork(uint asn, [NotNullWhen(true)] out PartyRow? row) => _networks.TryGetValue(asn, out row);

    /// <summary>Finds the row whose block of addresses has the address. Blocks do not overlap.</summary>
    public bool TryFindAddress(IpAddress address, [NotNullWhen(true)] out PartyRow? row)
    {
        int low = 0;
        int high = _blocks.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_blocks[middle].Contains(address))
            {
                row = _blockRows[middle];
                return true;
            }
            if (address < _blocks[middle].First)
                high = middle - 1;
            else
                low = middle + 1;
        }
        row = null;
        return false;
    }
}
