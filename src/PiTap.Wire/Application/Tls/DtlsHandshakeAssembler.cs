using System.Buffers;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// Joins the fragments of DTLS handshake messages of one direction, in whatever order they come, overlapping or repeated (RFC 6347 section
/// 4.2.3). A few messages may be under way at once; all of them together hold at most <see cref="MaxBufferedLength"/> bytes, and the oldest
/// gives way.
/// </summary>
public sealed class DtlsHandshakeAssembler
{
    /// <summary>How many messages may be under way at once.</summary>
    public const int MaxMessages = 4;

    /// <summary>How many bytes the messages under way may declare together.</summary>
    public const int MaxBufferedLength = DtlsHandshakeView.MaxMessageLength;

    /// <summary>How many separate stretches of a message are kept track of; a fragment that would make one more is left out.</summary>
    public const int MaxStretches = 64;

    private readonly List<Partial> _partials = new(MaxMessages);
    private Partial? _complete;

    /// <summary>What the message is that the latest <see cref="Add"/> completed.</summary>
    public TlsHandshakeType Type => _complete?.Type ?? default;

    /// <summary>
    /// The message that the latest <see cref="Add"/> completed, without its header; valid until the next call. Empty if it completed none.
    /// </summary>
    public ReadOnlySpan<byte> Body => _complete is null ? default : _complete.Bytes.AsSpan(0, _complete.Length);

    /// <summary>How many fragments, or messages under way, were given up for want of room.</summary>
    public int Dropped { get; private set; }

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes
    {
        get
        {
            int held = _complete?.Bytes.Length ?? 0;
            foreach (Partial partial in _partials)
                held += partial.Bytes.Length;
            return held;
        }
    }

    /// <summary>Takes a fragment in. True if that completes its message, which is then forgotten but for <see cref="Body"/>.</summary>
    public bool Add(in DtlsHandshakeView fragment)
    {
        ForgetComplete();
        Partial? partial = Find(fragment);
        if (partial is null)
        {
            MakeRoom(fragment.Length);
            partial = new Partial(fragment.Type, fragment.MessageSequence, fragment.Length);
            _partials.Add(partial);
        }
        if (!partial.TryAdd(fragment.FragmentOffset, fragment.Fragment))
            Dropped++;
        if (!partial.IsComplete)
            return false;
        _partials.Remove(partial);
        _complete = partial;
        return true;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        foreach (Partial partial in _partials)
            partial.Release();
        _partials.Clear();
        ForgetComplete();
        Dropped = 0;
    }

    private void ForgetComplete()
    {
        _complete?.Release();
        _complete = null;
    }

    private Partial? Find(in DtlsHandshakeView fragment)
    {
        foreach (Partial partial in _partials)
        {
            if (partial.Sequence == fragment.MessageSequence && partial.Type == fragment.Type && partial.Length == fragment.Length)
                return partial;
        }
        return null;
    }

    private void MakeRoom(int length)
    {
        int held = 0;
        foreach (Partial partial in _partials)
            held += partial.Length;
        while (_partials.Count > 0 && (_partials.Count >= MaxMessages || held + length > MaxBufferedLength))
        {
            held -= _partials[0].Length;
            _partials[0].Release();
            _partials.RemoveAt(0);
            Dropped++;
        }
    }

    /// <summary>A message under way: its bytes, and which stretches of them are there, in order and apart from each other.</summary>
    private sealed class Partial(TlsHandshakeType type, ushort sequence, int length)
    {
        private readonly List<(int Start, int End)> _stretches = [];

        public TlsHandshakeType Type => type;

        public ushort Sequence => sequence;

        public int Length => length;

        // Rented, because a datagram of a few bytes may declare a message of many.
        public byte[] Bytes { get; } = ArrayPool<byte>.Shared.Rent(length);

        public bool IsComplete => Length == 0 || (_stretches.Count == 1 && _stretches[0] == (0, Length));

        public void Release() => ArrayPool<byte>.Shared.Return(Bytes);

        public bool TryAdd(int offset, ReadOnlySpan<byte> fragment)
        {
            int start = offset;
            int end = offset + fragment.Length;
            if (start == end)
                return true;
            // The stretches that the new one touches are the ones from first to before next.
            int first = 0;
            while (first < _stretches.Count && _stretches[first].End < start)
                first++;
            int next = first;
            while (next < _stretches.Count && _stretches[next].Start <= end)
                next++;
            if (first == next && _stretches.Count >= MaxStretches)
                return false;
            fragment.CopyTo(Bytes.AsSpan(offset));
            if (first < next)
            {
                start = Math.Min(start, _stretches[first].Start);
                end = Math.Max(end, _stretches[next - 1].End);
                _stretches.RemoveRange(first, next - first);
            }
            _stretches.Insert(first, (start, end));
            return true;
        }
    }
}
