namespace PiTap.Wire.Application.Http;

/// <summary>One header field.</summary>
public readonly ref struct HttpField
{
    internal HttpField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name, as sent.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value, without white space around it.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>
/// Walks header fields. A line without a colon is passed over. Of a folded field (RFC 9112 section 5.2) the value is the first of its lines
/// that says anything, so that no value holds a line end.
/// </summary>
public ref struct HttpFieldEnumerator
{
    private ReadOnlySpan<byte> _rest;

    internal HttpFieldEnumerator(ReadOnlySpan<byte> fields) => _rest = fields;

    /// <summary>The current field.</summary>
    public HttpField Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly HttpFieldEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next field. Each turn takes a line.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            ReadOnlySpan<byte> line = TakeLine();
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
                continue;
            ReadOnlySpan<byte> value = Trim(line[(colon + 1)..]);
            while (value.IsEmpty && !_rest.IsEmpty && _rest[0] is (byte)' ' or (byte)'\t')
                value = Trim(TakeLine());
            Current = new HttpField(line[..colon].TrimEnd(" \t"u8), value);
            return true;
        }
        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value)
    {
        int start = 0;
        int end = value.Length;
        while (start < end && IsSpace(value[start]))
            start++;
        while (end > start && IsSpace(value[end - 1]))
            end--;
        return value[start..end];
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r';

    private ReadOnlySpan<byte> TakeLine()
    {
        int end = _rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return line;
    }
}
