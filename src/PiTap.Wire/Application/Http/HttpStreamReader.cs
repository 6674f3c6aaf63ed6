using System.Buffers;

namespace PiTap.Wire.Application.Http;

/// <summary>Takes the heads that a reader finds.</summary>
public interface IHttpHandler
{
    /// <summary>A request; the view holds during the call only.</summary>
    void OnRequest(in HttpHeadView head);

    /// <summary>A response; the view holds during the call only.</summary>
    void OnResponse(in HttpHeadView head);
}

/// <summary>
/// Follows one direction of an HTTP/1 connection from head to head, over bodies of any length, however the bytes are cut (RFC 9112). The
/// two directions of a connection know each other (<see cref="Peer"/>), since a response to HEAD has no body and an answered CONNECT ends
/// HTTP.
/// </summary>
public sealed class HttpStreamReader
{
    /// <summary>Methods of requests whose responses are awaited; further pipelined ones are taken for GET.</summary>
    private const int MaxAwaited = 64;

    /// <summary>Longest line of a chunk's size or trailer, in bytes.</summary>
    private const int MaxLineBytes = 4_096;

    private enum State : byte
    {
        Head,
        Body,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
        UntilClose,
        /// <summary>Out of step: a head is looked for where segments begin.</summary>
        Lost,
        Tunnel,
    }

    private enum Awaited : byte
    {
        Other,
        Head,
        Connect,
        Upgrade,
    }

    /// <summary>The requests of this direction whose responses the other one has not shown yet.</summary>
    private AwaitedQueue _awaited;
    private byte[] _buffer = [];
    private int _length;
    private int _scanned;
    private State _state;
    private long _left;
    private bool _mayTurn;

    /// <summary>The reader of the other direction; null if there is none.</summary>
    public HttpStreamReader? Peer { get; set; }

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _buffer.Length;

    /// <summary>
    /// True once the stream is something else: behind CONNECT, or upgraded (RFC 9110 sections 7.8 and 9.3.6). What <see cref="Feed"/> did
    /// not take is its beginning.
    /// </summary>
    public bool IsTunnel => _state == State.Tunnel;

    /// <summary>Resets the reader and gives its buffer back.</summary>
    public void Reset()
    {
        DropBuffer();
        _awaited = default;
        _state = State.Head;
        _left = 0;
        _mayTurn = false;
        Peer = null;
    }

    /// <summary>Takes the next bytes. Returns how many of them are HTTP: fewer than given only once <see cref="IsTunnel"/> holds.</summary>
    public int Feed<THandler>(ReadOnlySpan<byte> bytes, ref THandler handler)
        where THandler : struct, IHttpHandler
    {
        int taken = 0;
        // Each turn takes bytes or leaves the loop.
        while (taken < bytes.Length && _state != State.Tunnel)
        {
            ReadOnlySpan<byte> rest = bytes[taken..];
            switch (_state)
            {
                case State.Head:
                    taken += ReadHead(rest, ref handler);
                    break;
                case State.Body or State.ChunkData:
                    taken += SkipBody(rest);
                    break;
                case State.ChunkSize or State.ChunkEnd or State.Trailer:
                    taken += ReadLine(rest);
                    break;
                case State.Lost when HttpHeadView.LooksLikeStart(rest):
                    _state = State.Head;
                    break;
                default:
                    return bytes.Length;
            }
        }
        return taken;
    }

    /// <summary>
    /// Bytes are missing. In a body of known length that is no matter; elsewhere the next head is looked for where a segment begins.
    /// </summary>
    public void Skip(long missingBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(missingBytes);
        if (missingBytes == 0 || _state is State.UntilClose or State.Tunnel)
            return;
        if (_state is State.Body or State.ChunkData && missingBytes <= _left)
        {
            _left -= missingBytes;
            if (_left == 0)
                _state = _state == State.Body ? State.Head : State.ChunkEnd;
            return;
        }
        LoseStep();
    }

    /// <summary>Which response belongs to which request is not known any more, whichever of them are lost.</summary>
    private void LoseStep()
    {
        DropBuffer();
        _awaited = default;
        Peer?._awaited = default;
        _state = State.Lost;
    }

    private int ReadHead<THandler>(ReadOnlySpan<byte> bytes, ref THandler handler)
        where THandler : struct, IHttpHandler
    {
        int before = _length;
        // Where the answer was not seen, what follows CONNECT or an upgrade shows that it was a yes.
        if (before == 0 && _mayTurn && !char.IsAsciiLetter((char)bytes[0]))
        {
            EnterTunnel();
            return 0;
        }
        if (before == 0)
        {
            // Empty lines before a request line are to be ignored (RFC 9112 section 2.2).
            int blank = bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            if (blank != 0)
                return blank < 0 ? bytes.Length : blank;
        }
        ReadOnlySpan<byte> fitting = bytes[..Math.Min(bytes.Length, HttpHeadView.MaxHeadBytes - before)];
        ReadOnlySpan<byte> data = before == 0 ? fitting : Append(fitting);
        bool isHead = _scanned > 0 || HttpHeadView.LooksLikeStart(data) || HttpHeadView.MayBecomeStart(data);
        if (isHead && !HttpHeadView.TryFindEnd(data, ref _scanned, out _))
        {
            if (data.Length >= HttpHeadView.MaxHeadBytes)
            {
                LoseStep();
                return bytes.Length;
            }
            if (before == 0)
                Append(fitting);
            return bytes.Length;
        }
        HttpHeadView head = default;
        ParseStatus status = isHead ? HttpHeadView.Parse(data, out head) : ParseStatus.Malformed;
        if (status == ParseStatus.Ok)
        {
            Begin(head, ref handler);
            DropBuffer();
            return head.HeadLength - before;
        }
        if (before == 0 && (_mayTurn || status == ParseStatus.Unsupported))
        {
            EnterTunnel();
            return 0;
        }
        LoseStep();
        return bytes.Length;
    }

    private void Begin<THandler>(in HttpHeadView head, ref THandler handler)
        where THandler : struct, IHttpHandler
    {
        HttpBody body = head.Body(out _left);
        if (head.IsRequest)
        {
            Awaited awaited = Classify(head);
            _mayTurn = awaited is Awaited.Connect or Awaited.Upgrade && body == HttpBody.None;
            _awaited.Enqueue(awaited);
            handler.OnRequest(head);
        }
        else
        {
            body = JudgeResponse(head, body);
            handler.OnResponse(head);
        }
        _state = body switch
        {
            _ when _state == State.Tunnel => State.Tunnel,
            HttpBody.Length => State.Body,
            HttpBody.Chunked => State.ChunkSize,
            HttpBody.UntilClose => State.UntilClose,
            _ => State.Head,
        };
    }

    private HttpBody JudgeResponse(in HttpHeadView head, HttpBody body)
    {
        bool isUpgrade = head.StatusCode == 101;
        // An interim response is followed by the final one to the same request.
        if (head.StatusCode is >= 100 and < 200 && !isUpgrade)
            return HttpBody.None;
        bool isAwaited = false;
        Awaited awaited = Awaited.Other;
        if (Peer is not null)
            isAwaited = Peer._awaited.TryDequeue(out awaited);
        bool isSuccess = head.StatusCode is >= 200 and < 300;
        bool isConnected = isAwaited ? awaited == Awaited.Connect && isSuccess : isSuccess && LooksLikeConnected(head, body);
        if (isUpgrade || isConnected)
        {
            _state = State.Tunnel;
            Peer?.EnterTunnel();
            return HttpBody.None;
        }
        // The answer was a no: HTTP goes on.
        if (Peer is not null && awaited is Awaited.Connect or Awaited.Upgrade)
            Peer._mayTurn = false;
        return awaited == Awaited.Head ? HttpBody.None : body;
    }

    /// <summary>
    /// The answer to CONNECT where that was not seen: it has no content, so it neither bounds nor describes one (RFC 9110 section 9.3.6).
    /// </summary>
    private static bool LooksLikeConnected(in HttpHeadView head, HttpBody body) =>
        body == HttpBody.UntilClose && !head.HasContentType;

    private void EnterTunnel()
    {
        DropBuffer();
        _state = State.Tunnel;
    }

    private static Awaited Classify(in HttpHeadView request)
    {
        if (request.Method.SequenceEqual("HEAD"u8))
            return Awaited.Head;
        if (request.Method.SequenceEqual("CONNECT"u8))
            return Awaited.Connect;
        return request.AsksForUpgrade ? Awaited.Upgrade : Awaited.Other;
    }

    private int SkipBody(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(_left, bytes.Length);
        _left -= taken;
        if (_left == 0)
            _state = _state == State.Body ? State.Head : State.ChunkEnd;
        return taken;
    }

    /// <summary>
    /// Reads the lines of the chunked coding (RFC 9112 section 7.1): a size in hexadecimal, the end of a chunk, trailer fields.
    /// </summary>
    private int ReadLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        int taken = end < 0 ? bytes.Length : end + 1;
        ReadOnlySpan<byte> line = _length == 0 && end >= 0 ? bytes[..taken] : Append(bytes[..taken]);
        if (end < 0)
        {
            if (line.Length > MaxLineBytes)
                LoseStep();
            return taken;
        }
        OnLine(line.TrimEnd("\r\n"u8));
        // A buffer that held a line is kept for the next one; heads give theirs back.
        _length = 0;
        if (_state is State.Head or State.Lost)
            DropBuffer();
        return taken;
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.ChunkEnd:
                _state = State.ChunkSize;
                if (!line.IsEmpty)
                    LoseStep();
                break;
            case State.Trailer:
                if (line.IsEmpty)
                    _state = State.Head;
                break;
            default:
                if (!TryReadSize(line, out _left))
                    LoseStep();
                else
                    _state = _left == 0 ? State.Trailer : State.ChunkData;
                break;
        }
    }

    private static bool TryReadSize(ReadOnlySpan<byte> line, out long size)
    {
        const int MaxDigits = 15;
        size = 0;
        int digits = 0;
        foreach (byte b in line)
        {
            int digit = b switch
            {
                >= (byte)'0' and <= (byte)'9' => b - '0',
                >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
                return digits > 0 && b is (byte)';' or (byte)' ' or (byte)'\t';
            if (++digits > MaxDigits)
                return false;
            size = size << 4 | (uint)digit;
        }
        return digits > 0;
    }

    private ReadOnlySpan<byte> Append(ReadOnlySpan<byte> bytes)
    {
        int length = _length + bytes.Length;
        if (length > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 2 * _buffer.Length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            if (_buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = length;
        return _buffer.AsSpan(0, length);
    }

    private void DropBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
        _scanned = 0;
    }

    /// <summary>What up to <see cref="MaxAwaited"/> requests await, in their order: two bits for each, the oldest lowest.</summary>
    private struct AwaitedQueue
    {
        private const int BitsEach = 2;

        private UInt128 _bits;
        private int _count;

        public void Enqueue(Awaited awaited)
        {
            if (_count < MaxAwaited)
                _bits |= (UInt128)(byte)awaited << BitsEach * _count++;
        }

        public bool TryDequeue(out Awaited awaited)
        {
            awaited = (Awaited)(byte)(_bits & (1 << BitsEach) - 1);
            _bits >>= BitsEach;
            if (_count == 0)
                return false;
            _count--;
            return true;
        }
    }
}
