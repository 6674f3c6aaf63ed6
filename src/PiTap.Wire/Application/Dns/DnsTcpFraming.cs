using System.Buffers.Binary;

namespace PiTap.Wire.Application.Dns;

/// <summary>DNS over TCP: each message behind two bytes of its length (RFC 7766 section 8).</summary>
public static class DnsTcpFraming
{
    /// <summary>Bytes of the length before each message.</summary>
    public const int PrefixLength = 2;

    /// <summary>Takes the first whole message off a stream; false if it is not all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> message, out int consumed)
    {
        message = default;
        consumed = 0;
        if (stream.Length < PrefixLength)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(stream);
        if (stream.Length < PrefixLength + length)
            return false;
        message = stream.Slice(PrefixLength, length);
        consumed = PrefixLength + length;
        return true;
    }
}
