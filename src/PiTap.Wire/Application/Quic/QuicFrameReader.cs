namespace PiTap.Wire.Application;

/// <summary>Finds the CRYPTO frames among the frames of an Initial packet (RFC 9000 sections 12.4 and 19).</summary>
public ref struct QuicFrameReader
{
    private const ulong Padding = 0x00;
    private const ulong Ping = 0x01;
    private const ulong Ack = 0x02;
    private const ulong AckWithEcn = 0x03;
    private const ulong Crypto = 0x06;

    /// <summary>The same in Google's Q050 and T050; in the IETF's QUIC this is STREAM, which no Initial may hold.</summary>
    private const ulong GoogleCrypto = 0x08;

    private readonly ReadOnlySpan<byte> _frames;
    private int _offset;

    /// <summary>Reads from the start of a packet's plaintext.</summary>
    public QuicFrameReader(ReadOnlySpan<byte> frames) => _frames = frames;

    /// <summary>Where the data of the frame at hand stands in the stream.</summary>
    public ulong CryptoOffset { get; private set; }

    /// <summary>The data of the frame at hand.</summary>
    public ReadOnlySpan<byte> CryptoData { get; private set; }

    /// <summary>Goes to the next CRYPTO frame. False at the end, and at a frame that may not be in an Initial.</summary>
    public bool MoveNext()
    {
        while (_offset < _frames.Length)
        {
            if (_frames[_offset] == Padding)
            {
                int next = _frames[_offset..].IndexOfAnyExcept((byte)Padding);
                if (next < 0)
                    return false;
                _offset += next;
                continue;
            }
            if (!TryTake(out ulong type))
                return false;
            switch (type)
            {
                case Ping:
                    continue;
                case Ack or AckWithEcn:
                    if (!TrySkipAck(type == AckWithEcn))
                        return false;
                    continue;
                case Crypto or GoogleCrypto:
                    return TryTakeCrypto();
                default:
                    return false;
            }
        }
        return false;
    }

    private bool TryTakeCrypto()
    {
        if (!TryTake(out ulong offset) || !TryTake(out ulong length) || length > (ulong)(_frames.Length - _offset))
            return false;
        CryptoOffset = offset;
        CryptoData = _frames.Slice(_offset, (int)length);
        _offset += (int)length;
        return true;
    }

    /// <summary>RFC 9000 section 19.3: largest, delay, count of ranges, first range, then a gap and a length for each range.</summary>
    private bool TrySkipAck(bool hasEcn)
    {
        if (!TryTake(out _) || !TryTake(out _) || !TryTake(out ulong ranges) || !TryTake(out _))
            return false;
        // Each range takes at least two bytes, so the count is bounded by what is left.
        if (ranges > (ulong)(_frames.Length - _offset) / 2)
            return false;
        ulong integers = 2 * ranges + (hasEcn ? 3u : 0u);
        for (ulong i = 0; i < integers; i++)
        {
            if (!TryTake(out _))
                return false;
        }
        return true;
    }

    private bool TryTake(out ulong value) => QuicLongHeaderView.TryTakeInteger(_frames, ref _offset, out value);
}
