using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PiTap.Model;

namespace PiTap.Store.Files;

/// <summary>
/// LiteDB's write-ahead log: in memory for LiteDB, on disk beside the data file for the next start.
/// <para>
/// LiteDB 5.0.21 writes its log in the middle of a commit, and a failure there leaves its state neither before nor after. So it writes
/// into memory, which does not fail, and <see cref="Persist"/> appends what is new to the file: an error stays with the caller, who
/// tries again, and nothing of LiteDB's state is lost.
/// </para>
/// <para>
/// The file holds LiteDB's pages as they are. After the pages of each <see cref="Persist"/> stands one page with their count and
/// checksum. LiteDB itself would pass over it, as over every page of a transaction that was never confirmed. At opening, pages count as
/// far as seals are right: after a power cut, too, a commit is there whole or not at all.
/// </para>
/// </summary>
internal sealed class PageLog : Stream
{
    /// <summary>Where a page of LiteDB's names its transaction, and says that it is the transaction's last one.</summary>
    public const int TransactionAt = 14;

    public const int ConfirmedAt = 18;

    private const int PageBytes = DataFile.PageBytes;
    private const int SealMagicAt = 32;
    private const int SealCountAt = 40;
    private const int SealChecksumAt = 44;
    private const ulong SealMagic = 0x315f4c4153504154;
    private const uint SealTransaction = 0x7fff_ff00;
    private const int MaxPooledPages = 512;

    private readonly Lock _gate = new();
    private SafeFileHandle? _file;
    private readonly string _path;
    private readonly List<byte[]> _pages = [];
    private readonly Stack<byte[]> _pooled = [];
    private readonly byte[] _seal = new byte[PageBytes];
    private int _persistedPages;
    private long _fileLength;
    private bool _isBehind;

    private PageLog(string path, SafeFileHandle? file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Commits that the file held when it was opened.</summary>
    public int RecoveredCommits { get; private set; }

    /// <summary>
    /// True if there are pages in the log that the file does not hold yet. Whoever asks does not wait for a disk that is being written.
    /// </summary>
    public bool IsBehind => Volatile.Read(ref _isBehind);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length
    {
        get
        {
            lock (_gate)
                return _pages.Count * (long)PageBytes;
        }
    }

    public override long Position { get; set; }

    public static string PathOf(string storePath) =>
        Path.Combine(Path.GetDirectoryName(storePath) ?? "", Path.GetFileNameWithoutExtension(storePath) + "-log" + Path.GetExtension(storePath));

    /// <summary>One that is only in memory.</summary>
    public static PageLog InMemory() => new("", null);

    public static PageLog Open(string storePath, bool isReadOnly)
    {
        string path = PathOf(storePath);
        if (isReadOnly && !File.Exists(path))
            return new PageLog(path, null);
        if (!isReadOnly)
            FileRights.CreateBeside(storePath, path);
        SafeFileHandle file = isReadOnly ? RegularFile.OpenToRead(path) : RegularFile.OpenToWrite(path);
        PageLog log = new(path, file);
        try
        {
            log.Recover();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Appends what is new to the file. On an error the file is cut back to what it was, and the same may be tried again.
    /// </summary>
    public void Persist()
    {
        if (_file is null)
            throw new NotSupportedException("The store is open for reading only.");
        lock (_gate)
        {
            SafeFileHandle file = InPlace(_file);
            if (_persistedPages == _pages.Count)
                return;
            long at = _fileLength;
            try
            {
                uint crc = Crc32C.First;
                for (int i = _persistedPages; i < _pages.Count; i++, at += PageBytes)
                {
                    RandomAccess.Write(file, _pages[i], at);
                    crc = Crc32C.Add(_pages[i], crc);
                }
                WriteSeal(_pages.Count - _persistedPages, crc);
                RandomAccess.Write(file, _seal, at);
                at += PageBytes;
            }
            catch
            {
                RandomAccess.SetLength(file, _fileLength);
                throw;
            }
            _fileLength = at;
            _persistedPages = _pages.Count;
            Volatile.Write(ref _isBehind, false);
        }
    }

    /// <summary>The file; one that was deleted or cut off is written anew: all of it is in memory.</summary>
    private SafeFileHandle InPlace(SafeFileHandle file)
    {
        bool isInPlace = FileIdentity.IsAt(_path, file);
        if (isInPlace && RandomAccess.GetLength(file) >= _fileLength)
            return file;
        if (!isInPlace)
        {
            _file = RegularFile.OpenToWrite(_path);
            RegularFile.Close(file);
        }
        RandomAccess.SetLength(_file!, 0);
        _fileLength = 0;
        _persistedPages = 0;
        return _file!;
    }

    /// <summary>Waits until the file's bytes are beyond the operating system's cache.</summary>
    public void FlushToDisk()
    {
        if (_file is not null)
            RandomAccess.FlushToDisk(_file);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            int page = (int)(Position / PageBytes);
            if (page >= _pages.Count || Position % PageBytes != 0 || count != PageBytes)
                throw new StoreDamagedException("The store's log has no such page.");
            _pages[page].CopyTo(buffer, offset);
            Position += count;
            return count;
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_gate)
        {
            int page = (int)(Position / PageBytes);
            if (page != _pages.Count || Position % PageBytes != 0 || count != PageBytes)
                throw new StoreDamagedException("The store's log is written out of order.");
            byte[] bytes = _pooled.TryPop(out byte[]? pooled) ? pooled : new byte[PageBytes];
            buffer.AsSpan(offset, count).CopyTo(bytes);
            _pages.Add(bytes);
            Volatile.Write(ref _isBehind, true);
            Position += count;
        }
    }

    /// <summary>When to write is decided by <see cref="Persist"/>.</summary>
    public override void Flush()
    {
    }

    /// <summary>The end of a checkpoint: everything is in the data file.</summary>
    public override void SetLength(long value)
    {
        lock (_gate)
        {
            if (value != 0)
                throw new NotSupportedException("The log is only ever emptied.");
            foreach (byte[] page in _pages)
            {
                if (_pooled.Count < MaxPooledPages)
                    _pooled.Push(page);
            }
            _pages.Clear();
            _persistedPages = 0;
            Volatile.Write(ref _isBehind, false);
            if (_file is null)
                return;
            RandomAccess.SetLength(_file, 0);
            _fileLength = 0;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <summary>Removes the file, where it is empty.</summary>
    public void DeleteIfEmpty()
    {
        if (_file is not null && _fileLength == 0)
            File.Delete(_path);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _file is not null)
            RegularFile.Close(_file);
        base.Dispose(disposing);
    }

    private void WriteSeal(int pages, uint crc)
    {
        Array.Clear(_seal);
        BinaryPrimitives.WriteUInt32LittleEndian(_seal.AsSpan(TransactionAt), SealTransaction);
        BinaryPrimitives.WriteUInt64LittleEndian(_seal.AsSpan(SealMagicAt), SealMagic);
        BinaryPrimitives.WriteInt32LittleEndian(_seal.AsSpan(SealCountAt), pages);
        BinaryPrimitives.WriteUInt32LittleEndian(_seal.AsSpan(SealChecksumAt), crc);
    }

    /// <summary>Takes the file's pages up to the last right seal into memory; what follows was never acknowledged.</summary>
    private void Recover()
    {
        long end = RandomAccess.GetLength(_file!);
        List<byte[]> unsealed = [];
        uint crc = Crc32C.First;
        for (long at = 0; at + PageBytes <= end; at += PageBytes)
        {
            byte[] page = new byte[PageBytes];
            if (RandomAccess.Read(_file!, page, at) != PageBytes)
                break;
            if (!IsSeal(page))
            {
                unsealed.Add(page);
                crc = Crc32C.Add(page, crc);
                continue;
            }
            bool isRight = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(SealCountAt)) == unsealed.Count
                && BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(SealChecksumAt)) == crc;
            if (!isRight)
                break;
            _pages.AddRange(unsealed);
            RecoveredCommits += unsealed.Count(static p => p[ConfirmedAt] != 0);
            unsealed.Clear();
            crc = Crc32C.First;
            _fileLength = at + PageBytes;
        }
        _persistedPages = _pages.Count;
    }

    private static bool IsSeal(byte[] page) =>
        BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(TransactionAt)) == SealTransaction
        && BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(SealMagicAt)) == SealMagic;
}
