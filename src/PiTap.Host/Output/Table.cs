using PiTap.Export;

namespace PiTap.Host.Output;

/// <summary>A column of a table.</summary>
/// <param name="Header">What stands above it.</param>
/// <param name="IsNumber">True for figures, which stand at the right.</param>
internal sealed record Column(string Header, bool IsNumber = false);

/// <summary>Draws rows in columns: with Spectre.Console on a terminal, as plain lines elsewhere. All cells are cleaned here.</summary>
internal sealed class Table(Surface surface, IReadOnlyList<Column> columns)
{
    /// <summary>How many rows are laid out together; a longer table goes on below a header of its own.</summary>
    private const int MaxChunkRows = 1000;

    /// <summary>Characters of a cell; the longest host name has 253.</summary>
    private const int MaxCellChars = 256;

    private readonly List<string[]> _rows = [];
    private readonly int[] _widths = [.. columns.Select(static column => column.Header.Length)];
    private bool _hasPlainHeader;

    /// <summary>Adds a row with one cell a column; null is shown as a dash.</summary>
    public void Add(params ReadOnlySpan<string?> cells)
    {
        string[] row = new string[columns.Count];
        for (int i = 0; i < row.Length; i++)
            row[i] = Cell(cells[i]);
        _rows.Add(row);
        if (_rows.Count == MaxChunkRows)
            Draw();
    }

    /// <summary>Draws what is left.</summary>
    public void End()
    {
        if (_rows.Count > 0 || !_hasPlainHeader)
            Draw();
        surface.Out.Flush();
    }

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "-";
        string cell = TerminalText.Clean(text);
        return cell.Length <= MaxCellChars ? cell : string.Concat(cell.AsSpan(0, MaxCellChars - 3), "...");
    }

    private void Draw()
    {
        if (surface.IsOutputTerminal)
            SpectreTable.Draw(surface, columns, _rows);
        else
            DrawPlain();
        _hasPlainHeader = true;
        _rows.Clear();
    }

    private void DrawPlain()
    {
        // Widths only grow: lines that are out cannot be drawn again.
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < row.Length; i++)
                _widths[i] = Math.Max(_widths[i], row[i].Length);
        }
        if (!_hasPlainHeader)
            WriteLine([.. columns.Select(static column => column.Header)]);
        foreach (string[] row in _rows)
            WriteLine(row);
    }

    private void WriteLine(string[] cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            bool isLast = i == cells.Length - 1;
            string cell = columns[i].IsNumber ? cells[i].PadLeft(_widths[i]) : isLast ? cells[i] : cells[i].PadRight(_widths[i]);
            surface.Out.Write(cell);
            surface.Out.Write(isLast ? "\n" : "  ");
        }
    }
}
