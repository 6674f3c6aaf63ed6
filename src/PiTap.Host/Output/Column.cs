namespace PiTap.Host.Output;

/// <summary>What a column holds, which says how it is set and cut.</summary>
internal enum ColumnKind
{
    /// <summary>Words: cut at their end.</summary>
    Text,
    /// <summary>A name, whose end says whose it is: cut at its left.</summary>
    Name,
    /// <summary>Figures: at the right, never cut.</summary>
    Number,
}

/// <summary>A column of a table.</summary>
/// <param name="Header">What stands above it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Rank">0: always there. The higher, the earlier it goes where there is no room.</param>
internal sealed record Column(string Header, ColumnKind Kind = ColumnKind.Text, int Rank = 0)
{
    /// <summary>A shorter header for narrow terminals; null for the same.</summary>
    public string? BriefHeader { get; init; }

    /// <summary>How a cell reads in a list, <c>{0}</c> being the cell: <c>{0} flows</c>.</summary>
    public string InList { get; init; } = "{0}";

    /// <summary>The same for a single one: <c>{0} flow</c>; null if there is no difference.</summary>
    public string? InListOne { get; init; }

    /// <summary>What a list says once, above its records, as it has no headers; null for nothing.</summary>
    public string? ListNote { get; init; }

    /// <summary>True for the column that heads a record in a list: one in each table.</summary>
    public bool IsTitle { get; init; }

    /// <summary>The fewest cells that one which may be cut is cut to.</summary>
    public int MinWidth => Kind == ColumnKind.Name ? 16 : 8;

    public bool CanBeCut => Kind != ColumnKind.Number;

    public string HeaderOf(bool isBrief) => isBrief ? BriefHeader ?? Header : Header;
}

/// <summary>A cell.</summary>
/// <param name="Full">Its text; null for unknown.</param>
/// <param name="Brief">A shorter text for narrow terminals; null for the same.</param>
internal readonly record struct Cell(string? Full, string? Brief = null)
{
    public static implicit operator Cell(string? text) => new(text);
}
