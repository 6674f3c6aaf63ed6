namespace PiTap.Wire.Application.Quic;

/// <summary>The frame around a TLS handshake message (RFC 8446 section 4): a type and a length of three bytes.</summary>
internal static class QuicHandshakeMessage
{
    public const int HeaderLength = 4;

    /// <summary>
    /// Looks whether a message of this type is whole; <paramref name="length"/> is in bytes, header included. Malformed where it is another
    /// type, or longer than the stream may become.
    /// </summary>
    public static ParseStatus Look(ReadOnlySpan<byte> prefix, byte type, out int length)
    {
        length = 0;
        if (prefix.Length < HeaderLength)
            return !prefix.IsEmpty && prefix[0] != type ? ParseStatus.Malformed : ParseStatus.Truncated;
        int announced = HeaderLength + ((prefix[1] << 16) | (prefix[2] << 8) | prefix[3]);
        if (prefix[0] != type || announced > QuicCryptoBuffer.MaxStreamBytes)
            return ParseStatus.Malformed;
        if (prefix.Length < announced)
            return ParseStatus.Truncated;
        length = announced;
        return ParseStatus.Ok;
    }
}
