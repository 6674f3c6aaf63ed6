namespace PiTap.Catalogue.Packed;

/// <summary>Texts of a packed set: a byte that is the length in UTF-8, then the text. Who refers to one names where it begins.</summary>
internal sealed class TextPool(ReadOnlyMemory<byte> bytes)
{
    /// <summary>UTF-8; empty for an offset that is none.</summary>
    public ReadOnlyMemory<byte> Find(uint offset)
    {
        if (offset >= bytes.Length)
            return default;
        int length = bytes.Span[(int)offset];
        return length < bytes.Length - (int)offset ? bytes.Slice((int)offset + 1, length) : default;
    }
}
