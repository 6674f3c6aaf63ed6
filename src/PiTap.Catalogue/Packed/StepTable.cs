using System.Buffers.Binary;
using System.Numerics;

namespace PiTap.Catalogue.Packed;

/// <summary>
/// Values of ranges of numbers, as steps: a value holds from its first number to the next step. In blocks of <see cref="BlockRows"/> rows,
/// found by an index; read in place, without allocating.
/// </summary>
internal sealed class StepTable
{
    /// <summary>Rows of a block: what a lookup reads at most.</summary>
    public const int BlockRows = 64;

    private const int OffsetBytes = sizeof(uint);

    /// <summary>Bits of a number in the rows: one that goes on behind them is none.</summary>
    private const int MaxVarintBits = 64;

    /// <summary>Units of distances between IPv4 addresses: 256 of them, or one.</summary>
    public static readonly int[] ShiftsOfV4 = [8, 0];

    /// <summary>Units of distances between /64s: a /32, a /48, a /56 or a /64.</summary>
    public static readonly int[] ShiftsOfV6 = [32, 16, 8, 0];

    private readonly ReadOnlyMemory<byte> _index;
    private readonly ReadOnlyMemory<byte> _rows;
    private readonly int _numberBytes;
    private readonly int[] _shifts;
    private readonly int _unitBits;

    private StepTable(ReadOnlyMemory<byte> index, ReadOnlyMemory<byte> rows, int numberBytes, int[] shifts)
    {
        _index = index;
        _rows = rows;
        _numberBytes = numberBytes;
        _shifts = shifts;
        _unitBits = UnitBitsOf(shifts);
    }

    /// <summary>Bits of a distance that say which of these units it is in.</summary>
    public static int UnitBitsOf(int[] shifts) => BitOperations.Log2((uint)shifts.Length);

    private int EntryBytes => _numberBytes + OffsetBytes;

    /// <summary>IPv4 addresses; distances in units of 256 addresses or of one.</summary>
    public static StepTable? ForV4(ReadOnlyMemory<byte> index, ReadOnlyMemory<byte> rows, out string? error) =>
        Checked(new StepTable(index, rows, sizeof(uint), ShiftsOfV4), out error);

    /// <summary>The first 64 bits of IPv6 addresses; distances in units of a /32, a /48, a /56 or a /64.</summary>
    public static StepTable? ForV6(ReadOnlyMemory<byte> index, ReadOnlyMemory<byte> rows, out string? error) =>
        Checked(new StepTable(index, rows, sizeof(ulong), ShiftsOfV6), out error);

    /// <summary>The value that holds for a number; 0 where none does.</summary>
    public uint Find(ulong number)
    {
        ReadOnlySpan<byte> index = _index.Span;
        int low = 0;
        int high = index.Length / EntryBytes;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ReadNumber(index, middle) <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? 0 : FindInBlock(low - 1, number);
    }

    private uint FindInBlock(int block, ulong number)
    {
        ReadOnlySpan<byte> index = _index.Span;
        ReadOnlySpan<byte> rows = _rows.Span[(int)ReadOffset(index, block)..];
        if ((block + 1) * EntryBytes < index.Length)
            rows = rows[..(int)(ReadOffset(index, block + 1) - ReadOffset(index, block))];
        ulong current = ReadNumber(index, block);
        if (!TryReadVarint(ref rows, out ulong value))
            return 0;
        for (int row = 1; row < BlockRows && TryReadVarint(ref rows, out ulong distance); row++)
        {
            int shift = _shifts[(int)(distance & ((1u << _unitBits) - 1))];
            ulong next = current + (distance >> _unitBits << shift);
            // A step that leads back is none that this format has.
            if (next > number || next <= current || !TryReadVarint(ref rows, out ulong nextValue))
                break;
            current = next;
            value = nextValue;
        }
        return value > uint.MaxValue ? 0 : (uint)value;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        int length = 0;
        for (int shift = 0; shift < MaxVarintBits && length < bytes.Length; shift += 7)
        {
            byte part = bytes[length++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                bytes = bytes[length..];
                return true;
            }
        }
        return false;
    }

    private ulong ReadNumber(ReadOnlySpan<byte> index, int entry) => _numberBytes == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32LittleEndian(index[(entry * EntryBytes)..])
        : BinaryPrimitives.ReadUInt64LittleEndian(index[(entry * EntryBytes)..]);

    private uint ReadOffset(ReadOnlySpan<byte> index, int entry) =>
        BinaryPrimitives.ReadUInt32LittleEndian(index[(entry * EntryBytes + _numberBytes)..]);

    /// <summary>Null if the index is not sorted or leads outside the rows: lookups rely on that.</summary>
    private static StepTable? Checked(StepTable table, out string? error)
    {
        ReadOnlySpan<byte> index = table._index.Span;
        bool isSound = index.Length % table.EntryBytes == 0;
        for (int entry = 0; isSound && entry < index.Length / table.EntryBytes; entry++)
        {
            uint offset = table.ReadOffset(index, entry);
            isSound = offset <= table._rows.Length && (entry == 0
                || (offset >= table.ReadOffset(index, entry - 1) && table.ReadNumber(index, entry) > table.ReadNumber(index, entry - 1)));
        }
        error = isSound ? null : "its index of addresses is damaged";
        return isSound ? table : null;
    }
}
