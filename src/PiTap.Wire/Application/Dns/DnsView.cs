using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application.Dns;

/// <summary>One question (RFC 1035 section 4.1.2).</summary>
/// <param name="NameOffset">Where the name begins in the message.</param>
/// <param name="Type">The type asked for.</param>
/// <param name="Class">The class, without the top bit of multicast DNS.</param>
/// <param name="WantsUnicast">The top bit of the class: multicast DNS asks for a unicast answer (RFC 6762 section 5.4).</param>
public readonly record struct DnsQuestion(int NameOffset, ushort Type, ushort Class, bool WantsUnicast);

/// <summary>
/// A DNS message (RFC 1035 section 4), also of multicast DNS (RFC 6762) and LLMNR (RFC 4795). A message whose records are cut is still Ok:
/// the enumerators end where it does.
/// <code>
///  0  ID
///  2  response (1 bit), opcode (4), AA, TC, RD
///  3  RA, Z, AD, CD, response code (4 bits)
///  4  number of questions
///  6  number of answers
///  8  number of authority records
/// 10  number of additional records
/// 12  questions: name, type, class
///     records: name, type, class, time to live (4 bytes), length of the data, data
/// </code>
/// </summary>
public readonly ref struct DnsView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderLength = 12;

    /// <summary>Longest name on the wire in bytes (RFC 1035 section 2.3.4).</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Room for the text of any name: each byte may need four characters.</summary>
    public const int MaxNameTextBytes = 4 * MaxNameBytes;

    /// <summary>
    /// Compression pointers followed for one name: a name of 255 bytes has at most 127 labels, and no more than one pointer behind each
    /// makes sense.
    /// </summary>
    public const int MaxPointers = 127;

    private const int FlagsOffset = 2;
    private const int CodeOffset = 3;
    private const int QuestionCountOffset = 4;
    private const int RecordCountsOffset = 6;
    private const byte PointerBits = 0xc0;

    /// <summary>DLV (RFC 4431), the last type that was given a number; those behind it are for private use.</summary>
    private const ushort MaxAssignedType = 32_769;

    /// <summary>DNS Stateful Operations (RFC 8490): nothing but the header is where it is otherwise.</summary>
    private const int DsoOpcode = 6;

    private DnsView(ReadOnlySpan<byte> message) => Message = message;

    /// <summary>The whole message: offsets count from its start.</summary>
    internal ReadOnlySpan<byte> Message { get; }

    /// <summary>Common to a question and its answer.</summary>
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Message);

    /// <summary>True for a response.</summary>
    public bool IsResponse => (Message[FlagsOffset] & 0x80) != 0;

    /// <summary>0 query, 4 notify (RFC 1996), 5 update (RFC 2136).</summary>
    public int Opcode => Message[FlagsOffset] >> 3 & 0x0f;

    /// <summary>True if the answer did not fit (RFC 1035 section 4.1.1, TC).</summary>
    public bool IsTruncated => (Message[FlagsOffset] & 0x02) != 0;

    /// <summary>How it went (RFC 1035 section 4.1.1): 0 NOERROR, 3 NXDOMAIN.</summary>
    public int ResponseCode => Message[CodeOffset] & 0x0f;

    /// <summary>Questions, as the header claims.</summary>
    public int QuestionCount => BinaryPrimitives.ReadUInt16BigEndian(Message[QuestionCountOffset..]);

    /// <summary>Records of a section, as the header claims.</summary>
    public int RecordCount(DnsSection section) =>
        section <= DnsSection.Additional ? BinaryPrimitives.ReadUInt16BigEndian(Message[(RecordCountsOffset + 2 * (int)section)..]) : 0;

    /// <summary>The questions, in order.</summary>
    public DnsQuestionEnumerator Questions => new(this);

    /// <summary>The records of all three sections, in order.</summary>
    public DnsRecordEnumerator Records => new(this);

    /// <summary>Reads a message. Only the header has to be whole.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> message, out DnsView view)
    {
        view = default;
        if (message.Length < HeaderLength)
            return ParseStatus.Truncated;
        view = new DnsView(message);
        return ParseStatus.Ok;
    }

    /// <summary>
    /// False for bytes that hardly are DNS, whatever their port: an operation that was never assigned (RFC 6895 section 2.2), a first
    /// question or, without one, a first record that is not consistent or has no class in use (section 3.2).
    /// </summary>
    public bool IsPlausible
    {
        get
        {
            if (Opcode is 3 or > 6)
                return false;
            DnsQuestionEnumerator questions = Questions;
            if (questions.MoveNext())
                return IsClass(questions.Current.Class);
            if (questions.IsCut)
                return false;
            DnsRecordEnumerator records = Records;
            return records.MoveNext() ? IsClass(records.Current.Class) || records.Current.Type == DnsRecord.TypeOpt : Message.Length == HeaderLength || Opcode == DsoOpcode;
        }
    }

    /// <summary>
    /// True if bytes on a port that is not DNS's are a DNS message all the same: a query or its response with one question of class IN or
    /// ANY whose name is one that a host can have, records that are all there and in a query none but those for EDNS (RFC 6891), and
    /// nothing behind them. NetBIOS, which has the same form, is told apart.
    /// </summary>
    public static bool LooksLikeDns(ReadOnlySpan<byte> message)
    {
        if (Parse(message, out DnsView dns) != ParseStatus.Ok || dns.QuestionCount != 1 || dns.Opcode != 0)
            return false;
        // The Z bit must be zero (RFC 1035 section 4.1.1; AD and CD beside it are RFC 4035's).
        if ((message[CodeOffset] & 0x40) != 0 || NbnsView.Parse(message, out _) == ParseStatus.Ok)
            return false;
        int authorities = dns.RecordCount(DnsSection.Authority);
        if (!dns.IsResponse && (dns.ResponseCode | dns.RecordCount(DnsSection.Answer) | authorities) != 0)
            return false;
        DnsQuestionEnumerator questions = dns.Questions;
        if (!questions.MoveNext() || questions.Current.Class is not (1 or 255) || questions.Current.Type is 0 or > MaxAssignedType || !dns.IsHostName())
            return false;
        DnsRecordEnumerator records = dns.Records;
        while (records.MoveNext())
        {
        }
        return !records.IsCut && records.Offset == message.Length;
    }

    /// <summary>
    /// Writes a name as text (RFC 1035 section 5.1): labels with dots between, no final dot, the root as nothing; a dot or backslash inside
    /// a label behind a backslash, bytes outside printable ASCII as <c>\DDD</c>. False for a name that is not consistent or does not fit.
    /// </summary>
    public bool TryWriteName(int offset, Span<byte> destination, out int written)
    {
        written = 0;
        int wireBytes = 0;
        int pointers = 0;
        int lowest = offset;
        while ((uint)offset < (uint)Message.Length)
        {
            byte length = Message[offset];
            if (length == 0)
                return true;
            if ((length & PointerBits) == PointerBits)
            {
                if (offset + 1 >= Message.Length)
                    return false;
                // RFC 1035 section 4.1.4: a pointer replaces what was said by "a prior occurance of the same name". So each has to go
                // further back than any before it, but never into the header, where no names are; the walk ends, and the cap keeps a chain
                // of pointers cheap.
                int target = (length & 0x3f) << 8 | Message[offset + 1];
                if (target >= lowest || target < HeaderLength || ++pointers > MaxPointers)
                    return false;
                lowest = offset = target;
                continue;
            }
            // 01 and 10 in the top bits are no labels: "reserved for future use" (section 4.1.4), and the one use found since was withdrawn
            // (RFC 6891 section 5).
            wireBytes += 1 + length;
            if ((length & PointerBits) != 0 || wireBytes >= MaxNameBytes || offset + 1 + length > Message.Length)
                return false;
            if (!DomainName.TryAppendLabel(Message.Slice(offset + 1, length), destination, ref written))
                return false;
            offset += 1 + length;
        }
        return false;
    }

    /// <summary>
    /// Where a name that is a compression pointer alone is written; else the offset itself. Names with one answer are equal.
    /// </summary>
    public int FollowPointer(int offset) =>
        offset + 1 < Message.Length && (Message[offset] & PointerBits) == PointerBits
            ? (Message[offset] & 0x3f) << 8 | Message[offset + 1]
            : offset;

    /// <summary>Where the bytes behind a name begin; -1 where the name does not end inside the bytes.</summary>
    internal static int SkipName(ReadOnlySpan<byte> bytes, int offset)
    {
        int wireBytes = 0;
        while ((uint)offset < (uint)bytes.Length)
        {
            byte length = bytes[offset];
            if (length == 0)
                return offset + 1;
            if ((length & PointerBits) == PointerBits)
                return offset + 2 <= bytes.Length ? offset + 2 : -1;
            wireBytes += 1 + length;
            if ((length & PointerBits) != 0 || wireBytes >= MaxNameBytes)
                return -1;
            offset += 1 + length;
        }
        return -1;
    }

    /// <summary>IN, CH, HS, NONE, ANY; the top bit is multicast DNS's own.</summary>
    private static bool IsClass(ushort classField) => classField is 1 or 3 or 4 or 254 or 255;

    /// <summary>True if the first question asks for a name of at least one label, in plain printable ASCII and without pointers.</summary>
    private bool IsHostName()
    {
        int offset = HeaderLength;
        while (offset < Message.Length && Message[offset] is > 0 and < 64)
        {
            int behind = offset + 1 + Message[offset];
            if (behind > Message.Length || Message[(offset + 1)..behind].ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
                return false;
            offset = behind;
        }
        return offset > HeaderLength && offset < Message.Length && Message[offset] == 0;
    }
}

/// <summary>Walks the questions of a message, to the number that the header claims or to where the message ends.</summary>
public ref struct DnsQuestionEnumerator
{
    private readonly DnsView _message;
    private int _left;

    internal DnsQuestionEnumerator(DnsView message)
    {
        _message = message;
        _left = message.QuestionCount;
        Offset = DnsView.HeaderLength;
    }

    /// <summary>The current question.</summary>
    public DnsQuestion Current { get; private set; }

    /// <summary>Where the next question, or the first record, begins; -1 where the questions broke off.</summary>
    public int Offset { get; private set; }

    /// <summary>True if the message ended before the number of questions that its header claims.</summary>
    public readonly bool IsCut => Offset < 0;

    /// <summary>The enumerator is its own.</summary>
    public readonly DnsQuestionEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next question.</summary>
    public bool MoveNext()
    {
        if (_left == 0 || Offset < 0)
            return false;
        _left--;
        int name = Offset;
        int behind = DnsView.SkipName(_message.Message, name);
        if (behind < 0 || behind + 4 > _message.Message.Length)
        {
            Offset = -1;
            return false;
        }
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(_message.Message[behind..]);
        ushort classField = BinaryPrimitives.ReadUInt16BigEndian(_message.Message[(behind + 2)..]);
        Current = new DnsQuestion(name, type, (ushort)(classField & 0x7fff), (classField & 0x8000) != 0);
        Offset = behind + 4;
        return true;
    }
}

/// <summary>Walks the records of a message, to the number that the header claims or to where the message ends.</summary>
public ref struct DnsRecordEnumerator
{
    private readonly DnsView _message;
    private int _left;
    private int _section;

    internal DnsRecordEnumerator(DnsView message)
    {
        _message = message;
        DnsQuestionEnumerator questions = message.Questions;
        while (questions.MoveNext())
        {
        }
        Offset = questions.Offset;
        IsCut = questions.IsCut;
        _left = message.RecordCount(DnsSection.Answer);
    }

    /// <summary>The current record.</summary>
    public DnsRecord Current { get; private set; }

    /// <summary>
    /// Where the next record begins; behind the last one, where the message should end; -1 where the questions broke off.
    /// </summary>
    public int Offset { get; private set; }

    /// <summary>True if the message ended before the number of questions or records that its header claims.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly DnsRecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    public bool MoveNext()
    {
        while (_left == 0 && _section < (int)DnsSection.Additional)
            _left = _message.RecordCount((DnsSection)(++_section));
        if (_left == 0 || IsCut)
            return false;
        _left--;
        if (DnsRecord.TryRead(_message.Message, Offset, (DnsSection)_section, out DnsRecord record, out int behind))
        {
            Current = record;
            Offset = behind;
            return true;
        }
        IsCut = true;
        return false;
    }
}
