using System.Buffers;

namespace PiTap.Wire.Application.Http;

/// <summary>A request that came over HTTP/2 in the clear; what it does not say is empty.</summary>
/// <param name="Method">The method.</param>
/// <param name="Authority">Whom it is meant for: <c>:authority</c>, else <c>host</c>.</param>
/// <param name="Path">The path.</param>
/// <param name="UserAgent">The user agent.</param>
/// <param name="RequestedWith">X-Requested-With.</param>
public readonly record struct Http2Request(string Method, string Authority, string Path, string UserAgent, string RequestedWith);

/// <summary>
/// Follows the client's direction of HTTP/2 in the clear (RFC 9113) from its preface on and reads the head of each request. Frames without
/// headers are stepped over. The compression has a state that no later byte brings back, so that missing or damaged bytes end the reading.
/// </summary>
public sealed class Http2StreamReader
{
    /// <summary>Bytes of one header block, over its CONTINUATION frames.</summary>
    public const int MaxBlockBytes = 64 << 10;

    private const int FrameHeaderBytes = 9;
    private const byte TypeHeaders = 1;
    private const byte TypeContinuation = 9;
    private const byte FlagEndHeaders = 0x04;
    private const byte FlagPadded = 0x08;
    private const byte FlagPriority = 0x20;

    private readonly HpackDecoder _decoder = new();
    private ArrayBufferWriter<byte> _block = new();
    private ArrayBufferWriter<byte> _pending = new();
    private readonly List<(string Name, string Value)> _fields = [];
    private int _prefaceTaken;
    private int _skip;
    private bool _isBlockOpen;

    /// <summary>What a client sends first (RFC 9113 section 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>True once the stream is out of step: nothing more will be read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes of memory held: what is under way, and what the compression takes in any case.</summary>
    public int HeldBytes => HpackDecoder.MemoryBytes + _block.Capacity + _pending.Capacity;

    /// <summary>True if a stream begins with the preface, or with as much of it as is there, its first three letters at least.</summary>
    public static bool LooksLikePreface(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, Preface.Length);
        return length >= 3 && bytes[..length].SequenceEqual(Preface[..length]);
    }

    /// <summary>Takes the next bytes; the requests that they complete are added to <paramref name="requests"/>.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, ICollection<Http2Request> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        bytes = TakePreface(bytes);
        // Each turn takes bytes or leaves the loop.
        while (!bytes.IsEmpty && !IsBroken)
        {
            if (_skip > 0)
            {
                int skipped = Math.Min(_skip, bytes.Length);
                _skip -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            int wanted = WantedBytes() - _pending.WrittenCount;
            int taken = Math.Min(wanted, bytes.Length);
            _pending.Write(bytes[..taken]);
            bytes = bytes[taken..];
            if (taken == wanted)
                OnPending(requests);
        }
    }

    private ReadOnlySpan<byte> TakePreface(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(Preface.Length - _prefaceTaken, bytes.Length);
        if (!bytes[..length].SequenceEqual(Preface.Slice(_prefaceTaken, length)))
            Break();
        _prefaceTaken += length;
        return bytes[length..];
    }

    private int WantedBytes() =>
        _pending.WrittenCount < FrameHeaderBytes ? FrameHeaderBytes : FrameHeaderBytes + FrameLength(_pending.WrittenSpan);

    private static int FrameLength(ReadOnlySpan<byte> header) => header[0] << 16 | header[1] << 8 | header[2];

    private void OnPending(ICollection<Http2Request> requests)
    {
        ReadOnlySpan<byte> frame = _pending.WrittenSpan;
        int length = FrameLength(frame);
        byte type = frame[3];
        byte flags = frame[4];
        // RFC 9113 section 6.10: behind HEADERS without END_HEADERS nothing but CONTINUATION may come, and CONTINUATION nowhere else.
        if (_isBlockOpen != (type == TypeContinuation))
        {
            Break();
            return;
        }
        if (type is not (TypeHeaders or TypeContinuation))
        {
            _skip = length;
            _pending.ResetWrittenCount();
            return;
        }
        if (length > MaxBlockBytes)
        {
            Break();
            return;
        }
        // Only the header of the frame so far: wait for the rest.
        if (frame.Length < FrameHeaderBytes + length)
            return;
        bool isTaken = TryAddBlock(frame[FrameHeaderBytes..], type, flags) && _block.WrittenCount <= MaxBlockBytes;
        _pending.ResetWrittenCount();
        _isBlockOpen = (flags & FlagEndHeaders) == 0;
        if (!isTaken || (!_isBlockOpen && !TryReadBlock(requests)))
            Break();
    }

    /// <summary>Nothing more will be read: gives back what is held.</summary>
    private void Break()
    {
        IsBroken = true;
        _fields.Clear();
        _block = new ArrayBufferWriter<byte>();
        _pending = new ArrayBufferWriter<byte>();
    }

    private bool TryAddBlock(ReadOnlySpan<byte> payload, byte type, byte flags)
    {
        if (type == TypeHeaders)
        {
            int padding = 0;
            if ((flags & FlagPadded) != 0)
            {
                if (payload.IsEmpty)
                    return false;
                padding = payload[0];
                payload = payload[1..];
            }
            int priority = (flags & FlagPriority) != 0 ? 5 : 0;
            if (payload.Length < priority + padding)
                return false;
            payload = payload[priority..^padding];
        }
        _block.Write(payload);
        return true;
    }

    private bool TryReadBlock(ICollection<Http2Request> requests)
    {
        _fields.Clear();
        bool isWhole = _decoder.TryDecode(_block.WrittenSpan, _fields);
        _block.ResetWrittenCount();
        if (!isWhole)
            return false;
        string authority = Value(":authority");
        // Trailers have no method (RFC 9113 section 8.1).
        if (Value(":method").Length > 0)
            requests.Add(new Http2Request(Value(":method"), authority.Length > 0 ? authority : Value("host"), Value(":path"), Value("user-agent"), Value("x-requested-with")));
        return true;
    }

    private string Value(string name)
    {
        foreach ((string found, string value) in _fields)
        {
            if (found == name)
                return value;
        }
        return "";
    }
}
