using System.Buffers;

namespace PiTap.Wire.Application;

/// <summary>Takes the heads that a reader finds.</summary>
public interface IHttpHandler
{
    /// <summary>A request; the view holds during the call only.</summary>
    void OnRequest(in HttpHeadView head);

    /// <summary>A response; the view holds during the call only.</summary>
    void OnResponse(in HttpHeadView head);
}

/// <summary>
/// Follows one direction of an HTTP/1 connection from head to head, over bodies of any length, however the bytes are cut (RFC 9112). The two directions
/// of a connection know each other (<see cref="Peer"/>), since a response to HEAD has no body and an answered CONNECT ends HTTP.
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
    }

    /// <summary>The requests of this direction whose responses the other one has not shown yet.</summary>
    private readonly Queue<Awaited> _awaited = new();
    private byte[] _buffer = [];
    private int _length;
    private State _state;
    private long _left;

    /// <summary>The reader of the other direction; null where there is none.</summary>
    public HttpStreamReader? Peer { get; set; }

    /// <summary>True once the stream is something else: behind CONNECT, or upgraded (RFC 9110 sections 7.8 and 9.3.6).</summary>
    public bool IsTunnel => _state == State.Tunnel;

    /// <summary>Makes the reader as good as new and gives its buffer back.</summary>
    public void Reset()
    {
        DropBuffer();
        _awaited.Clear();
        _state = State.Head;
        _left = 0;
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

    /// <summary>Bytes are missing. In a body of known length that is no matter; elsewhere the next head is looked for.</summary>
    public void Skip(long missingBytes)
    {
        if (_state is State.Body or State.ChunkData && missingBytes <= _left)
        {
            _left -= missingBytes;
            if (_left == 0)
                _state = _state == State.Body ? State.Head : State.ChunkEnd;
            return;
        }
        if (_state is State.UntilClose or State.Tunnel)
            return;
        DropBuffer();
        _awaited.Clear();
        _state = State.Lost;
    }

    private int ReadHead<THandler>(ReadOnlySpan<byte> bytes, ref THandler handler)
        where THandler : struct, IHttpHandler
    {
        // Empty lines before a request line are to be ignored (RFC 9112 section 2.2).
        if (_length == 0)
        {
            int blank = bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            if (blank != 0)
                return blank < 0 ? bytes.Length : blank;
        }
        int before = _length;
        ReadOnlySpan<byte> data = before == 0 ? bytes : Append(bytes);
        ParseStatus status = HttpHeadView.Parse(data, out HttpHeadView head);
        if (status == ParseStatus.Truncated && data.Length <= HttpHeadView.MaxHeadBytes)
        {
            if (before == 0)
                Append(bytes);
            return bytes.Length;
        }
        if (status != ParseStatus.Ok)
        {
            // Too few bytes to tell a head from anything else: wait for more.
            if (data.Length < 5 && status == ParseStatus.Malformed)
            {
                if (before == 0)
                    Append(bytes);
                return bytes.Length;
            }
            DropBuffer();
            _state = State.Lost;
            return bytes.Length;
        }
        int taken = head.HeadLength - before;
        Begin(head, ref handler);
        DropBuffer();
        return taken;
    }

    private void Begin<THandler>(in HttpHeadView head, ref THandler handler)
        where THandler : struct, IHttpHandler
    {
        HttpBody body = head.Body(out _left);
        if (head.IsRequest)
        {
            Await(head);
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
        Awaited awaited = Peer is not null && Peer._awaited.TryDequeue(out Awaited first) ? first : Awaited.Other;
        if (isUpgrade || (awaited == Awaited.Connect && head.StatusCode is >= 200 and < 300))
        {
            _state = State.Tunnel;
            Peer?.EnterTunnel();
            return HttpBody.None;
        }
        return awaited == Awaited.Head ? HttpBody.None : body;
    }

    private void EnterTunnel()
    {
        DropBuffer();
        _state = State.Tunnel;
    }

    private void Await(in HttpHeadView request)
    {
        if (_awaited.Count >= MaxAwaited)
            return;
        _awaited.Enqueue(request.Method.SequenceEqual("HEAD"u8) ? Awaited.Head : request.Method.SequenceEqual("CONNECT"u8) ? Awaited.Connect : Awaited.Other);
    }

    private int SkipBody(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(_left, bytes.Length);
        _left -= taken;
        if (_left == 0)
            _state = _state == State.Body ? State.Head : State.ChunkEnd;
        return taken;
    }

    /// <summary>Reads the lines of the chunked coding (RFC 9112 section 7.1): a size in hexadecimal, the end of a chunk, trailer fields.</summary>
    private int ReadLine(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)'\n');
        int taken = end < 0 ? bytes.Length : end + 1;
        ReadOnlySpan<byte> line = _length == 0 && end >= 0 ? bytes[..taken] : Append(bytes[..taken]);
        if (end < 0)
        {
            if (line.Length > MaxLineBytes)
            {
                DropBuffer();
                _state = State.Lost;
            }
            return taken;
        }
        OnLine(line.TrimEnd("\r\n"u8));
        DropBuffer();
        return taken;
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.ChunkEnd:
                _state = line.IsEmpty ? State.ChunkSize : State.Lost;
                break;
            case State.Trailer:
                if (line.IsEmpty)
                    _state = State.Head;
                break;
            default:
                if (!TryReadSize(line, out _left))
                    _state = State.Lost;
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
            int kept = _length;
            DropBuffer();
            _buffer = larger;
            _length = kept;
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
    }
}
