using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Places;

namespace PiTap.Catalogue.Addresses;

/// <summary>Where autonomous systems are registered. Immutable; a lookup allocates nothing.</summary>
public sealed class NetworkCountrySet : IPackedSet
{
    private const int Sections = 1;
    private const int RowBytes = 6;

    private readonly PackedSet _set;

    private NetworkCountrySet(PackedSet set) => _set = set;

    /// <summary>Where the set comes from.</summary>
    public SetDescription Description => _set.Description;

    /// <summary>Reads the set in place; null, with the reason in <paramref name="error"/>, if it is damaged.</summary>
    public static NetworkCountrySet? Parse(ReadOnlyMemory<byte> file, out string? error)
    {
        PackedSet? set = PackedSet.Parse(file, PackedKind.NetworkCountries, Sections, out error);
        if (set is null)
            return null;
        if (set.Section(0).Length % RowBytes == 0)
            return new NetworkCountrySet(set);
        error = "its table of systems is damaged";
        return null;
    }

    /// <summary>True if the checksum is right. Reads the whole file.</summary>
    public bool IsWhole() => _set.IsWhole();

    /// <summary>The country's ISO 3166-1 code; null where the source knows none.</summary>
    public string? Find(uint number)
    {
        ReadOnlySpan<byte> rows = _set.Section(0).Span;
        int row = PackedRows.Find(rows, RowBytes, number);
        return row < 0 ? null : CountryCode.Text(rows[row * RowBytes + 4], rows[row * RowBytes + 5]);
    }
}
