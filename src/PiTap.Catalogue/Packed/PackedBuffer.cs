namespace PiTap.Catalogue.Packed;

/// <summary>Bytes of a section that is being made.</summary>
internal sealed class PackedBuffer
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    /// <summary>The lowest bytes of a number, the lowest first.</summary>
    public void AddNumber(ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++)
            _bytes.Add((byte)(value >> 8 * i));
    }

    /// <summary>Seven bits a byte, lowest first; the top bit says that more follow.</summary>
    public void AddVarint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public byte[] ToArray() => [.. _bytes];
}
