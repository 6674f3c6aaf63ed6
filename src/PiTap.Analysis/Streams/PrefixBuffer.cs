using PiTap.Analysis.Core;

namespace PiTap.Analysis.Streams;

/// <summary>
/// The bytes of one direction that are not read yet, in memory from the common account. A part of its reader, never copied.
/// </summary>
internal struct PrefixBuffer(IStreamMemory memory)
{
    /// <summary>
    /// A hello of the greatest length takes nine records with their headers, and may be followed by others in the same segment.
    /// </summary>
    private const int MaxBytes = 2 * Limits.HelloBytes;

    private byte[] _buffer = [];

    public int Length { readonly get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Takes bytes on; false if the account is used up or the cap reached.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        int length = Length + bytes.Length;
        if (length > _buffer.Length && !TryGrow(length))
            return false;
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length = length;
        return true;
    }

    /// <summary>Forgets the first bytes.</summary>
    public void DropFront(int count)
    {
        if (count == Length)
        {
            Clear();
            return;
        }
        _buffer.AsSpan(count, Length - count).CopyTo(_buffer);
        Length -= count;
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        if (_buffer.Length > 0)
            memory.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private bool TryGrow(int length)
    {
        if (length > MaxBytes)
            return false;
        byte[]? larger = memory.Rent(Math.Max(length, 2 * _buffer.Length));
        if (larger is null)
            return false;
        int kept = Length;
        Bytes.CopyTo(larger);
        Clear();
        _buffer = larger;
        Length = kept;
        return true;
    }
}
