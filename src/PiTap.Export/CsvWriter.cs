using System.Buffers;
using System.Globalization;
using System.Text;

namespace PiTap.Export;

/// <summary>
/// Comma-separated values (RFC 4180): a header line, CRLF after each row. A spreadsheet runs a cell that begins like a formula, and
/// the cells come from hostile bytes: such a cell gets an apostrophe in front, which spreadsheets take for "this is text".
/// </summary>
internal sealed class CsvWriter<T> : IRecordWriter<T>
{
    private const int BufferChars = 64 * 1024;

    private readonly Stream _output;
    private readonly Action<CsvRow, T> _write;
    private readonly CsvRow _row = new();

    public CsvWriter(Stream output, IReadOnlyList<string> header, Action<CsvRow, T> write)
    {
        _output = output;
        _write = write;
        foreach (string column in header)
            _row.Text(column);
        _row.End();
    }

    public void Write(T record)
    {
        _write(_row, record);
        _row.End();
        if (_row.Length >= BufferChars)
            _row.DrainTo(_output);
    }

    public void Dispose()
    {
        _row.DrainTo(_output);
        _output.Flush();
    }
}

/// <summary>Takes the cells of one row after the other.</summary>
internal sealed class CsvRow
{
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> s_formula = SearchValues.Create("=+-@\t\r\n");

    private readonly StringBuilder _text = new();
    private bool _isFirst = true;

    public int Length => _text.Length;

    public void Text(string? value)
    {
        Separate();
        if (string.IsNullOrEmpty(value))
            return;
        string cell = TerminalText.Clean(value);
        if (s_formula.Contains(value[0]))
            cell = "'" + cell;
        if (!cell.AsSpan().ContainsAny(s_quoted))
            _text.Append(cell);
        else
            _text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    public void Number(long value)
    {
        Separate();
        _text.Append(CultureInfo.InvariantCulture, $"{value}");
    }

    public void List(IEnumerable<string?> values) =>
        Text(string.Join(' ', values.Where(static value => !string.IsNullOrEmpty(value)).Distinct(StringComparer.Ordinal)));

    public void End()
    {
        _text.Append("\r\n");
        _isFirst = true;
    }

    public void DrainTo(Stream output)
    {
        output.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }

    private void Separate()
    {
        if (!_isFirst)
            _text.Append(',');
        _isFirst = false;
    }
}
