namespace PiTap.Wire.Application.Tls;

/// <summary>What <see cref="TlsHandshakeReader.Read"/> came to.</summary>
public enum TlsReadStatus : byte
{
    /// <summary>Nothing was read yet.</summary>
    NotRead = 0,
    /// <summary>A message is there.</summary>
    Message = 1,
    /// <summary>The available stream ends before the next message does.</summary>
    NeedMore = 2,
    /// <summary>What follows is encrypted, or the end: nothing more is to be read.</summary>
    EndOfPlaintext = 3,
    /// <summary>The bytes contradict the protocol.</summary>
    Malformed = 4,
}

/// <summary>A place in one direction of a TLS stream from which reading can go on.</summary>
/// <param name="Offset">Where a record begins, in bytes from the start of the stream.</param>
/// <param name="FragmentOffset">How many bytes of that record's fragment were taken already.</param>
/// <param name="IsAfterChangeCipherSpec">True once ChangeCipherSpec was passed.</param>
public readonly record struct TlsReadPosition(int Offset, int FragmentOffset, bool IsAfterChangeCipherSpec);

/// <summary>
/// Reads the handshake messages in the clear from one direction of a TLS stream, one after the other, however they are laid over records
/// (RFC 8446 section 5.1): several in a record, or one in several.
/// </summary>
public ref struct TlsHandshakeReader
{
    /// <summary>The longest message that is read, in bytes: a hello with many key shares, or a long chain of certificates.</summary>
    public const int MaxMessageLength = 128 * 1024;

    private const int MessageHeaderLength = 4;
    private const int AlertLength = 2;
    private const byte AlertWarning = 1;
    private const byte AlertCloseNotify = 0;

    private readonly ReadOnlySpan<byte> _stream;
    private readonly Span<byte> _scratch;
    private TlsReadPosition _cursor;
    private int _joined;

    /// <summary>Reads from a record boundary at the start of the stream.</summary>
    /// <param name="stream">What is available of the direction, without gaps.</param>
    /// <param name="scratch">Room to join a message that spans several records: as long as the stream, or empty if
    /// <see cref="TlsReadStatus.Malformed"/> is wanted for such.</param>
    public TlsHandshakeReader(ReadOnlySpan<byte> stream, Span<byte> scratch)
        : this(stream, scratch, default)
    {
    }

    /// <summary>Reads on from a place that an earlier reader of the same, shorter stream left.</summary>
    public TlsHandshakeReader(ReadOnlySpan<byte> stream, Span<byte> scratch, TlsReadPosition position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position.Offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.Offset, stream.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(position.FragmentOffset);
        _stream = stream;
        _scratch = scratch;
        Position = position;
    }

    /// <summary>What the latest <see cref="Read"/> came to.</summary>
    public TlsReadStatus Status { get; private set; }

    /// <summary>
    /// What the message is. After <see cref="TlsReadStatus.NeedMore"/> that of the unfinished message, where <see cref="DeclaredLength"/>
    /// is not 0.
    /// </summary>
    public TlsHandshakeType Type { get; private set; }

    /// <summary>The length of the message without its header, in bytes, as declared.</summary>
    public int DeclaredLength { get; private set; }

    /// <summary>
    /// The message without its header, until the next <see cref="Read"/>. After <see cref="TlsReadStatus.NeedMore"/> what is available of
    /// it.
    /// </summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>
    /// After <see cref="TlsReadStatus.NeedMore"/>: with fewer bytes of stream than this another attempt is for nothing. It may take more.
    /// </summary>
    public int RequiredLength { get; private set; }

    /// <summary>Where the next message begins, or the unfinished one, or what is not plaintext.</summary>
    public TlsReadPosition Position { get; private set; }

    /// <summary>Goes to the next message. An end or a contradiction stays what it is.</summary>
    public TlsReadStatus Read()
    {
        if (Status is TlsReadStatus.EndOfPlaintext or TlsReadStatus.Malformed)
            return Status;
        _cursor = Position;
        _joined = 0;
        Type = default;
        DeclaredLength = 0;
        Body = default;
        // Each turn takes a record of at least five bytes from the stream.
        TlsReadStatus status;
        do
            status = ReadRecord();
        while (status == TlsReadStatus.NotRead);
        return Status = status;
    }

    /// <summary>Looks at one record; <see cref="TlsReadStatus.NotRead"/> means that the next one has to be looked at.</summary>
    private TlsReadStatus ReadRecord()
    {
        ParseStatus parsed = TlsRecordView.Parse(_stream[_cursor.Offset..], out TlsRecordView record);
        if (parsed == ParseStatus.Truncated)
            return NeedMore(_joined, _cursor.Offset);
        if (parsed != ParseStatus.Ok || _cursor.FragmentOffset > record.Length)
            return TlsReadStatus.Malformed;
        return record.ContentType switch
        {
            TlsContentType.Handshake => ReadHandshake(record),
            TlsContentType.Heartbeat when !_cursor.IsAfterChangeCipherSpec => Pass(record),
            // Another record between the parts of a message is forbidden (RFC 8446 section 5.1).
            _ when _joined > 0 => TlsReadStatus.Malformed,
            TlsContentType.ChangeCipherSpec when record.Length == 1 => Pass(record),
            TlsContentType.Alert when IsPassedAlert(record) => Pass(record),
            _ => TlsReadStatus.EndOfPlaintext,
        };
    }

    /// <summary>A server that does not know the name warns and goes on (RFC 6066 section 3); such an alert hides no hello.</summary>
    private readonly bool IsPassedAlert(in TlsRecordView record) =>
        !_cursor.IsAfterChangeCipherSpec && record.Length == AlertLength
        && (!record.IsWhole || (record.Fragment[0] == AlertWarning && record.Fragment[1] != AlertCloseNotify));

    private TlsReadStatus Pass(in TlsRecordView record)
    {
        if (!record.IsWhole)
        {
            RequiredLength = _cursor.Offset + record.TotalLength;
            return TlsReadStatus.NeedMore;
        }
        NextRecord(record);
        return TlsReadStatus.NotRead;
    }

    private void NextRecord(in TlsRecordView record)
    {
        bool isAfter = _cursor.IsAfterChangeCipherSpec || record.ContentType == TlsContentType.ChangeCipherSpec;
        _cursor = new TlsReadPosition(_cursor.Offset + record.TotalLength, 0, isAfter);
        if (_joined == 0)
            Position = _cursor;
    }

    private TlsReadStatus ReadHandshake(in TlsRecordView record)
    {
        if (_cursor is { IsAfterChangeCipherSpec: true, FragmentOffset: 0 } && _joined == 0 && record.Length > 0)
        {
            // TLS 1.3 puts a ChangeCipherSpec without meaning before the second hello (RFC 8446 appendix D.4); before
            // anything else it has a meaning, and what follows is encrypted.
            if (!record.IsWhole && record.Fragment.Length < TlsRecordView.HelloProbeLength - TlsRecordView.HeaderLength)
            {
                RequiredLength = _cursor.Offset + Math.Min(TlsRecordView.HelloProbeLength, record.TotalLength);
                return TlsReadStatus.NeedMore;
            }
            if (!TlsRecordView.LooksLikeHello(_stream[_cursor.Offset..]))
                return TlsReadStatus.EndOfPlaintext;
        }
        ReadOnlySpan<byte> fragment = record.Fragment[Math.Min(_cursor.FragmentOffset, record.Fragment.Length)..];
        return _joined == 0 ? ReadInPlace(record, fragment) : Join(record, fragment);
    }

    /// <summary>The usual case: the message lies in one record.</summary>
    private TlsReadStatus ReadInPlace(in TlsRecordView record, ReadOnlySpan<byte> fragment)
    {
        if (fragment.Length >= MessageHeaderLength)
        {
            if (!TryReadHeader(fragment))
                return TlsReadStatus.Malformed;
            int total = MessageHeaderLength + DeclaredLength;
            Body = fragment[MessageHeaderLength..Math.Min(total, fragment.Length)];
            if (fragment.Length >= total)
            {
                Position = _cursor with { FragmentOffset = _cursor.FragmentOffset + total };
                return TlsReadStatus.Message;
            }
        }
        if (!record.IsWhole)
            return NeedMore(fragment.Length, _cursor.Offset + record.TotalLength);
        return fragment.IsEmpty ? Pass(record) : Join(record, fragment);
    }

    /// <summary>Copies what the record holds of the message behind what was copied before.</summary>
    private TlsReadStatus Join(in TlsRecordView record, ReadOnlySpan<byte> fragment)
    {
        int taken = 0;
        if (_joined < MessageHeaderLength)
        {
            if (!TryCopy(fragment, ref taken, MessageHeaderLength))
                return TlsReadStatus.Malformed;
            if (_joined == MessageHeaderLength && !TryReadHeader(_scratch))
                return TlsReadStatus.Malformed;
        }
        if (_joined >= MessageHeaderLength)
        {
            if (!TryCopy(fragment, ref taken, MessageHeaderLength + DeclaredLength))
                return TlsReadStatus.Malformed;
            Body = _scratch[MessageHeaderLength.._joined];
            if (Body.Length == DeclaredLength)
            {
                Position = _cursor with { FragmentOffset = _cursor.FragmentOffset + taken };
                return TlsReadStatus.Message;
            }
        }
        if (!record.IsWhole)
            return NeedMore(_joined, _cursor.Offset + record.TotalLength);
        NextRecord(record);
        return TlsReadStatus.NotRead;
    }

    /// <summary>Copies from the fragment until that many bytes are joined; false if the scratch is too short.</summary>
    private bool TryCopy(ReadOnlySpan<byte> fragment, ref int taken, int upTo)
    {
        ReadOnlySpan<byte> part = fragment[taken..];
        part = part[..Math.Min(part.Length, upTo - _joined)];
        if (!part.TryCopyTo(_scratch[_joined..]))
            return false;
        _joined += part.Length;
        taken += part.Length;
        return true;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> header)
    {
        Type = (TlsHandshakeType)header[0];
        DeclaredLength = TlsVector.ReadUInt24(header[1..]);
        return DeclaredLength <= MaxMessageLength && IsKnown(Type);
    }

    private static bool IsKnown(TlsHandshakeType type) => type
        is TlsHandshakeType.HelloRequest or TlsHandshakeType.ClientHello or TlsHandshakeType.ServerHello
        or TlsHandshakeType.NewSessionTicket or TlsHandshakeType.DraftHelloRetryRequest or TlsHandshakeType.Certificate
        or TlsHandshakeType.ServerKeyExchange or TlsHandshakeType.CertificateRequest or TlsHandshakeType.ServerHelloDone
        or TlsHandshakeType.CertificateVerify or TlsHandshakeType.ClientKeyExchange or TlsHandshakeType.CertificateUrl
        or TlsHandshakeType.CertificateStatus or TlsHandshakeType.SupplementalData or TlsHandshakeType.CompressedCertificate
        or TlsHandshakeType.NextProtocol;

    /// <summary>
    /// Says how much stream the message needs at least: what is missing of it, and a header for each further record that this takes.
    /// </summary>
    /// <param name="have">How many bytes of the message are available, its header included.</param>
    /// <param name="recordEnd">Where the record that is cut ends as declared; where a further record is wanted, where that begins.</param>
    private TlsReadStatus NeedMore(int have, int recordEnd)
    {
        int behind = recordEnd - _stream.Length;
        int missing = MessageHeaderLength - have;
        if (have >= MessageHeaderLength)
            missing += DeclaredLength;
        else if (have == 0 && behind <= 0)
            missing = 0; // No message has begun: only the record's header is sure to be of use.
        if (behind > 0 && missing <= behind)
        {
            RequiredLength = _stream.Length + missing;
            return TlsReadStatus.NeedMore;
        }
        int beyond = missing - Math.Max(0, behind);
        int records = Math.Max(1, (beyond + TlsRecordView.MaxFragmentLength - 1) / TlsRecordView.MaxFragmentLength);
        RequiredLength = recordEnd + beyond + records * TlsRecordView.HeaderLength;
        return TlsReadStatus.NeedMore;
    }
}
