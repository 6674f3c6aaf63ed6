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
/// the first to arrive count. A gap is given up when too much waits behind it, or when the receiver has acknowledged it and more came
/// since: then the capture lost it. It is a part of what reads the connection, never copied: most flows need its few numbers alone.
/// </summary>
internal struct StreamReassembler(Losses losses)
{
    /// <summary>Segments behind a gap after which an acknowledgement shows that the capture lost what is missing.</summary>
    private const int MinSegmentsBehindLoss = 3;

    // Most streams come as they were sent: null until a segment must wait.
    private List<(uint Sequence, byte[] Buffer, int Length, IStreamMemory Memory)>? _waiting;
    private uint _first;
    private uint _next;
    private bool _isStarted;
    private int _waitingBytes;

    /// <summary>True if segments wait for missing ones.</summary>
    public readonly bool HasWaiting => WaitingCount > 0;

    private readonly int WaitingCount => _waiting?.Count ?? 0;

    public void Reset()
    {
        foreach ((_, byte[] buffer, _, IStreamMemory memory) in _waiting ?? [])
            memory.Return(buffer);
        _waiting = null;
        _waitingBytes = 0;
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
            memory.Return(buffer);
        }
    }

    /// <summary>A SYN, or the first segment seen in the middle of a connection, says where the bytes begin.</summary>
    public void Start(uint firstByteSequence)
    {
        _first = _next = firstByteSequence;
        _isStarted = true;
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
            _next += (uint)payload.Length;
            sink.OnBytes(payload, isSegmentStart: true);
            return;
        }
        if (offset <= 0)
        {
            if (offset + payload.Length > 0)
                Deliver(payload[-offset..], offset == 0, ref sink);
            DeliverWaiting(ref sink);
            return;
        }
        Wait(sequence, payload, memory);
        while (_waitingBytes > Limits.OutOfOrderBytes || WaitingCount > Limits.OutOfOrderSegments)
            GiveUpGap(ref sink);
    }

    /// <summary>The other side acknowledged up to this number.</summary>
    public void Acknowledge<TSink>(uint acknowledgement, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        if (WaitingCount >= MinSegmentsBehindLoss && (int)(acknowledgement - _waiting![0].Sequence) > 0)
            GiveUpGap(ref sink);
    }

    /// <summary>Nothing more will come: what is pending is delivered with its gaps.</summary>
    public void Finish<TSink>(ref TSink sink)
        where TSink : struct, IStreamSink
    {
        while (HasWaiting)
            GiveUpGap(ref sink);
    }

    private void Deliver<TSink>(ReadOnlySpan<byte> bytes, bool isSegmentStart, ref TSink sink)
        where TSink : struct, IStreamSink
    {
        _next += (uint)bytes.Length;
        sink.OnBytes(bytes, isSegmentStart);
    }

    private void Wait(uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory)
    {
        if (payload.IsEmpty)
            return;
        _waiting ??= [];
        int index = _waiting.Count;
        while (index > 0 && (int)(_waiting[index - 1].Sequence - sequence) > 0)
            index--;
        // The same segment again, no longer than the one that waits.
        if (index > 0 && _waiting[index - 1].Sequence == sequence && _waiting[index - 1].Length >= payload.Length)
            return;
        byte[]? buffer = memory.Rent(payload.Length);
        if (buffer is null)
        {
            losses.Count(Losses.StreamsSkipped);
            return;
        }
        payload.CopyTo(buffer);
        _waiting.Insert(index, (sequence, buffer, payload.Length, memory));
        _waitingBytes += payload.Length;
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
