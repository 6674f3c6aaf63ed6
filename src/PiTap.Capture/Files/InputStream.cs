using System.Security.Cryptography;

namespace PiTap.Capture.Files;

/// <summary>
/// The raw bytes of a file or of standard input. Its first bytes can be looked at without taking them, and what was read is counted
/// where another thread can see it.
/// </summary>
/// <param name="inner">Where the bytes come from; closed with this.</param>
/// <param name="lengthBytes">How many there are; null if nobody knows.</param>
/// <param name="hash">True to hash them as they pass: a second reading would cost a slow card as much as the first.</param>
internal sealed class InputStream(Stream inner, long? lengthBytes, bool hash = false) : ForwardStream
{
    private readonly byte[] _peeked = new byte[PeekBytes];
    private readonly IncrementalHash? _hash = hash ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private int _peekedLength;
    private int _peekedTaken;
    private long _bytesRead;

    /// <summary>How many bytes can be looked at in advance.</summary>
    public const int PeekBytes = 16;

    /// <summary>Length of the file; null if it has none.</summary>
    public long? LengthBytes { get; } = lengthBytes;

    /// <summary>The most that one read hands over, in bytes.</summary>
    public int MaxReadBytes { get; set; } = int.MaxValue;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>SHA-256 of all bytes in 64 hexadecimal digits; null if they are not hashed, or not yet read to their end.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>The first bytes, as many as there are. Only before the first read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        // A pipe hands over what it has: each round reads something or ends the loop.
        while (_peekedLength < PeekBytes)
        {
            int read = inner.Read(_peeked.AsSpan(_peekedLength));
            if (read == 0)
                break;
            _peekedLength += read;
        }
        return _peeked.AsSpan(0, _peekedLength);
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        buffer = buffer[..Math.Min(buffer.Length, MaxReadBytes)];
        if (_peekedTaken < _peekedLength)
        {
            read = Math.Min(buffer.Length, _peekedLength - _peekedTaken);
            _peeked.AsSpan(_peekedTaken, read).CopyTo(buffer);
            _peekedTaken += read;
            // The rest of a small or full window in the same call, but a pipe is not waited for.
            if (LengthBytes is not null)
                read += inner.Read(buffer[read..]);
        }
        else
        {
            read = inner.Read(buffer);
        }
        if (_hash is not null)
            Hash(buffer[..read], isEnd: read == 0 && buffer.Length > 0);
        Volatile.Write(ref _bytesRead, _bytesRead + read);
        return read;
    }

    private void Hash(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _hash!.AppendData(bytes);
        if (isEnd)
            Sha256 ??= Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash?.Dispose();
        }
        base.Dispose(disposing);
    }
}
