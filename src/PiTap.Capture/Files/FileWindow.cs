using System.Collections.Concurrent;
using PiTap.Wire.Pcap;

namespace PiTap.Capture.Files;

/// <summary>
/// A window that moves over a stream of bytes. Where it pays, another thread reads and decompresses ahead. What is left of one chunk
/// is laid right before the next, into room that each chunk keeps free at its front, so that the window is always one piece and no
/// byte is copied but those few.
/// </summary>
internal sealed class FileWindow : IDisposable
{
    /// <summary>What is read at once, in bytes: fewer make more calls, more fall out of a core's cache.</summary>
    public const int ChunkBytes = 1024 * 1024;

    // The one that is being parsed, one that was, one that is ready, one that is being filled.
    private const int ChunksAhead = 4;

    private const int HeadroomBytes = CaptureFileParser.MaxBytesNeeded;

    private readonly Stream _stream;
    private readonly bool _fillWhole;
    private readonly BlockingCollection<Chunk>? _filled;
    private readonly BlockingCollection<Chunk>? _free;
    private Chunk _current;
    private Chunk? _pooled;

    private FileWindow(Stream stream, int chunkBytes, bool readAhead, bool fillWhole)
    {
        _stream = stream;
        _fillWhole = fillWhole;
        _current = new Chunk(chunkBytes);
        if (!readAhead)
            return;
        _filled = [];
        _free = [];
        // The first one is in the reader's hand already.
        for (int i = 1; i < ChunksAhead; i++)
            _free.Add(new Chunk(chunkBytes));
        new Thread(ReadAhead) { IsBackground = true, Name = "pitap file" }.Start();
    }

    /// <summary>The bytes that were read and not consumed.</summary>
    public ReadOnlySpan<byte> Bytes => _current.Bytes.AsSpan(_current.Start, _current.End - _current.Start);

    /// <summary>True if no more bytes will come: the stream ended, or could not be read on.</summary>
    public bool IsLast => _current.IsLast;

    /// <summary>Why the stream could not be read on, once <see cref="IsLast"/>; null if it ended normally.</summary>
    public Exception? Error => _current.Error;

    /// <summary>A window that reads on another thread.</summary>
    /// <param name="stream">What to read; the window closes it.</param>
    /// <param name="fillWhole">True to read chunks full; false for a pipe, whose bytes are wanted as they come.</param>
    public static FileWindow StartAhead(Stream stream, bool fillWhole) => new(stream, ChunkBytes, readAhead: true, fillWhole);

    /// <summary>A window that reads on the caller's thread, for a stream of few bytes.</summary>
    public static FileWindow Create(Stream stream, int chunkBytes) =>
        new(stream, Math.Min(chunkBytes, ChunkBytes), readAhead: false, fillWhole: true);

    /// <summary>Moves the window on by that many bytes of <see cref="Bytes"/>.</summary>
    public void Consume(int bytes) => _current.Start += bytes;

    /// <summary>
    /// Adds what comes next behind <see cref="Bytes"/>, of which at most <see cref="CaptureFileParser.MaxBytesNeeded"/> may be left. False
    /// if nothing came within the time.
    /// </summary>
    public bool TryFill(int timeoutMs)
    {
        Chunk next = _current;
        if (_filled is null)
        {
            int left = _current.End - _current.Start;
            // Forward or back within the same array: Span copies as if through a second one.
            _current.Bytes.AsSpan(_current.Start, left).CopyTo(_current.Bytes.AsSpan(HeadroomBytes - left));
            _current.Start = HeadroomBytes - left;
            Fill(_current);
            return true;
        }
        if (!_filled.TryTake(out next!, timeoutMs))
            return false;
        ReadOnlySpan<byte> rest = Bytes;
        next.Start = HeadroomBytes - rest.Length;
        rest.CopyTo(next.Bytes.AsSpan(next.Start));
        // Chunks that were read go back in pairs: to wake the other thread costs more than all else here.
        if (_pooled is null)
        {
            _pooled = _current;
        }
        else
        {
            _free!.Add(_pooled);
            _free.Add(_current);
            _pooled = null;
        }
        _current = next;
        return true;
    }

    public void Dispose()
    {
        if (_free is null)
        {
            _stream.Dispose();
            return;
        }
        // The other thread closes the stream: it may be reading from it.
        _free.CompleteAdding();
    }

    private void ReadAhead()
    {
        using Stream stream = _stream;
        // Ends with the stream, or when the reader takes no more.
        foreach (Chunk chunk in _free!.GetConsumingEnumerable())
        {
            Fill(chunk);
            _filled!.Add(chunk);
            if (chunk.IsLast)
                return;
        }
    }

    private void Fill(Chunk chunk)
    {
        chunk.End = HeadroomBytes;
        try
        {
            // Each round adds bytes or is the last.
            do
            {
                int read = _stream.Read(chunk.Bytes.AsSpan(chunk.End));
                chunk.End += read;
                chunk.IsLast = read == 0;
            }
            while (_fillWhole && !chunk.IsLast && chunk.End < chunk.Bytes.Length);
        }
#pragma warning disable CA1031 // A file's bytes decide what a decompressor throws; all of it is told as a sentence, none may end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            chunk.Error = error;
            chunk.IsLast = true;
        }
    }

    private sealed class Chunk(int bytes)
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(HeadroomBytes + bytes);

        public int Start { get; set; } = HeadroomBytes;

        public int End { get; set; } = HeadroomBytes;

        public bool IsLast { get; set; }

        public Exception? Error { get; set; }
    }
}
