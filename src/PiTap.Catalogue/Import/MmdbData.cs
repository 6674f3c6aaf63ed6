using System.Buffers.Binary;
using System.Text;

namespace PiTap.Catalogue.Import;

/// <summary>
/// The data section of MaxMind's database format (https://maxmind.github.io/MaxMind-DB/): values, found by where they begin. Reads what
/// countries need, and passes over the rest without following its pointers, so that no file makes it work longer than it is.
/// </summary>
internal readonly ref struct MmdbData(ReadOnlySpan<byte> section)
{
    private const int Pointer = 1;
    private const int Text = 2;
    private const int Map = 7;
    private const int Array = 11;
    private const int Boolean = 14;
    private const int FirstExtended = 7;

    /// <summary>Maps and arrays inside one another.</summary>
    private const int MaxDepth = 16;

    private readonly ReadOnlySpan<byte> _section = section;

    /// <summary>Finds where the value of a key begins, in the map that begins at an offset.</summary>
    public bool TryFind(int map, ReadOnlySpan<byte> key, out int value)
    {
        value = 0;
        int offset = Follow(map);
        if (!TryReadHead(ref offset, out int type, out int size) || type != Map)
            return false;
        for (int i = 0; i < size; i++)
        {
            int name = Follow(offset);
            if (!TrySkip(ref offset, 0) || !TryReadText(name, out ReadOnlySpan<byte> found))
                return false;
            value = Follow(offset);
            if (found.SequenceEqual(key))
                return true;
            if (!TrySkip(ref offset, 0))
                return false;
        }
        return false;
    }

    /// <summary>The text that begins at an offset, in UTF-8.</summary>
    public bool TryReadText(int offset, out ReadOnlySpan<byte> text)
    {
        text = default;
        offset = Follow(offset);
        if (!TryReadHead(ref offset, out int type, out int size) || type != Text || size > _section.Length - offset)
            return false;
        text = _section.Slice(offset, size);
        return true;
    }

    /// <summary>The unsigned number that begins at an offset.</summary>
    public bool TryReadNumber(int offset, out ulong number)
    {
        number = 0;
        offset = Follow(offset);
        if (!TryReadHead(ref offset, out int type, out int size) || type is not (5 or 6 or 9) || size > sizeof(ulong)
            || size > _section.Length - offset)
            return false;
        foreach (byte value in _section.Slice(offset, size))
            number = number << 8 | value;
        return true;
    }

    /// <summary>The text under a key, as a string; null if there is none.</summary>
    public string? FindText(int map, ReadOnlySpan<byte> key) =>
        TryFind(map, key, out int value) && TryReadText(value, out ReadOnlySpan<byte> text) ? Encoding.UTF8.GetString(text) : null;

    /// <summary>The number under a key; null if there is none.</summary>
    public ulong? FindNumber(int map, ReadOnlySpan<byte> key) =>
        TryFind(map, key, out int value) && TryReadNumber(value, out ulong number) ? number : null;

    /// <summary>Where the value is that begins at an offset: a pointer leads to it. The format has no pointers to pointers.</summary>
    private int Follow(int offset)
    {
        int after = offset;
        return TryReadHead(ref after, out int type, out int size) && type == Pointer ? size : offset;
    }

    /// <summary>Reads type and size, and moves on to the content; of a pointer, the size is where it leads.</summary>
    private bool TryReadHead(ref int offset, out int type, out int size)
    {
        type = 0;
        size = 0;
        if ((uint)offset >= _section.Length)
            return false;
        byte control = _section[offset++];
        type = control >> 5;
        if (type == Pointer)
            return TryReadPointer(control, ref offset, out size);
        if (type == 0)
        {
            if (offset >= _section.Length)
                return false;
            type = FirstExtended + _section[offset++];
        }
        size = control & 0x1f;
        int more = size - 28;
        if (more <= 0)
            return true;
        if (more > _section.Length - offset)
            return false;
        int value = ReadBigEndian(_section.Slice(offset, more));
        size = more switch { 1 => 29 + value, 2 => 285 + value, _ => 65_821 + value };
        offset += more;
        return true;
    }

    private bool TryReadPointer(byte control, ref int offset, out int target)
    {
        target = 0;
        int bytes = ((control >> 3) & 3) + 1;
        if (bytes > _section.Length - offset)
            return false;
        ReadOnlySpan<byte> rest = _section.Slice(offset, bytes);
        offset += bytes;
        int high = control & 7;
        long value = bytes switch
        {
            1 => high << 8 | rest[0],
            2 => (high << 16 | BinaryPrimitives.ReadUInt16BigEndian(rest)) + 2_048,
            3 => (high << 24 | ReadBigEndian(rest)) + 526_336,
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        target = (int)Math.Min(value, int.MaxValue);
        return true;
    }

    private bool TrySkip(ref int offset, int depth)
    {
        if (depth > MaxDepth || !TryReadHead(ref offset, out int type, out int size))
            return false;
        if (type is Pointer or Boolean)
            return true;
        if (type is Map or Array)
        {
            int items = type == Map ? 2 * size : size;
            for (int i = 0; i < items; i++)
            {
                if (!TrySkip(ref offset, depth + 1))
                    return false;
            }
            return true;
        }
        if (size > _section.Length - offset)
            return false;
        offset += size;
        return true;
    }

    private static int ReadBigEndian(ReadOnlySpan<byte> bytes)
    {
        int value = 0;
        foreach (byte next in bytes)
            value = value << 8 | next;
        return value;
    }
}
