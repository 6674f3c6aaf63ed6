using System.Buffers;

namespace PiTap.Wire.Application;

/// <summary>Puts the CRYPTO frames of one direction in order (RFC 9000 section 19.6): over packets, late, twice, overlapping. Of overlapping bytes the first count.</summary>
public sealed class QuicCryptoStream
{
    /// <summary>Bytes from the start of the stream that are kept.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>Separate stretches that may wait for what is between them. Chromium cuts its hello into a dozen and more.</summary>
    public const int MaxStretches = 256;

    private readonly List<(int Start, int End)> _stretches = [];
    private byte[] _buffer = [];

    /// <summary>Everything from the start of the stream to the first gap.</summary>
    public ReadOnlySpan<byte> Contiguous => _stretches.Count > 0 && _stretches[0].Start == 0 ? _buffer.AsSpan(0, _stretches[0].End) : default;

    /// <summary>Gives the buffer back.</summary>
    public void Reset()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _stretches.Clear();
    }

    /// <summary>Takes a frame; what lies past the caps is left out.</summary>
    public void Add(ulong offset, ReadOnlySpan<byte> data)
    {
        if (offset > MaxBytes || data.IsEmpty || offset + (ulong)data.Length > MaxBytes || _stretches.Count >= MaxStretches)
            return;
        int start = (int)offset;
        int end = start + data.Length;
        Reserve(end);
        int index = 0;
        int at = start;
        // Copies what lies between the stretches that are there, then joins all that touch.
        while (index < _stretches.Count && _stretches[index].End < start)
            index++;
        int first = index;
        int joinedStart = start;
        int joinedEnd = end;
        for (; index < _stretches.Count && _stretches[index].Start <= end; index++)
        {
            (int knownStart, int knownEnd) = _stretches[index];
            if (knownStart > at)
                data[(at - start)..(knownStart - start)].CopyTo(_buffer.AsSpan(at));
            at = Math.Max(at, knownEnd);
            joinedStart = Math.Min(joinedStart, knownStart);
            joinedEnd = Math.Max(joinedEnd, knownEnd);
        }
        if (at < end)
            data[(at - start)..].CopyTo(_buffer.AsSpan(at));
        _stretches.RemoveRange(first, index - first);
        _stretches.Insert(first, (joinedStart, joinedEnd));
    }

    private void Reserve(int length)
    {
        if (length <= _buffer.Length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Max(2_048, 2 * _buffer.Length)));
        _buffer.CopyTo(larger, 0);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
