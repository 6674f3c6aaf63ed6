using PiTap.Capture;
using PiTap.Capture.Files;

namespace PiTap.Host.Replay;

/// <summary>The captures to be replayed, looked at before anything is written.</summary>
internal sealed class CaptureFiles : IDisposable
{
    private readonly List<(string Path, FilePacketSource? Opened)> _files = [];
    private readonly List<FileOutcome> _unreadable = [];

    private CaptureFiles()
    {
    }

    /// <summary>Files that can be read.</summary>
    public int Count => _files.Count;

    /// <summary>The others, each with why not.</summary>
    public IReadOnlyList<FileOutcome> Unreadable => _unreadable;

    /// <summary>What the regular files among them hold, in bytes.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Opens each file once. One that cannot be used gets its sentence, and stops no other.</summary>
    public static CaptureFiles Check(IReadOnlyList<string> paths, Action<string> say)
    {
        CaptureFiles files = new();
        foreach (string path in paths)
        {
            if (files.Add(path) is not string sentence)
                continue;
            say(sentence);
            files._unreadable.Add(new FileOutcome(path, 0, 0, sentence));
        }
        return files;
    }

    public string Path(int index) => _files[index].Path;

    /// <summary>The source for a file; the caller disposes it.</summary>
    public FilePacketSource Open(int index)
    {
        (string path, FilePacketSource? opened) = _files[index];
        _files[index] = (path, null);
        return opened ?? FilePacketSource.Open(path);
    }

    public void Dispose()
    {
        foreach ((_, FilePacketSource? opened) in _files)
            opened?.Dispose();
        _files.Clear();
    }

    private string? Add(string path)
    {
        if (path == FilePacketSource.StandardInput && _files.Any(static file => file.Path == FilePacketSource.StandardInput))
            return "Standard input can be read only once.";
        try
        {
            FilePacketSource source = FilePacketSource.Open(path);
            if (source.LengthBytes is long length)
            {
                // A thousand files must not mean a thousand descriptors: what can be opened again is closed until its turn.
                TotalBytes += length;
                source.Dispose();
            }
            _files.Add((path, source.LengthBytes is null ? source : null));
            return null;
        }
        catch (CaptureException failure)
        {
            return failure.Message;
        }
    }
}
