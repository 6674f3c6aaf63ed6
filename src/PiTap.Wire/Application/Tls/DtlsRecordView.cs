using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// One DTLS record (RFC 6347 section 4.1), or an encrypted one of DTLS 1.3 with the unified header (RFC 9147 section 4). A datagram may
/// hold several: the next begins at <see cref="TotalLength"/>.
/// <code>
///  plaintext header                   unified header (DTLS 1.3)
///  0  content type                    0  001, connection ID (1 bit), long number (1), length (1), epoch (2)
///  1  version, 2 bytes                   connection ID, as long as the peers agreed
///  3  epoch, 2 bytes                     sequence number, 1 or 2 bytes
///  5  sequence number, 6 bytes           length, 2 bytes, if its bit is set
/// 11  length of the fragment
/// 13  fragment
/// </code>
/// </summary>
public readonly ref struct DtlsRecordView
{
    /// <summary>Bytes before the fragment of a plaintext record.</summary>
    public const int HeaderLength = 13;

    /// <summary>The longest fragment, in bytes.</summary>
    public const int MaxFragmentLength = TlsRecordView.MaxFragmentLength;

    private const int EpochOffset = 3;
    private const int SequenceHighOffset = 5;
    private const int SequenceLowOffset = 7;
    private const int LengthOffset = 11;

    // The unified header's first byte is 001CSLEE: connection ID, long sequence number, length, two bits of the epoch.
    private const int UnifiedMask = 0xe0;
    private const int UnifiedMark = 0x20;
    private const int UnifiedConnectionId = 0x10;
    private const int UnifiedLongSequence = 0x08;
    private const int UnifiedLength = 0x04;
    private const int UnifiedEpochMask = 0x03;

    private DtlsRecordView(TlsContentType contentType, ReadOnlySpan<byte> fragment, int headerLength, int length)
    {
        ContentType = contentType;
        Fragment = fragment;
        Length = length;
        TotalLength = headerLength + length;
    }

    /// <summary>What the record carries; <see cref="TlsContentType.None"/> under the unified header, which encrypts it.</summary>
    public TlsContentType ContentType { get; }

    /// <summary>The version in the header; <see cref="TlsVersions.Dtls13"/> under the unified header.</summary>
    public ushort Version { get; private init; }

    /// <summary>The epoch: 0 is plaintext. Of the unified header the two low bits.</summary>
    public ushort Epoch { get; private init; }

    /// <summary>The 48-bit sequence number within the epoch; 0 under the unified header, which encrypts it.</summary>
    public ulong SequenceNumber { get; private init; }

    /// <summary>The declared length of the fragment, in bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes of the fragment that are available.</summary>
    public ReadOnlySpan<byte> Fragment { get; }

    /// <summary>True for a record of DTLS 1.3 with the unified header.</summary>
    public bool IsUnified { get; private init; }

    /// <summary>True if the fragment cannot be read.</summary>
    public bool IsEncrypted => IsUnified || Epoch != 0 || ContentType is TlsContentType.ApplicationData or TlsContentType.ConnectionId;

    /// <summary>True if all of the fragment is available.</summary>
    public bool IsWhole => Fragment.Length == Length;

    /// <summary>The declared length of the record with its header, in bytes.</summary>
    public int TotalLength { get; }

    /// <summary>
    /// Reads the record at the start of <paramref name="data"/>. A record with a connection ID, whose length only the peers know, takes all
    /// that is left. The unified header has next to no marks: look for it only where DTLS was seen before.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out DtlsRecordView record)
    {
        record = default;
        if (data.IsEmpty)
            return ParseStatus.Truncated;
        if ((data[0] & UnifiedMask) == UnifiedMark)
            return ParseUnified(data, out record);
        if (!IsKnownType(data[0]))
            return ParseStatus.Malformed;
        if (data.Length < HeaderLength)
            return ParseStatus.Truncated;
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        bool hasConnectionId = data[0] == (byte)TlsContentType.ConnectionId;
        int length = hasConnectionId ? data.Length - HeaderLength : BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]);
        if (!IsKnownVersion(version) || (length > MaxFragmentLength && !hasConnectionId))
            return ParseStatus.Malformed;
        ReadOnlySpan<byte> fragment = data.Slice(HeaderLength, Math.Min(length, data.Length - HeaderLength));
        record = new DtlsRecordView((TlsContentType)data[0], fragment, HeaderLength, length)
        {
            Version = version,
            Epoch = BinaryPrimitives.ReadUInt16BigEndian(data[EpochOffset..]),
            SequenceNumber = (ulong)BinaryPrimitives.ReadUInt16BigEndian(data[SequenceHighOffset..]) << 32
                | BinaryPrimitives.ReadUInt32BigEndian(data[SequenceLowOffset..]),
        };
        return ParseStatus.Ok;
    }

    /// <summary>
    /// True if a datagram begins with a whole plaintext-header record of DTLS: a known type and version, a length that fits. The unified
    /// header is left out: one UDP payload in eight would look like it.
    /// </summary>
    public static bool LooksLikeDtls(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length <= HeaderLength || !IsKnownType(datagram[0])
            || !IsKnownVersion(BinaryPrimitives.ReadUInt16BigEndian(datagram[1..])))
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthOffset..]);
        return datagram[0] == (byte)TlsContentType.ConnectionId || (length > 0 && length <= datagram.Length - HeaderLength);
    }

    private static ParseStatus ParseUnified(ReadOnlySpan<byte> data, out DtlsRecordView record)
    {
        record = default;
        int first = data[0];
        int headerLength = 1 + ((first & UnifiedLongSequence) != 0 ? 2 : 1);
        int length;
        // A connection ID stands before the rest of the header and its length is not told.
        if ((first & UnifiedConnectionId) == 0 && (first & UnifiedLength) != 0)
        {
            if (data.Length < headerLength + sizeof(ushort))
                return ParseStatus.Truncated;
            length = BinaryPrimitives.ReadUInt16BigEndian(data[headerLength..]);
            headerLength += sizeof(ushort);
            if (length > MaxFragmentLength)
                return ParseStatus.Malformed;
        }
        else if (data.Length < headerLength)
            return ParseStatus.Truncated;
        else
            length = data.Length - headerLength;
        ReadOnlySpan<byte> fragment = data.Slice(headerLength, Math.Min(length, data.Length - headerLength));
        record = new DtlsRecordView(TlsContentType.None, fragment, headerLength, length)
        {
            Version = TlsVersions.Dtls13,
            Epoch = (ushort)(first & UnifiedEpochMask),
            IsUnified = true,
        };
        return ParseStatus.Ok;
    }

    private static bool IsKnownType(byte type) => type is >= (byte)TlsContentType.ChangeCipherSpec and <= (byte)TlsContentType.Acknowledgement;

    private static bool IsKnownVersion(ushort version) => version
        is TlsVersions.Dtls10 or TlsVersions.Dtls12 or TlsVersions.Dtls13 or TlsVersions.Dtls10OpenSsl;
}
