using System.IO.Compression;

namespace PiTap.Capture.Files;

/// <summary>
/// Decompresses gzip (RFC 1952) with any number of members, and notices a stream that is cut off: GZipStream reports that as an
/// ordinary end. Behind the end of the input a member of our own is offered; only where the member before it is complete does its
/// content come out.
/// </summary>
internal sealed class WholeGzipStream : ForwardStream
{
    private static readonly byte[] s_mark = "PiTap: complete"u8.ToArray();

    private readonly MarkedStream _marked;
    private readonly GZipStream _gzip;

    public WholeGzipStream(Stream input)
    {
        _marked = new MarkedStream(input);
        _gzip = new GZipStream(_marked, CompressionMode.Decompress);
    }

    /// <summary>Reads decompressed bytes; 0 at the end.</summary>
    /// <exception cref="EndOfStreamException">The input is cut off.</exception>
    /// <exception cref="InvalidDataException">The input is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _gzip.Read(buffer);
        if (read == 0 && !buffer.IsEmpty)
            CheckComplete();
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _marked.Dispose();
        }
        base.Dispose(disposing);
    }

    private void CheckComplete()
    {
        // Bytes left over that are no gzip member are what gzip calls trailing garbage, and no reason to doubt what came before.
        if (!_marked.HasEnded)
            return;
        _marked.OfferMark();
        Span<byte> tail = stackalloc byte[s_mark.Length + 1];
        int length = 0;
        try
        {
            int read;
            do
            {
                read = _gzip.Read(tail[length..]);
                length += read;
            }
            while (read != 0 && length < tail.Length);
        }
        catch (InvalidDataException)
        {
            length = -1;
        }
        if (length == 0 && !_marked.IsMarkTaken)
            return;
        if (length != s_mark.Length || !tail[..length].SequenceEqual(s_mark))
            throw new EndOfStreamException();
    }

    private static byte[] CompressMark()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.NoCompression))
            gzip.Write(s_mark);
        return compressed.ToArray();
    }

    /// <summary>The input, and behind its end, once offered, the mark.</summary>
    private sealed class MarkedStream(Stream input) : ForwardStream
    {
        private byte[] _mark = [];
        private int _taken;

        public bool HasEnded { get; private set; }

        public bool IsMarkTaken => _taken > 0;

        public void OfferMark() => _mark = CompressMark();

        public override int Read(Span<byte> buffer)
        {
            if (!HasEnded)
            {
                int read = input.Read(buffer);
                HasEnded = read == 0;
                return read;
            }
            int length = Math.Min(buffer.Length, _mark.Length - _taken);
            _mark.AsSpan(_taken, length).CopyTo(buffer);
            _taken += length;
            return length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
