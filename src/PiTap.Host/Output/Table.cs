using System.Globalization;

namespace PiTap.Host.Output;

/// <summary>
/// Draws rows in columns, as wide as the terminal allows; where that is too narrow for columns, as a list. All cells are cleaned here.
/// </summary>
internal sealed class Table(Surface surface, IReadOnlyList<Column> columns)
{
    /// <summary>Below this many cells a table is a list.</summary>
    public const int MinTableWidth = 70;

    /// <summary>How many rows are laid out together; a longer table goes on below a header of its own.</summary>
    private const int MaxChunkRows = 1000;

    /// <summary>Characters of a cell; the longest host name has 253.</summary>
    private const int MaxCellChars = 256;

    private const string Unknown = "-";
    private const string ListIndent = "  ";

    private readonly List<(string Full, string Brief)[]> _rows = [];
    private readonly int[] _plainWidths = [.. columns.Select(static column => column.Header.Length)];
    private bool _hasHeader;

    /// <summary>Adds a row with one cell a column; null is shown as a dash.</summary>
    public void Add(params ReadOnlySpan<Cell> cells)
    {
        (string, string)[] row = new (string, string)[columns.Count];
        for (int i = 0; i < row.Length; i++)
            row[i] = (Clean(columns[i], cells[i].Full), Clean(columns[i], cells[i].Brief ?? cells[i].Full));
        _rows.Add(row);
        if (_rows.Count == MaxChunkRows)
            Draw();
    }

    /// <summary>Draws what is left.</summary>
    public void End()
    {
        if (_rows.Count > 0 || !_hasHeader)
            Draw();
        surface.Out.Flush();
    }

    private string Clean(Column column, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Unknown;
        string cell = DisplayText.Clean(text, surface.IsUnicode);
        return cell.Length <= MaxCellChars ? cell : Cut(column, cell, MaxCellChars);
    }

    private string Cut(Column column, string cell, int width) => column.Kind == ColumnKind.Name
        ? DisplayText.CutLeft(cell, width, surface.IsUnicode)
        : DisplayText.CutRight(cell, width, surface.IsUnicode);

    private void Draw()
    {
        int? width = surface.TableWidth;
        // A pipe or a file has the header in any case.
        if (_rows.Count == 0 && width is not null)
            surface.Out.WriteLine("(none)");
        else if (width is null)
            DrawPlain();
        else if (width < MinTableWidth)
            DrawList(width.Value);
        else
            DrawColumns(TableLayout.Place(columns, Wishes(), width.Value));
        _hasHeader = true;
        _rows.Clear();
    }

    /// <summary>Everything, for a pipe or a file.</summary>
    private void DrawPlain()
    {
        // Widths only grow: lines that are out cannot be drawn again.
        foreach ((string Full, string)[] row in _rows)
        {
            for (int i = 0; i < row.Length; i++)
                _plainWidths[i] = Math.Max(_plainWidths[i], DisplayText.Width(row[i].Full));
        }
        PlacedColumn[] placed = [.. _plainWidths.Select(static (width, i) => new PlacedColumn(i, width, false))];
        if (!_hasHeader)
            WriteHeader(placed);
        foreach ((string Full, string Brief)[] row in _rows)
            WriteRow(placed, row);
    }

    private void DrawColumns(IReadOnlyList<PlacedColumn> placed)
    {
        WriteHeader(placed);
        foreach ((string Full, string Brief)[] row in _rows)
            WriteRow(placed, row);
    }

    private void DrawList(int width)
    {
        int title = Math.Max(0, columns.ToList().FindIndex(static column => column.IsTitle));
        if (!_hasHeader)
        {
            foreach (string note in columns.Select(static column => column.ListNote).OfType<string>().Distinct())
                surface.Out.WriteLine(note);
        }
        foreach ((string Full, string Brief)[] row in _rows)
        {
            surface.Out.WriteLine(surface.Bold(Cut(columns[title], row[title].Full, width)));
            string line = "";
            foreach (string part in ListParts(row, title, width - ListIndent.Length))
            {
                if (line.Length > 0 && DisplayText.Width(line) + ListIndent.Length + DisplayText.Width(part) > width)
                {
                    surface.Out.WriteLine(line);
                    line = "";
                }
                line += ListIndent + part;
            }
            if (line.Length > 0)
                surface.Out.WriteLine(line);
        }
    }

    /// <summary>What stands below a title: what is known, and is not the title again, or nothing.</summary>
    private IEnumerable<string> ListParts((string Full, string Brief)[] row, int title, int width)
    {
        for (int i = 0; i < row.Length; i++)
        {
            Column column = columns[i];
            string cell = row[i].Full;
            if (cell == Unknown || cell == row[title].Full || (column.Kind == ColumnKind.Number && cell == "0"))
                continue;
            string format = cell == "1" ? column.InListOne ?? column.InList : column.InList;
            yield return Cut(column, string.Format(CultureInfo.InvariantCulture, format, cell), width);
        }
    }

    private TableLayout.Wish[] Wishes()
    {
        TableLayout.Wish[] wishes = new TableLayout.Wish[columns.Count];
        for (int i = 0; i < wishes.Length; i++)
        {
            wishes[i] = new TableLayout.Wish(
                Math.Max(columns[i].HeaderOf(false).Length, _rows.Select(row => DisplayText.Width(row[i].Full)).DefaultIfEmpty(0).Max()),
                Math.Max(columns[i].HeaderOf(true).Length, _rows.Select(row => DisplayText.Width(row[i].Brief)).DefaultIfEmpty(0).Max()),
                _rows.Exists(row => row[i].Full != row[i].Brief));
        }
        return wishes;
    }

    private void WriteHeader(IReadOnlyList<PlacedColumn> placed) =>
        WriteLine(placed, column => columns[column.Index].HeaderOf(column.IsBrief), surface.Bold);

    private void WriteRow(IReadOnlyList<PlacedColumn> placed, (string Full, string Brief)[] row) =>
        WriteLine(placed, column => column.IsBrief ? row[column.Index].Brief : row[column.Index].Full, static cell => cell);

    private void WriteLine(IReadOnlyList<PlacedColumn> placed, Func<PlacedColumn, string> text, Func<string, string> style)
    {
        for (int i = 0; i < placed.Count; i++)
        {
            Column column = columns[placed[i].Index];
            bool isLast = i == placed.Count - 1;
            string cell = Cut(column, text(placed[i]), placed[i].Width);
            if (column.Kind == ColumnKind.Number)
                cell = DisplayText.PadLeft(cell, placed[i].Width);
            else if (!isLast)
                cell = DisplayText.PadRight(cell, placed[i].Width);
            surface.Out.Write(style(cell));
            surface.Out.Write(isLast ? "\n" : new string(' ', TableLayout.Gap));
        }
    }
}
