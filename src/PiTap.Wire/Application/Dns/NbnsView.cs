using System.Buffers.Binary;

namespace PiTap.Wire.Application.Dns;

/// <summary>
/// A message of the NetBIOS name service (RFC 1002 section 4.2): the header of DNS, then a question or a record whose name is written in a
/// coding of its own, two letters for each byte (RFC 1001 section 14.1).
/// <code>
///  0  transaction                     12  32, the length of what follows
///  2  response, opcode, flags         13  the name, each byte as two letters, 32 bytes
///  4  number of questions             45  0
///  6  number of answers               46  type: 0x20 name, 0x21 status
///  8  authority, additional           48  class
/// </code>
/// </summary>
public readonly ref struct NbnsView
{
    /// <summary>Bytes of a name, without the last one, which says what is named (RFC 1001 section 5.2).</summary>
    public const int NameBytes = 15;

    /// <summary>Room for the text of any name: each byte may need four characters.</summary>
    public const int MaxNameTextBytes = 4 * NameBytes;

    private const int HeaderLength = 12;
    private const int FlagsOffset = 2;
    private const int QuestionCountOffset = 4;
    private const int AnswerCountOffset = 6;
    private const byte EncodedLength = 2 * (NameBytes + 1);
    private const int TypeOffset = HeaderLength + 1 + EncodedLength + 1;
    private const ushort TypeName = 0x20;
    private const ushort TypeStatus = 0x21;
    private const byte SuffixHost = 0x00;
    private const byte SuffixServer = 0x20;
    private const byte PointerBits = 0xc0;
    private const int PointerLength = 2;

    /// <summary>Type, class, time to live and length of the data.</summary>
    private const int RecordHeaderLength = 10;

    private const byte GroupBit = 0x80;

    private readonly ReadOnlySpan<byte> _message;

    private NbnsView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Common to a question and its answer.</summary>
    public ushort TransactionId => BinaryPrimitives.ReadUInt16BigEndian(_message);

    /// <summary>True for a response.</summary>
    public bool IsResponse => (_message[FlagsOffset] & 0x80) != 0;

    /// <summary>0 query, 5 registration, 6 release, 7 wait, 8 and 9 refresh, 15 registration with several addresses.</summary>
    public int Opcode => _message[FlagsOffset] >> 3 & 0x0f;

    /// <summary>True if the first name is that of the sender, who registers, refreshes or releases it.</summary>
    public bool NamesSender => !IsResponse && Opcode is 5 or 6 or 8 or 9 or 15;

    /// <summary>What is named (the name's sixteenth byte): 0x00 a host, 0x20 a file server, 0x1b to 0x1e a group's roles.</summary>
    public byte Suffix => Decode(NameBytes);

    /// <summary>
    /// True if the sender registers, refreshes or releases the name of a host: its own and no group's, for which section 4.2.1.3 has a bit.
    /// </summary>
    public bool NamesHost => NamesSender && Suffix is SuffixHost or SuffixServer && IsUnique;

    private bool IsUnique
    {
        get
        {
            // A registration repeats the name, as a pointer or in full, in the record that says whose it is.
            ReadOnlySpan<byte> record = _message[(TypeOffset + 4)..];
            int nameLength = record.Length > 0 && record[0] >= PointerBits ? PointerLength : 1 + EncodedLength + 1;
            int flagsOffset = nameLength + RecordHeaderLength;
            return record.Length > flagsOffset && BinaryPrimitives.ReadUInt16BigEndian(record[nameLength..]) == TypeName && (record[flagsOffset] & GroupBit) == 0;
        }
    }

    /// <summary>
    /// Reads a message whose first name is one of NetBIOS without scope; others are <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> message, out NbnsView view)
    {
        view = default;
        if (message.Length < TypeOffset + 4)
            return ParseStatus.Truncated;
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[QuestionCountOffset..]);
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[AnswerCountOffset..]);
        // Section 4.2: a request has one question, a response none and at most one answer.
        if (questions > 1 || answers > 1 || questions + answers == 0)
            return ParseStatus.Malformed;
        ReadOnlySpan<byte> encoded = message.Slice(HeaderLength + 1, EncodedLength);
        if (message[HeaderLength] != EncodedLength || encoded.ContainsAnyExceptInRange((byte)'A', (byte)'P'))
            return ParseStatus.Malformed;
        if (message[TypeOffset - 1] != 0)
            return ParseStatus.Unsupported;
        if (BinaryPrimitives.ReadUInt16BigEndian(message[TypeOffset..]) is not (TypeName or TypeStatus))
            return ParseStatus.Unsupported;
        view = new NbnsView(message);
        return ParseStatus.Ok;
    }

    /// <summary>
    /// Writes the name without the spaces or zeros that fill it, bytes outside printable ASCII as <c>\DDD</c>. False if it does not fit.
    /// </summary>
    public bool TryWriteName(Span<byte> destination, out int written)
    {
        Span<byte> name = stackalloc byte[NameBytes];
        for (int i = 0; i < NameBytes; i++)
            name[i] = Decode(i);
        written = 0;
        return DomainName.TryAppendLabel(name.TrimEnd(" \0"u8), destination, ref written);
    }

    private byte Decode(int index)
    {
        ReadOnlySpan<byte> pair = _message.Slice(HeaderLength + 1 + 2 * index, 2);
        return (byte)((pair[0] - 'A') << 4 | (pair[1] - 'A'));
    }
}
