using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// A connection ID of the known versions, 0 to 20 bytes (RFC 9000 section 17.2), kept in place so that it costs no object.
/// </summary>
internal struct QuicConnectionId
{
    private Storage _bytes;
    private byte _length;

    /// <summary>The bytes; gone with the place where this value stands.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>Copies an ID; a longer one than the known versions allow is cut, and then fits no key.</summary>
    public void Set(ReadOnlySpan<byte> id)
    {
        _length = (byte)Math.Min(id.Length, QuicLongHeaderView.MaxConnectionIdLength);
        id[.._length].CopyTo(_bytes);
    }

    public readonly bool Is(ReadOnlySpan<byte> id) => Bytes.SequenceEqual(id);

    [InlineArray(QuicLongHeaderView.MaxConnectionIdLength)]
    private struct Storage
    {
        private byte _first;
    }
}
