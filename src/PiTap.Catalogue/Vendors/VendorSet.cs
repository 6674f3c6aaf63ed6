using System.Buffers.Binary;
using System.Text;
using PiTap.Catalogue.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Vendors;

/// <summary>To whom the IEEE assigned the first 24, 28 or 36 bits of MAC addresses. Immutable; a lookup allocates nothing.</summary>
public sealed class VendorSet : IPackedSet
{
    private const int RowBytes = sizeof(ulong);
    private const int Sections = 2;
    private const int MacBits = 48;
    private const int PrefixBits = 36;
    private const int NameBits = 24;

    /// <summary>Bits of an assignment of each class. The longest is asked first: some blocks are assigned in parts.</summary>
    private static readonly int[] s_bits = [24, 28, 36];

    private readonly PackedSet _set;
    private readonly TextPool _names;

    private VendorSet(PackedSet set)
    {
        _set = set;
        _names = new TextPool(set.Section(1));
    }

    /// <summary>Where the set comes from.</summary>
    public SetDescription Description => _set.Description;

    /// <summary>Reads the set in place; null, with the reason in <paramref name="error"/>, if it is damaged.</summary>
    public static VendorSet? Parse(ReadOnlyMemory<byte> file, out string? error)
    {
        PackedSet? set = PackedSet.Parse(file, PackedKind.Vendors, Sections, out error);
        if (set is null)
            return null;
        if (set.Section(0).Length % RowBytes == 0)
            return new VendorSet(set);
        error = "its table of assignments is damaged";
        return null;
    }

    /// <summary>True if the checksum is right. Reads the whole file.</summary>
    public bool IsWhole() => _set.IsWhole();

    /// <summary>
    /// The vendor's name in UTF-8; empty for a randomised address, for one that names a group, and where nobody is listed.
    /// </summary>
    public ReadOnlyMemory<byte> Find(MacAddress address) => Find(address, out _);

    private ReadOnlyMemory<byte> Find(MacAddress address, out int bits)
    {
        bits = 0;
        if (address.IsNone || address.IsGroup || address.IsRandomised)
            return default;
        for (int assignment = s_bits.Length - 1; assignment >= 0; assignment--)
        {
            bits = s_bits[assignment];
            ulong prefix = address.Value >> MacBits - bits << PrefixBits - bits;
            ReadOnlyMemory<byte> name = Find(prefix << 64 - PrefixBits | (ulong)assignment << NameBits);
            if (!name.IsEmpty)
                return name;
        }
        return default;
    }

    /// <summary>
    /// The vendor's name and why it is that, for example <c>IEEE assignment 00:03:93/24</c>; both null where <see cref="Find(MacAddress)"/>
    /// has none. Allocates them.
    /// </summary>
    public string? FindName(MacAddress address, out string? reason)
    {
        ReadOnlyMemory<byte> name = Find(address, out int bits);
        reason = null;
        if (name.IsEmpty)
            return null;
        string block = new MacAddress(address.Value >> MacBits - bits << MacBits - bits).ToString();
        // As many of its groups of two digits as the assignment reaches into.
        reason = $"IEEE assignment {block[..((bits + 7) / 8 * 3 - 1)]}/{bits}";
        return Encoding.UTF8.GetString(name.Span);
    }

    /// <summary>A row: 36 bits of prefix, 4 bits of its class (0, 1, 2 for 24, 28, 36 bits), 24 bits of where the name is.</summary>
    private ReadOnlyMemory<byte> Find(ulong wanted)
    {
        ReadOnlySpan<byte> rows = _set.Section(0).Span;
        int low = 0;
        int high = rows.Length / RowBytes;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (BinaryPrimitives.ReadUInt64LittleEndian(rows[(middle * RowBytes)..]) < wanted)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == rows.Length / RowBytes)
            return default;
        ulong row = BinaryPrimitives.ReadUInt64LittleEndian(rows[(low * RowBytes)..]);
        return row >> NameBits == wanted >> NameBits ? _names.Find((uint)(row & ((1u << NameBits) - 1))) : default;
    }
}
