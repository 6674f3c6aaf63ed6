using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// Variable-length vectors (RFC 8446 section 3.4): a length of one, two or three bytes and that many bytes. Each method takes one off the
/// front of <c>rest</c>; where the length does not fit it returns false and leaves <c>rest</c> as it was.
/// </summary>
internal static class TlsVector
{
    private const int UInt24Length = 3;

    /// <summary>Reads three bytes in network order; the caller has checked the length.</summary>
    public static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];

    /// <summary>A vector of at most 2^8-1 bytes.</summary>
    public static bool TryTake8(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return !rest.IsEmpty && TryTake(ref rest, sizeof(byte), rest[0], out vector);
    }

    /// <summary>A vector of at most 2^16-1 bytes.</summary>
    public static bool TryTake16(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return BinaryPrimitives.TryReadUInt16BigEndian(rest, out ushort length) && TryTake(ref rest, sizeof(ushort), length, out vector);
    }

    /// <summary>A vector of at most 2^24-1 bytes.</summary>
    public static bool TryTake24(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return rest.Length >= UInt24Length && TryTake(ref rest, UInt24Length, ReadUInt24(rest), out vector);
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, int prefixLength, int length, out ReadOnlySpan<byte> vector)
    {
        if (rest.Length - prefixLength < length)
        {
            vector = default;
            return false;
        }
        vector = rest.Slice(prefixLength, length);
        rest = rest[(prefixLength + length)..];
        return true;
    }
}
