using System.Buffers;

namespace PiTap.Analysis.Streams;

/// <summary>An account of memory that gives until it is used up.</summary>
internal sealed class MemoryAccount(long maxBytes) : IStreamMemory
{
    private long _heldBytes;

    public byte[]? Rent(int length)
    {
        if (_heldBytes + length > maxBytes)
            return null;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        _heldBytes += buffer.Length;
        return buffer;
    }

    public void Return(byte[] buffer)
    {
        _heldBytes -= buffer.Length;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Accounts for memory that somebody got elsewhere; false if the account has no room for more.</summary>
    public bool TryAdjust(ref int accounted, int held)
    {
        long total = _heldBytes - accounted + held;
        if (held > accounted && total > maxBytes)
            return false;
        _heldBytes = total;
        accounted = held;
        return true;
    }
}
