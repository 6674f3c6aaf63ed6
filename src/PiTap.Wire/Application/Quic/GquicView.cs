using System.Buffers.Binary;

namespace PiTap.Wire.Application;

/// <summary>
/// A hello of Google's QUIC before the IETF's: a message of tags (CHLO, REJ, SHLO), in the clear up to version Q046. The layout is that of Google's
/// "QUIC Crypto" and "QUIC Wire Layout Specification": tag, number of pairs, padding, then for each pair a tag and the end of its value.
/// </summary>
public readonly ref struct GquicView
{
    /// <summary>Pairs in one message.</summary>
    public const int MaxPairs = 128;

    /// <summary>Bytes of packet and frame header before a hello: flags, connection ID, version, nonce, number, hash, frame.</summary>
    private const int MaxHeaderBytes = 96;

    private const int PairBytes = 8;

    private readonly ReadOnlySpan<byte> _message;

    private GquicView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>True for a client's hello.</summary>
    public bool IsClientHello => _message.StartsWith("CHLO"u8);

    /// <summary>The server name (tag SNI); empty without one.</summary>
    public ReadOnlySpan<byte> ServerName => Find("SNI\0"u8);

    /// <summary>The client's name for itself (tag UAID); empty without one.</summary>
    public ReadOnlySpan<byte> UserAgent => Find("UAID"u8);

    /// <summary>Finds the hello in a datagram whose packet has a public header, or the long header of Q044 to Q046.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out GquicView view)
    {
        view = default;
        ReadOnlySpan<byte> start = datagram[..Math.Min(datagram.Length, MaxHeaderBytes)];
        int at = start.IndexOf("CHLO"u8);
        if (at < 0)
            at = start.IndexOf("REJ\0"u8);
        if (at < 0)
            at = start.IndexOf("SHLO"u8);
        return at < 0 ? ParseStatus.Unsupported : ParseMessage(datagram[at..], out view);
    }

    /// <summary>Reads a message of tags as Q050 carries it in CRYPTO frames. Values may be cut.</summary>
    public static ParseStatus ParseMessage(ReadOnlySpan<byte> message, out GquicView view)
    {
        view = default;
        if (message.Length < PairBytes)
            return ParseStatus.Truncated;
        if (!message.StartsWith("CHLO"u8) && !message.StartsWith("REJ\0"u8) && !message.StartsWith("SHLO"u8))
            return ParseStatus.Malformed;
        int pairs = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        if (pairs is 0 or > MaxPairs)
            return ParseStatus.Malformed;
        if (message.Length < PairBytes + pairs * PairBytes)
            return ParseStatus.Truncated;
        view = new GquicView(message);
        return ParseStatus.Ok;
    }

    /// <summary>
    /// The version that a client's packet names in its public header (flags with version and eight bytes of connection ID) or in a long header: <c>Q043</c>. False
    /// for anything else.
    /// </summary>
    public static bool TryReadVersion(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> version)
    {
        const byte HasVersion = 0x01;
        const byte HasConnectionId = 0x08;
        version = default;
        if (datagram.Length < 14)
            return false;
        bool isLong = (datagram[0] & 0x80) != 0;
        bool isPublic = !isLong && (datagram[0] & (HasVersion | HasConnectionId)) == (HasVersion | HasConnectionId);
        if (!isLong && !isPublic)
            return false;
        ReadOnlySpan<byte> found = datagram.Slice(isLong ? 1 : 9, 4);
        if (!IsVersion(found))
            return false;
        version = found;
        return true;
    }

    /// <summary>True for the letter Q and three digits.</summary>
    internal static bool IsVersion(ReadOnlySpan<byte> text) =>
        text[0] == (byte)'Q' && text[1] == (byte)'0' && char.IsAsciiDigit((char)text[2]) && char.IsAsciiDigit((char)text[3]);

    private ReadOnlySpan<byte> Find(scoped ReadOnlySpan<byte> tag)
    {
        int pairs = BinaryPrimitives.ReadUInt16LittleEndian(_message[4..]);
        int values = PairBytes + pairs * PairBytes;
        uint start = 0;
        for (int i = 0; i < pairs; i++)
        {
            ReadOnlySpan<byte> pair = _message.Slice(PairBytes + i * PairBytes, PairBytes);
            uint end = BinaryPrimitives.ReadUInt32LittleEndian(pair[4..]);
            if (end < start || end > (uint)(_message.Length - values))
                return default;
            if (pair[..4].SequenceEqual(tag))
                return _message.Slice(values + (int)start, (int)(end - start));
            start = end;
        }
        return default;
    }
}
