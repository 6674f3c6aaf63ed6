using System.Text;

namespace PiTap.Analysis.Naming;

/// <summary>
/// One string for each distinct text, so that a name seen a million times is made once. Bounded: when full it starts afresh, which costs
/// memory for a while and loses nothing.
/// </summary>
internal sealed class StringTable
{
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private int _characters;

    /// <summary>Characters of all strings made so far.</summary>
    public long MadeCharacters { get; private set; }

    public StringTable() => _lookup = _strings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of bytes as they are (ISO 8859-1): hostile bytes stay distinguishable and are made safe where they are shown.</summary>
    public string Get(ReadOnlySpan<byte> bytes, int maxCharacters = 1_024)
    {
        bytes = bytes[..Math.Min(bytes.Length, maxCharacters)];
        Span<char> text = bytes.Length <= 512 ? stackalloc char[bytes.Length] : new char[bytes.Length];
        Encoding.Latin1.GetChars(bytes, text);
        return Get(text);
    }

    /// <summary>The same of a text at hand that may be one of many alike.</summary>
    public string Get(string text, int maxCharacters = 1_024) => Get(text.AsSpan(0, Math.Min(text.Length, maxCharacters)));

    /// <summary>The same in lower case, without a final dot: for host names, which DNS compares that way (RFC 4343).</summary>
    public string GetHost(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, 1_024)];
        if (bytes.Length > 0 && bytes[^1] == '.')
            bytes = bytes[..^1];
        Span<char> text = stackalloc char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            text[i] = bytes[i] is >= (byte)'A' and <= (byte)'Z' ? (char)(bytes[i] | 0x20) : (char)bytes[i];
        return Get(text);
    }

    private string Get(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out string? known))
            return known;
        if (_strings.Count >= Limits.Strings || _characters + text.Length > Limits.StringCharacters)
        {
            _strings.Clear();
            _characters = 0;
        }
        string made = text.ToString();
        _strings.Add(made, made);
        _characters += made.Length;
        MadeCharacters += made.Length;
        return made;
    }
}
