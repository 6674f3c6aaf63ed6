using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.Capture.Files;

/// <summary>
/// Packets out of a pcap or pcapng file, plain or compressed with gzip or zstd, or out of standard input. The format is told by the
/// bytes, never by the name. Memory does not grow with the file, nor with what a compressed one unfolds to.
/// </summary>
public sealed class FilePacketSource : IPacketSource
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>How long a read waits for a slow disk or pipe before it says that there is nothing now, in milliseconds.</summary>
    private const int WaitMs = 100;

    private readonly CaptureFileParser _parser = new();
    private readonly InputStream _input;
    private Stream? _stream;
    private FileWindow? _window;
    private string? _compression;
    private LinkType _acceptedLink;
    private bool _hasAcceptedLink;
    private Task<string?>? _starting;
    private bool _hasReadLink;
    private LinkType? _unreadLink;
    private ReadStatus _ended = ReadStatus.Idle;
    private long _packets;

    private FilePacketSource(string name, InputStream input)
    {
        Name = name;
        _input = input;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Failure { get; private set; }

    /// <summary>Bytes of the file read so far, as they are on disk; may be asked from any thread.</summary>
    public long BytesRead => _input.BytesRead;

    /// <summary>Length of the file in bytes, as it was when it was opened; null for a pipe.</summary>
    public long? LengthBytes => _input.LengthBytes;

    /// <summary>
    /// SHA-256 of a regular file's bytes as they are on disk, in 64 hexadecimal digits: what others name a capture by. Null unless it was
    /// asked for when the file was opened, and unless <see cref="Read"/> has told its end.
    /// </summary>
    public string? Sha256 { get; private set; }

    /// <summary>Opens a capture file, or standard input for <c>-</c>.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <param name="hash">True for <see cref="Sha256"/>.</param>
    /// <exception cref="CaptureException">There is no such file, it is a directory, it may not be read, it is empty, or it is no capture.
    /// Of standard input that is said by <see cref="Read"/>.</exception>
    public static FilePacketSource Open(string path, bool hash = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == StandardInput)
            return new FilePacketSource("standard input", new InputStream(Console.OpenStandardInput(), null));
        var source = new FilePacketSource(path, CaptureFileOpener.OpenFile(path, hash));
        // A pipe in the file system may have nothing yet.
        if (source.LengthBytes is null)
            return source;
        try
        {
            if (source.FailureAtStart() is { } failure)
                throw new CaptureException(failure);
            return source;
        }
        catch (CaptureException)
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ReadStatus Read(out CapturedPacket packet)
    {
        packet = default;
        if (_ended != ReadStatus.Idle)
            return _ended;
        if (_stream is null)
        {
            if (!HasStarted(out string? failure))
                return ReadStatus.Idle;
            if (failure is not null)
                return Fail(failure);
        }
        FileWindow window = _window ??= OpenWindow();
        // Each round takes a packet, reads on, or ends.
        while (true)
        {
            CaptureParseStatus status = _parser.TryRead(window.Bytes, window.IsLast, out int consumed, out packet);
            window.Consume(consumed);
            switch (status)
            {
                case CaptureParseStatus.Packet:
                    if ((packet.Link != _acceptedLink || !_hasAcceptedLink) && !TryAccept(packet.Link))
                        return Fail(FileFailure.UnsupportedLink(Name, packet.Link));
                    _packets++;
                    return ReadStatus.Packet;
                case CaptureParseStatus.NeedMore:
                    if (!window.TryFill(WaitMs))
                        return ReadStatus.Idle;
                    break;
                case CaptureParseStatus.End when window.Error is null && _unreadLink is LinkType unread && !_hasReadLink:
                    return Fail(FileFailure.UnsupportedLink(Name, unread));
                case CaptureParseStatus.End when window.Error is null:
                    Sha256 = _input.Sha256;
                    return _ended = ReadStatus.End;
                default:
                    packet = default;
                    return Fail(window.Error is { } error
                        ? FileFailure.Unreadable(Name, _compression, error, _parser.Offset + window.Bytes.Length)
                        : FileFailure.Damaged(Name, _compression, _parser, window.Bytes.Length));
            }
        }
    }

    /// <inheritdoc/>
    public SourceCounters Counters() => new() { Source = Name, Received = Volatile.Read(ref _packets) };

    /// <inheritdoc/>
    public void Dispose()
    {
        // What still waits for its first bytes holds what it reads from; the process ends without it.
        if (_starting is { IsCompleted: false })
            return;
        if (_window is null)
            (_stream ?? _input).Dispose();
        else
            _window.Dispose();
    }

    /// <summary>
    /// False while a pipe has not even the bytes that tell the format: they are waited for on another thread, so that whoever reads can
    /// still be told to end.
    /// </summary>
    private bool HasStarted(out string? failure)
    {
        failure = null;
        if (LengthBytes is not null)
        {
            failure = FailureAtStart();
            return true;
        }
        _starting ??= Task.Factory.StartNew(FailureAtStart, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([_starting], WaitMs) < 0)
            return false;
        failure = _starting.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Reads the first bytes and takes compression off; what is wrong with them, or null.</summary>
    private string? FailureAtStart()
    {
        try
        {
            Stream stream = CaptureFileOpener.Decompress(_input, out _compression);
            if (_compression is null && CaptureFileOpener.Reject(_input.Peek(), Name) is { } reason)
                return reason;
            _stream = stream;
        }
        catch (IOException error)
        {
            return FileFailure.Unreadable(Name, null, error, 0);
        }
        if (_compression is null)
            return null;
        _window = OpenWindow();
        // Ends with enough bytes to tell the format, or with the stream.
        while (_window.Bytes.Length < InputStream.PeekBytes && !_window.IsLast)
            _window.TryFill(WaitMs);
        return _window.Error is { } damage && CaptureFileParser.Detect(_window.Bytes) == CaptureFormat.Unknown
            ? FileFailure.Unreadable(Name, _compression, damage, _window.Bytes.Length)
            : CaptureFileOpener.Reject(_window.Bytes, $"What the {_compression} file {Name} unfolds to");
    }

    /// <summary>A thread of its own pays where there is decompression or waiting to do beside the analysis.</summary>
    private FileWindow OpenWindow() => _compression is null && LengthBytes is long length && length <= FileWindow.ChunkBytes
        ? FileWindow.Create(_stream!, (int)length + 1)
        : FileWindow.StartAhead(_stream!, fillWhole: LengthBytes is not null);

    /// <summary>
    /// False for a link type that PiTap does not read, in a file that can have no other. A pcapng file may describe another one later: the
    /// packets of the one are the analysis's to count, and a file without any other is refused at its end.
    /// </summary>
    private bool TryAccept(LinkType link)
    {
        bool isRead = LinkTypes.IsRead(link);
        if (!isRead && _parser.Format == CaptureFormat.Pcap)
            return false;
        _acceptedLink = link;
        _hasAcceptedLink = true;
        _hasReadLink |= isRead;
        if (!isRead)
            _unreadLink ??= link;
        return true;
    }

    private ReadStatus Fail(string failure)
    {
        Failure = failure;
        return _ended = ReadStatus.Failed;
    }
}
