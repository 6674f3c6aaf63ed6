using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Quic;

/// <summary>The frames that an Initial packet may hold (RFC 9000 section 12.4).</summary>
public enum QuicFrameKind : byte
{
    /// <summary>None: nothing was read yet, or the frames ended.</summary>
    None = 0,
    /// <summary>A run of padding (RFC 9000 section 19.1).</summary>
    Padding = 1,
    /// <summary>PING (RFC 9000 section 19.2).</summary>
    Ping = 2,
    /// <summary>ACK (RFC 9000 section 19.3).</summary>
    Ack = 3,
    /// <summary>CRYPTO: a piece of the TLS handshake (RFC 9000 section 19.6).</summary>
    Crypto = 4,
    /// <summary>CONNECTION_CLOSE (RFC 9000 section 19.19).</summary>
    ConnectionClose = 5,
}

/// <summary>
/// Walks over the frames of a decrypted Initial packet. It ends at the first frame that an Initial may not hold, or that is not whole;
/// <see cref="IsMalformed"/> then tells so. Google's Q050, T050 and T051 number their frames differently.
/// </summary>
public ref struct QuicFrameReader
{
    private const byte PaddingType = 0x00;
    private const byte PingType = 0x01;
    private const byte AckType = 0x02;
    private const byte AckEcnType = 0x03;
    private const byte CryptoType = 0x06;
    private const byte CloseType = 0x1c;
    private const byte GooglePingType = 0x07;
    private const byte GoogleCryptoType = 0x08;
    private const byte GoogleCloseType = 0x02;
    private const int EcnCountFields = 3;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly bool _isGoogle;
    private int _position;

    /// <summary>Starts in front of the first frame of a payload of this version.</summary>
    public QuicFrameReader(ReadOnlySpan<byte> payload, uint version)
    {
        _payload = payload;
        _isGoogle = GquicVersions.HasGoogleFrames(version);
    }

    /// <summary>The frame that the last <see cref="Read"/> came to.</summary>
    public QuicFrameKind Kind { get; private set; }

    /// <summary>CRYPTO: where in the handshake stream its bytes belong.</summary>
    public ulong Offset { get; private set; }

    /// <summary>CRYPTO: its bytes. Empty for other frames.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>CONNECTION_CLOSE: its error code (RFC 9000 section 20).</summary>
    public ulong ErrorCode { get; private set; }

    /// <summary>True if the walk ended at a frame that is unknown, not allowed, or cut off.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Steps to the next frame; false at the end.</summary>
    public bool Read()
    {
        Data = default;
        Offset = 0;
        Kind = QuicFrameKind.None;
        if (IsMalformed || _position >= _payload.Length)
            return false;
        byte type = _payload[_position];
        if (type == PaddingType)
        {
            Kind = QuicFrameKind.Padding;
            int run = _payload[_position..].IndexOfAnyExcept(PaddingType);
            _position = run < 0 ? _payload.Length : _position + run;
            return true;
        }
        _position++;
        if (_isGoogle ? ReadGoogle(type) : ReadStandard(type))
            return true;
        Kind = QuicFrameKind.None;
        IsMalformed = true;
        return false;
    }

    private bool ReadStandard(byte type)
    {
        switch (type)
        {
            case PingType:
                Kind = QuicFrameKind.Ping;
                return true;
            case AckType:
            case AckEcnType:
                Kind = QuicFrameKind.Ack;
                return SkipAck(type == AckEcnType);
            case CryptoType:
                return ReadCrypto();
            case CloseType:
                Kind = QuicFrameKind.ConnectionClose;
                return ReadClose();
            default:
                return false;
        }
    }

    private bool ReadGoogle(byte type)
    {
        switch (type)
        {
            case GooglePingType:
                Kind = QuicFrameKind.Ping;
                return true;
            case GoogleCryptoType:
                return ReadCrypto();
            case GoogleCloseType:
                Kind = QuicFrameKind.ConnectionClose;
                _position = _payload.Length;
                return true;
            default:
                Kind = QuicFrameKind.Ack;
                return GquicFrames.TrySkipAck(_payload, type, ref _position);
        }
    }

    private bool ReadCrypto()
    {
        if (!QuicVarInt.TryRead(_payload, ref _position, out ulong offset) || !QuicVarInt.TryRead(_payload, ref _position, out ulong length)
            || length > (ulong)(_payload.Length - _position))
        {
            return false;
        }
        Kind = QuicFrameKind.Crypto;
        Offset = offset;
        Data = _payload.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    private bool SkipAck(bool hasEcnCounts)
    {
        // Largest acknowledged, delay, range count, first range (RFC 9000 section 19.3).
        if (!SkipIntegers(2) || !QuicVarInt.TryRead(_payload, ref _position, out ulong ranges) || !SkipIntegers(1))
            return false;
        // Each range is two integers of at least a byte: more than half the payload cannot be there, and the walk stays bounded by it.
        if (ranges > (ulong)(_payload.Length - _position) / 2)
            return false;
        return SkipIntegers((int)ranges * 2) && (!hasEcnCounts || SkipIntegers(EcnCountFields));
    }

    private bool ReadClose()
    {
        if (!QuicVarInt.TryRead(_payload, ref _position, out ulong error) || !SkipIntegers(1)
            || !QuicVarInt.TryRead(_payload, ref _position, out ulong reasonLength) || reasonLength > (ulong)(_payload.Length - _position))
        {
            return false;
        }
        ErrorCode = error;
        _position += (int)reasonLength;
        return true;
    }

    private bool SkipIntegers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!QuicVarInt.TryRead(_payload, ref _position, out _))
                return false;
        }
        return true;
    }
}
