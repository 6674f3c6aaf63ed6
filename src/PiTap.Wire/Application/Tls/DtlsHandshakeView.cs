using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// One handshake message of DTLS or a fragment of one (RFC 6347 section 4.2.2), in the fragment of a plaintext record. A record may hold
/// several: the next begins at <see cref="TotalLength"/>.
/// <code>
///  0  type
///  1  length of the whole message, 3 bytes
///  4  number of the message, 2 bytes
///  6  where the fragment begins, 3 bytes
///  9  length of the fragment, 3 bytes
/// 12  fragment
/// </code>
/// </summary>
public readonly ref struct DtlsHandshakeView
{
    /// <summary>Bytes before the fragment.</summary>
    public const int HeaderLength = 12;

    /// <summary>The longest message that is read, in bytes.</summary>
    public const int MaxMessageLength = 64 * 1024;

    private const int LengthOffset = 1;
    private const int SequenceOffset = 4;
    private const int FragmentOffsetOffset = 6;
    private const int FragmentLengthOffset = 9;

    private DtlsHandshakeView(ReadOnlySpan<byte> data)
    {
        Type = (TlsHandshakeType)data[0];
        Length = TlsVector.ReadUInt24(data[LengthOffset..]);
        MessageSequence = BinaryPrimitives.ReadUInt16BigEndian(data[SequenceOffset..]);
        FragmentOffset = TlsVector.ReadUInt24(data[FragmentOffsetOffset..]);
        FragmentLength = TlsVector.ReadUInt24(data[FragmentLengthOffset..]);
        Fragment = data.Slice(HeaderLength, Math.Min(FragmentLength, data.Length - HeaderLength));
    }

    /// <summary>What the message is.</summary>
    public TlsHandshakeType Type { get; }

    /// <summary>Length of the whole message without its header, in bytes.</summary>
    public int Length { get; }

    /// <summary>Number of the message within its direction's handshake.</summary>
    public ushort MessageSequence { get; }

    /// <summary>Where in the message the fragment belongs, in bytes.</summary>
    public int FragmentOffset { get; }

    /// <summary>Declared length of the fragment, in bytes.</summary>
    public int FragmentLength { get; }

    /// <summary>The bytes of the fragment that are available.</summary>
    public ReadOnlySpan<byte> Fragment { get; }

    /// <summary>True if all of the fragment is available.</summary>
    public bool IsWhole => Fragment.Length == FragmentLength;

    /// <summary>True if the fragment is the whole message: it needs no joining.</summary>
    public bool IsMessage => IsWhole && FragmentLength == Length;

    /// <summary>Declared length of the fragment with its header, in bytes.</summary>
    public int TotalLength => HeaderLength + FragmentLength;

    /// <summary>
    /// Reads the message at the start of a record's fragment, or behind the one before. <see cref="ParseStatus.Malformed"/> where its
    /// lengths contradict each other, as encrypted bytes do most often, or the message is too long.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out DtlsHandshakeView handshake)
    {
        handshake = default;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        DtlsHandshakeView parsed = new(data);
        if (parsed.Length > MaxMessageLength || parsed.FragmentOffset + parsed.FragmentLength > parsed.Length)
            return ParseStatus.Malformed;
        handshake = parsed;
        return ParseStatus.Ok;
    }
}
