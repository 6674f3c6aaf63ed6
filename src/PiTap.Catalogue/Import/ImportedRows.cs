namespace PiTap.Catalogue.Import;

/// <summary>What a file says of addresses, before it is packed.</summary>
internal sealed class ImportedRows
{
    /// <summary>Ranges of a file: several times what one has.</summary>
    public const int MaxRanges = 5_000_000;

    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);

    /// <summary>Ranges of IPv4 addresses.</summary>
    public List<AddressRange> V4 { get; } = [];

    /// <summary>Ranges of IPv6 addresses.</summary>
    public List<AddressRange> V6 { get; } = [];

    /// <summary>What the values 1, 2, ... stand for: codes of countries, or numbers of systems.</summary>
    public List<string> Values { get; } = [];

    /// <summary>Names of systems by their number; empty for countries.</summary>
    public Dictionary<uint, string> Names { get; } = [];

    /// <summary>True if a file named countries.</summary>
    public bool HasCountries { get; private set; }

    /// <summary>True once there are more ranges than any file has.</summary>
    public bool IsFull => V4.Count + V6.Count > MaxRanges;

    /// <summary>Adds a range behind the last one; as one with it where they say the same and nothing is between them.</summary>
    public static void Append(List<AddressRange> family, AddressRange range)
    {
        if (family.Count > 0 && family[^1] is AddressRange last && last.Value == range.Value && last.Last + 1 == range.First)
            family[^1] = last with { Last = range.Last };
        else
            family.Add(range);
    }

    /// <summary>The value that stands for a text.</summary>
    public uint NumberOf(string text)
    {
        if (!_numbers.TryGetValue(text, out uint number))
        {
            Values.Add(text);
            number = (uint)Values.Count;
            _numbers.Add(text, number);
        }
        return number;
    }

    /// <summary>The value that stands for a country; 0 for "unknown", and with a sentence for what is no country's code.</summary>
    public uint NumberOfCountry(string code, ref string? error)
    {
        if (code is "ZZ" or "")
            return 0;
        if (code.Length == 2 && code.All(char.IsAsciiLetterUpper))
        {
            HasCountries = true;
            return NumberOf(code);
        }
        error = "what it gives for a country is no code of two capitals";
        return 0;
    }
}
