using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Places;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>Countries that addresses are hosted in, by one source. Immutable; a lookup allocates nothing.</summary>
public sealed class CountrySet : IPackedSet
{
    private const int Sections = 5;

    private readonly PackedSet _set;
    private readonly string?[] _codes;
    private readonly FamilySteps _steps;

    private CountrySet(PackedSet set, FamilySteps steps)
    {
        _set = set;
        _steps = steps;
        ReadOnlySpan<byte> codes = set.Section(0).Span;
        // Value 0 is "unknown".
        _codes = new string?[1 + codes.Length / 2];
        for (int i = 1; i < _codes.Length; i++)
            _codes[i] = CountryCode.Text(codes[2 * i - 2], codes[2 * i - 1]);
    }

    /// <summary>Where the set comes from.</summary>
    public SetDescription Description => _set.Description;

    /// <summary>Reads the set in place; null, with the reason in <paramref name="error"/>, if it is damaged.</summary>
    public static CountrySet? Parse(ReadOnlyMemory<byte> file, out string? error)
    {
        PackedSet? set = PackedSet.Parse(file, PackedKind.Countries, Sections, out error);
        FamilySteps? steps = set is null ? null : FamilySteps.Parse(set, firstSection: 1, out error);
        return steps is null ? null : new CountrySet(set!, steps);
    }

    /// <summary>True if the checksum is right. Reads the whole file.</summary>
    public bool IsWhole() => _set.IsWhole();

    /// <summary>All codes that the set gives to addresses.</summary>
    public IEnumerable<string> Codes => _codes.OfType<string>();

    /// <summary>The country's ISO 3166-1 code; null where the source knows none.</summary>
    public string? Find(IpAddress address)
    {
        uint value = _steps.Find(address);
        return value < _codes.Length ? _codes[value] : null;
    }
}
