using System.Text;

namespace PiTap.Store.Columns;

/// <summary>
/// Reads what <see cref="ColumnWriter"/> wrote. A block that passed its checksum can still come from a stranger's file: whatever the
/// bytes are, reading stays inside them and ends with an <see cref="InvalidDataException"/> where they make no sense.
/// </summary>
internal ref struct ColumnReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    public ColumnReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Where the next byte is.</summary>
    public int Position
    {
        readonly get => _at;
        set => _at = value >= 0 && value <= _bytes.Length ? value : throw Ends();
    }

    public readonly int Remaining => _bytes.Length - _at;

    public byte Byte()
    {
        if (_at >= _bytes.Length)
            throw Ends();
        return _bytes[_at++];
    }

    public ushort UInt16()
    {
        byte low = Byte();
        return (ushort)(low | Byte() << 8);
    }

    public ulong UInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
                return value;
        }
        throw new InvalidDataException("A number in the block is longer than 64 bits.");
    }

    public long Int()
    {
        ulong value = UInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>
    /// A number of things that take at least one byte each from here on, so that no count can ask for more memory than the block is
    /// worth.
    /// </summary>
    public int Count() => Count(int.MaxValue, bytesEach: 1);

    /// <summary>As the other, of things that take so many bytes each, and of so many at most.</summary>
    public int Count(int most, int bytesEach)
    {
        ulong count = UInt();
        if (count > (ulong)(Remaining / bytesEach))
            throw Ends();
        return count <= (ulong)most ? (int)count : throw new InvalidDataException("The block has too many of something.");
    }

    public string Text()
    {
        int length = Count();
        ReadOnlySpan<byte> bytes = _bytes.Slice(_at, length);
        if (Ascii.IsValid(bytes))
        {
            _at += length;
            return Encoding.ASCII.GetString(bytes);
        }
        char[] text = new char[length];
        for (int i = 0; i < length; i++)
            text[i] = (char)UInt();
        return new string(text);
    }

    private static InvalidDataException Ends() => new("The block ends too early.");
}
