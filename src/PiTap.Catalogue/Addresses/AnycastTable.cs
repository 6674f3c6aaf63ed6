using System.Diagnostics.CodeAnalysis;
using PiTap.Catalogue.Tables;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>Addresses that servers in many places share, or that are in use in many countries, and why the table says so.</summary>
/// <param name="Match">The block, for example <c>9.9.9.0/24</c>.</param>
/// <param name="Service">What is there.</param>
/// <param name="Source">An https address of what says that they are.</param>
/// <param name="Checked">The day on which somebody read it there.</param>
public sealed record AnycastRow(string Match, string Service, string Source, DateOnly Checked);

/// <summary>
/// Known anycast addresses (RFC 4786), of which each packet goes to the nearest of several servers, and blocks whose operator has servers
/// in many countries and does not say which are where: no country can be given. By a table of PiTap's own, which is short: most are not
/// known. Immutable; a lookup allocates nothing.
/// </summary>
public sealed class AnycastTable
{
    private const int Fields = 4;

    private readonly BlockMap<AnycastRow> _blocks;

    private AnycastTable(AnycastRow[] rows, BlockMap<AnycastRow> blocks)
    {
        Rows = rows;
        _blocks = blocks;
    }

    /// <summary>All rows, in the order of the file.</summary>
    public IReadOnlyList<AnycastRow> Rows { get; }

    /// <summary>Reads the table; null, with what is wrong in <paramref name="errors"/>, if any line is.</summary>
    public static AnycastTable? Parse(TableFile file, out IReadOnlyList<TableError> errors)
    {
        List<TableError> found = [];
        errors = found;
        List<(AddressBlock Block, AnycastRow Row)> rows = [];
        TableReader reader = new(found);
        reader.Read(file, Fields, fields =>
        {
            if (!AddressBlock.TryParse(fields[0], out AddressBlock block))
                reader.Refuse($"'{fields[0]}' is no block of addresses");
            else if (reader.IsSourced(fields[2], fields[3], out DateOnly day))
                rows.Add((block, new AnycastRow(fields[0], fields[1], fields[2], day)));
        });
        BlockMap<AnycastRow> blocks = new(rows);
        if (blocks.FindOverlap() is { } overlap)
        {
            (string name, int line) = reader.PlaceOf(overlap.Value.Match);
            found.Add(new TableError(name, line, $"'{overlap.Value.Match}' overlaps '{overlap.Before.Match}'"));
        }
        return found.Count == 0 ? new AnycastTable([.. rows.Select(static row => row.Row)], blocks) : null;
    }

    /// <summary>Finds the row whose block has the address.</summary>
    public bool TryFind(IpAddress address, [NotNullWhen(true)] out AnycastRow? row) => _blocks.TryFind(address, out row);
}
