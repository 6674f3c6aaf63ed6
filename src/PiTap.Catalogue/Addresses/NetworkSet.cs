using System.Buffers.Binary;
using PiTap.Catalogue.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>
/// Which autonomous system announces an address, and what its organisation is called. Immutable; a lookup allocates nothing.
/// </summary>
public sealed class NetworkSet : IPackedSet
{
    private const int Sections = 6;
    private const int RowBytes = 8;

    private readonly PackedSet _set;
    private readonly TextPool _names;
    private readonly FamilySteps _steps;

    private NetworkSet(PackedSet set, FamilySteps steps)
    {
        _set = set;
        _names = new TextPool(set.Section(1));
        _steps = steps;
    }

    /// <summary>Where the set comes from.</summary>
    public SetDescription Description => _set.Description;

    /// <summary>Reads the set in place; null, with the reason in <paramref name="error"/>, if it is damaged.</summary>
    public static NetworkSet? Parse(ReadOnlyMemory<byte> file, out string? error)
    {
        PackedSet? set = PackedSet.Parse(file, PackedKind.Networks, Sections, out error);
        FamilySteps? steps = set is null ? null : FamilySteps.Parse(set, firstSection: 2, out error);
        if (steps is null)
            return null;
        if (set!.Section(0).Length % RowBytes == 0)
            return new NetworkSet(set, steps);
        error = "its table of systems is damaged";
        return null;
    }

    /// <summary>True if the checksum is right. Reads the whole file.</summary>
    public bool IsWhole() => _set.IsWhole();

    /// <summary>False where no system is known to announce the address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="number">The system's number.</param>
    /// <param name="organisation">Its organisation's name in UTF-8; empty if the set has none.</param>
    public bool TryFind(IpAddress address, out uint number, out ReadOnlyMemory<byte> organisation)
    {
        uint value = _steps.Find(address);
        return TryReadRow(value, out number, out organisation);
    }

    /// <summary>The name in UTF-8 of a system's organisation; empty if the set does not have the number.</summary>
    public ReadOnlyMemory<byte> FindOrganisation(uint number)
    {
        int row = PackedRows.Find(_set.Section(0).Span, RowBytes, number);
        return row >= 0 && TryReadRow((uint)row + 1, out _, out ReadOnlyMemory<byte> organisation) ? organisation : default;
    }

    /// <summary>Rows are numbered from 1: value 0 is "unknown".</summary>
    private bool TryReadRow(uint value, out uint number, out ReadOnlyMemory<byte> organisation)
    {
        ReadOnlySpan<byte> rows = _set.Section(0).Span;
        number = 0;
        organisation = default;
        if (value == 0 || value > rows.Length / RowBytes)
            return false;
        ReadOnlySpan<byte> row = rows.Slice((int)(value - 1) * RowBytes, RowBytes);
        number = BinaryPrimitives.ReadUInt32LittleEndian(row);
        organisation = _names.Find(BinaryPrimitives.ReadUInt32LittleEndian(row[sizeof(uint)..]));
        return true;
    }
}
