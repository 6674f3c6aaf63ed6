using System.Buffers;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// The handshake stream of one direction, put together from CRYPTO frames that come in any order, twice, or overlapping (RFC 9000
/// sections 7.5 and 19.6). Bytes that were contiguous once are not changed by later ones. It takes its buffer when the first frame
/// comes and gives it back in <see cref="Release"/>.
/// </summary>
public sealed class QuicCryptoBuffer
{
    /// <summary>The longest stream that is kept, in bytes. Hellos with post-quantum keys have some 2,000.</summary>
    public const int MaxStreamBytes = 64 * 1024;

    /// <summary>How far behind the contiguous bytes a piece may lie, in bytes: one small packet cannot claim the whole buffer.</summary>
    public const int MaxAheadBytes = 16 * 1024;

    /// <summary>Pieces kept that are not connected yet. Chrome cuts a hello into a dozen on purpose.</summary>
    public const int MaxIslands = 64;

    private const int FirstRentBytes = 2048;

    private byte[]? _buffer;
    private (int Start, int End)[]? _islands;
    private int _islandCount;
    private int _prefixLength;
    private ulong _consumed;

    /// <summary>The bytes that are contiguous from the start of the stream, or from where <see cref="Advance"/> moved it.</summary>
    public ReadOnlySpan<byte> Prefix => _buffer.AsSpan(0, _buffer is null ? 0 : _prefixLength);

    /// <summary>True while a buffer is held.</summary>
    public bool HasBuffer => _buffer is not null;

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _buffer?.Length ?? 0;

    /// <summary>Pieces that were left out because a cap was reached.</summary>
    public int DroppedCount { get; private set; }

    /// <summary>Takes a piece in. False if it brought nothing new or is beyond a cap.</summary>
    public bool TryAdd(ulong offset, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return false;
        if (offset < _consumed)
        {
            ulong gone = _consumed - offset;
            if (gone >= (ulong)data.Length)
                return false;
            data = data[(int)gone..];
            offset = _consumed;
        }
        ulong relative = offset - _consumed;
        if (relative > (ulong)(_prefixLength + MaxAheadBytes) || relative + (ulong)data.Length > MaxStreamBytes)
        {
            DroppedCount++;
            return false;
        }
        int start = (int)relative;
        int end = start + data.Length;
        if (end <= _prefixLength)
            return false;
        if (start > _prefixLength)
            return TryAddIsland(start, data);
        EnsureRoom(end);
        data[(_prefixLength - start)..].CopyTo(_buffer.AsSpan(_prefixLength));
        _prefixLength = end;
        AbsorbIslands();
        return true;
    }

    /// <summary>
    /// Drops the first <paramref name="count"/> bytes and gives the buffer back; later pieces go on behind them. What lay further on is
    /// dropped too: in Initial packets nothing follows a hello but the answer to a retry request.
    /// </summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)_prefixLength, nameof(count));
        _consumed += (ulong)count;
        Release();
    }

    /// <summary>Gives the buffer back. The place in the stream stays.</summary>
    public void Release()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
        _prefixLength = 0;
        _islands = null;
        _islandCount = 0;
    }

    /// <summary>As new: for another connection.</summary>
    public void Reset()
    {
        Release();
        _consumed = 0;
        DroppedCount = 0;
    }

    private bool TryAddIsland(int start, ReadOnlySpan<byte> data)
    {
        int end = start + data.Length;
        _islands ??= new (int Start, int End)[MaxIslands];
        // The first island that touches or follows the new piece, and the first behind it that does not touch it.
        int first = 0;
        while (first < _islandCount && _islands[first].End < start)
            first++;
        int last = first;
        int mergedStart = start;
        int mergedEnd = end;
        while (last < _islandCount && _islands[last].Start <= end)
        {
            mergedStart = Math.Min(mergedStart, _islands[last].Start);
            mergedEnd = Math.Max(mergedEnd, _islands[last].End);
            last++;
        }
        if (last == first && _islandCount == MaxIslands)
        {
            DroppedCount++;
            return false;
        }
        Array.Copy(_islands, last, _islands, first + 1, _islandCount - last);
        _islands[first] = (mergedStart, mergedEnd);
        _islandCount += 1 - (last - first);
        EnsureRoom(end);
        data.CopyTo(_buffer.AsSpan(start));
        return true;
    }

    private void AbsorbIslands()
    {
        int absorbed = 0;
        while (absorbed < _islandCount && _islands![absorbed].Start <= _prefixLength)
        {
            _prefixLength = Math.Max(_prefixLength, _islands[absorbed].End);
            absorbed++;
        }
        if (absorbed > 0)
        {
            _islandCount -= absorbed;
            Array.Copy(_islands!, absorbed, _islands!, 0, _islandCount);
        }
    }

    private void EnsureRoom(int length)
    {
        if (_buffer is not null && _buffer.Length >= length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _buffer is null ? FirstRentBytes : _buffer.Length * 2));
        if (_buffer is not null)
        {
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        _buffer = larger;
    }
}
