using System.Text;

namespace PiTap.Store.Columns;

/// <summary>
/// Bytes of one block under construction: variable-length integers, zigzag for signed ones, and strings. Reused from block to block.
/// </summary>
internal sealed class ColumnWriter
{
    private const int FirstCapacityBytes = 1 << 8;
    private const int VarintBytes = 10;
    private const int CharBytes = 3;

    private byte[] _bytes = new byte[FirstCapacityBytes];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void UInt16(ushort value)
    {
        Reserve(2);
        _bytes[_length] = (byte)value;
        _bytes[_length + 1] = (byte)(value >> 8);
        _length += 2;
    }

    /// <summary>Seven bits a byte, lowest first.</summary>
    public void UInt(ulong value)
    {
        Reserve(VarintBytes);
        byte[] bytes = _bytes;
        int at = _length;
        while (value >= 0x80)
        {
            bytes[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[at++] = (byte)value;
        _length = at;
    }

    /// <summary>Zigzag: small numbers of either sign stay short.</summary>
    public void Int(long value) => UInt((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>Every UTF-16 unit as it is, so that even a lone surrogate comes back; ASCII takes a byte a character.</summary>
    public void Text(string value)
    {
        UInt((ulong)value.Length);
        Reserve(value.Length * CharBytes);
        if (Ascii.FromUtf16(value, _bytes.AsSpan(_length), out int written) == System.Buffers.OperationStatus.Done)
        {
            _length += written;
            return;
        }
        foreach (char c in value)
            UInt(c);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
