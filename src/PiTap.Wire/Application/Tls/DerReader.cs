namespace PiTap.Wire.Application.Tls;

/// <summary>
/// Walks the elements of one level of DER (ITU-T X.690): tag, length, content. Only what X.509 needs: tags of one byte, definite lengths.
/// Each step takes at least two bytes, so that a walk ends.
/// </summary>
internal ref struct DerReader(ReadOnlySpan<byte> bytes)
{
    public const byte ObjectIdentifier = 0x06;
    public const byte Utf8String = 0x0c;
    public const byte PrintableString = 0x13;
    public const byte TeletexString = 0x14;
    public const byte Ia5String = 0x16;
    public const byte OctetString = 0x04;
    public const byte Boolean = 0x01;
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;

    private const int MultiByteTag = 0x1f;
    private const int LongLength = 0x80;
    private const int MaxLengthBytes = 3;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next element; false at the end, and where the bytes are no DER.</summary>
    public bool TryRead(out byte tag, out ReadOnlySpan<byte> content)
    {
        tag = 0;
        content = default;
        if (_rest.Length < 2 || (_rest[0] & MultiByteTag) == MultiByteTag)
            return false;
        int headerLength = 2;
        int length = _rest[1];
        if (length >= LongLength)
        {
            int count = length - LongLength;
            if (count is 0 or > MaxLengthBytes || _rest.Length < headerLength + count)
                return false;
            length = 0;
            for (int i = 0; i < count; i++)
                length = length << 8 | _rest[headerLength + i];
            headerLength += count;
        }
        if (_rest.Length - headerLength < length)
            return false;
        tag = _rest[0];
        content = _rest.Slice(headerLength, length);
        _rest = _rest[(headerLength + length)..];
        return true;
    }

    /// <summary>The next element where it has that tag. One with another tag is passed all the same.</summary>
    public bool TryRead(byte expectedTag, out ReadOnlySpan<byte> content) => TryRead(out byte tag, out content) && tag == expectedTag;
}
