using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// The store's main file as LiteDB reads and writes it: whole pages at positions. It is written at a checkpoint only, and only after
/// the log that the pages come from is safely on disk.
/// </summary>
internal sealed class DataFile : Stream
{
    public const int PageBytes = 8192;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly PageLog _log;
    private readonly bool _isReadOnly;
    private long _length;
    private bool _isLogSafe;

    public DataFile(string path, PageLog log, bool isReadOnly)
    {
        _log = log;
        _path = path;
        _isReadOnly = isReadOnly;
        _file = isReadOnly ? RegularFile.OpenToRead(path) : RegularFile.OpenToWrite(path);
        // A page that was cut off in the middle of being appended is still in the log.
        _length = RandomAccess.GetLength(_file) / PageBytes * PageBytes;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => !_isReadOnly;

    public override long Length => _length;

    public override long Position { get; set; }

    /// <summary>Why what was written is no longer where people look for it; null if it is.</summary>
    public string? WhyGone()
    {
        if (!FileIdentity.IsAt(_path, _file))
            return File.Exists(_path) ? "Another file took its place." : "It was deleted.";
        return RandomAccess.GetLength(_file) < _length ? "It was cut off." : null;
    }

    /// <summary>A page as it is in the file, for those who look at it without LiteDB.</summary>
    public void ReadPageHead(uint page, Span<byte> head) => ReadFully(head, page * (long)PageBytes);

    public override int Read(byte[] buffer, int offset, int count)
    {
        ReadFully(buffer.AsSpan(offset, count), Position);
        Position += count;
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_isReadOnly)
            throw new NotSupportedException("The store is open for reading only.");
        if (!_isLogSafe)
        {
            _log.FlushToDisk();
            _isLogSafe = true;
        }
        RandomAccess.Write(_file, buffer.AsSpan(offset, count), Position);
        Position += count;
        _length = Math.Max(_length, Position);
    }

    public override void Flush()
    {
        if (_isReadOnly)
            return;
        RandomAccess.FlushToDisk(_file);
        _isLogSafe = false;
    }

    public override void SetLength(long value)
    {
        if (_isReadOnly)
            return;
        RandomAccess.SetLength(_file, value);
        _length = value;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            RegularFile.Close(_file);
        base.Dispose(disposing);
    }

    /// <summary>LiteDB takes what is in its buffer for the page, however little was read: a page beyond the end must be an error.</summary>
    private void ReadFully(Span<byte> buffer, long position)
    {
        while (buffer.Length > 0)
        {
            int read = RandomAccess.Read(_file, buffer, position);
            if (read == 0)
                throw new StoreDamagedException("The store's file ends too early.");
            buffer = buffer[read..];
            position += read;
        }
    }
}
