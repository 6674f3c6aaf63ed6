using PiTap.Analysis.Core;

namespace PiTap.Analysis.Streams;

/// <summary>Takes the bytes of one direction of a TCP connection in order.</summary>
internal interface IStreamSink
{
    /// <summary>The next bytes. <paramref name="isSegmentStart"/>: they begin where the sender began a segment.</summary>
    void OnBytes(ReadOnlySpan<byte> bytes, bool isSegmentStart);

    /// <summary>Bytes are missing and will not come.</summary>
    void OnGap(long bytes);
}

/// <summary>
/// Puts the segments of one direction in order (RFC 9293 section 3.4). Segments may come late, twice or overlapping; of overlapping bytes
/// the first to arrive count, and it is noticed if they are others. What came with a SYN counts when the other side takes it.
/// A gap is given up when too much waits behind it, or when the receiver has acknowledged it and more came
/// since: then the capture lost it. It is a part of what reads the connection, never copied: most flows need its few numbers alone.
/// </summary>
internal struct StreamReassembler(Losses losses)
{
    /// <summary>Segments behind a gap after which an acknowledgement shows that the capture lost what is missing.</summary>
    private const int MinSegmentsBehindLoss = 3;

    // Most streams come as they were sent: null until a segment must wait.
    private List<(uint Sequence, byte[] Buffer, int Length, IStreamMemory Memory)>? _waiting;
    private StreamSums _sums;
    private uint _first;
    private uint _next;
    private bool _isStarted;
    private int _waitingBytes;
    private int _synBytes;
    private bool _isContradicted;

    /// <summary>True if segments wait for missing ones.</summary>
    public readonly bool HasWaiting => WaitingCount > 0;

    private readonly int WaitingCount => _waiting?.Count ?? 0;

    public void Reset()
    {
        foreach ((_, byte[] buffer, _, IStreamMemory memory) in _waiting ?? [])
            memory.Return(buffer);
        _waiting = null;
        _waitingBytes = 0;
        _synBytes = 0;
        _isStarted = false;
    }

    /// <summary>Drops the segments that wait in this memory: it is wanted for others. They are missing then.</summary>
    public void DropWaiting(IStreamMemory memory)
    {
        for (int i = WaitingCount - 1; i >= 0; i--)
        {
            (_, byte[] buffer, int length, IStreamMemory held) = _waiting![i];
            if (held != memory)
                continue;
            _waiting.RemoveAt(i);
            _waitingBytes -= length;
            _synBytes = 0;
            memory.Return(buffer);
        }
    }

    /// <summary>True, once, if other bytes came under numbers that had come before.</summary>
    public bool TakeContradiction()
    {
        bool isContradicted = _isContradicted;
        _isContradicted = false;
        return isContradicted;
    }

    /// <summary>A SYN, or the first segment seen in the middle of a connection, says where the bytes begin.</summary>
    public void Start(uint firstByteSequence)
    {
        _first = _next = firstByteSequence;
        _isStarted = true;
        _sums = default;
    }

    /// <summary>True if the current bytes began at this number: a SYN that says so is one that came again, or behind its data.</summary>
    public readonly bool BeganAt(uint firstByteSequence) => _isStarted && firstByteSequence == _first;

    /// <summary>Takes a segment; one that must wait does so in the given memory.</summary>
    public void Add<TSink>(uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        if (!_isStarted)
            Start(sequence);
        int offset = (int)(sequence - _next);
        if (offset == 0 && !HasWaiting)
        {
            Deliver(payload, isSegmentStart: true, ref sink);
            return;
        }
        if (_synBytes > 0)
        {
            // No answer was seen: whoever goes on behind it was told that it was taken, and who sends it again that it was not.
            TakeSyn(sequence, ref sink);
            offset = (int)(sequence - _next);
        }
        if (offset <= 0)
        {
            Compare(sequence, payload[..Math.Min(payload.Length, -offset)]);
            if (offset + payload.Length > 0)
                Deliver(payload[-offset..], offset == 0, ref sink);
            DeliverWaiting(ref sink);
            return;
        }
        Wait(sequence, payload, memory);
        while (_waitingBytes > Limits.OutOfOrderBytes || WaitingCount > Limits.OutOfOrderSegments)
            GiveUpGap(ref sink);
    }

    /// <summary>
    /// Takes what came with a SYN. A receiver may leave it, and then it is sent again (RFC 7413 section 4.2): until the other side answers
    /// it counts for nothing.
    /// </summary>
    public void AddWithSyn(uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory)
    {
        if (_isStarted && sequence == _first && _next == _first && !HasWaiting && Wait(sequence, payload, memory))
            _synBytes = payload.Length;
    }

    /// <summary>The other side acknowledged up to this number.</summary>
    public void Acknowledge<TSink>(uint acknowledgement, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        if (_synBytes > 0)
        {
            TakeSyn(acknowledgement, ref sink);
            return;
        }
        if (WaitingCount >= MinSegmentsBehindLoss && (int)(acknowledgement - _waiting![0].Sequence) > 0)
            GiveUpGap(ref sink);
    }

    /// <summary>Nothing more will come: what is pending is delivered with its gaps.</summary>
    public void Finish<TSink>(ref TSink sink)
        where TSink : struct, IStreamSink
    {
        if (_synBytes > 0)
            TakeSyn(_first, ref sink);
        while (HasWaiting)
            GiveUpGap(ref sink);
    }

    /// <summary>Delivers what came with the SYN as far as it was taken, up to this number.</summary>
    private void TakeSyn<TSink>(uint taken, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        (_, byte[] buffer, int length, IStreamMemory memory) = _waiting![0];
        _waiting.RemoveAt(0);
        _waitingBytes -= length;
        _synBytes = 0;
        int count = (int)(taken - _first);
        if (count > 0)
            Deliver(buffer.AsSpan(0, Math.Min(count, length)), isSegmentStart: true, ref sink);
        memory.Return(buffer);
    }

    private void Deliver<TSink>(ReadOnlySpan<byte> bytes, bool isSegmentStart, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        // Behind a gap there is nothing to compare with.
        if (_sums.Length < StreamSums.MaxBytes && _next - _first == (uint)_sums.Length)
            _sums.Append(bytes);
        _next += (uint)bytes.Length;
        sink.OnBytes(bytes, isSegmentStart);
    }

    /// <summary>Bytes came again. A single one, of a keepalive, may be anything (RFC 9293 section 3.8.4).</summary>
    private void Compare(uint sequence, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 1)
            _isContradicted |= _sums.Contradicts((int)(sequence - _first), bytes);
    }

    /// <summary>True if it waits now.</summary>
    private bool Wait(uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory)
    {
        if (payload.IsEmpty)
            return false;
        _waiting ??= [];
        int index = _waiting.Count;
        while (index > 0 && (int)(_waiting[index - 1].Sequence - sequence) > 0)
            index--;
        if (index > 0 && _waiting[index - 1].Sequence == sequence)
        {
            (_, byte[] known, int knownLength, _) = _waiting[index - 1];
            int common = Math.Min(knownLength, payload.Length);
            _isContradicted |= !payload[..common].SequenceEqual(known.AsSpan(0, common));
            // The same segment again, no longer than the one that waits.
            if (common == payload.Length)
                return false;
        }
        byte[]? buffer = memory.Rent(payload.Length);
        if (buffer is null)
        {
            losses.Count(Losses.StreamsSkipped);
            return false;
        }
        payload.CopyTo(buffer);
        _waiting.Insert(index, (sequence, buffer, payload.Length, memory));
        _waitingBytes += payload.Length;
        return true;
    }

    private void DeliverWaiting<TSink>(ref TSink sink)
        where TSink : struct, IStreamSink
    {
        while (_waiting is { Count: > 0 } && (int)(_waiting[0].Sequence - _next) <= 0)
        {
            (uint sequence, byte[] buffer, int length, IStreamMemory memory) = _waiting[0];
            _waiting.RemoveAt(0);
            _waitingBytes -= length;
            int known = (int)(_next - sequence);
            Compare(sequence, buffer.AsSpan(0, Math.Min(known, length)));
            if (known < length)
                Deliver(buffer.AsSpan(known, length - known), known == 0, ref sink);
            memory.Return(buffer);
        }
    }

    private void GiveUpGap<TSink>(ref TSink sink)
        where TSink : struct, IStreamSink
    {
        if (_waiting is not { Count: > 0 })
            return;
        uint missing = _waiting[0].Sequence - _next;
        if ((int)missing > 0)
        {
            losses.Count(Losses.StreamGaps);
            _next += missing;
            sink.OnGap(missing);
        }
        DeliverWaiting(ref sink);
    }
}
