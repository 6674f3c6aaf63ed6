using PiTap.Capture;
using PiTap.Capture.Files;

namespace PiTap.Host.Replay;

/// <summary>The captures to be replayed, looked at before anything is written.</summary>
internal sealed class CaptureFiles : IDisposable
{
    private readonly List<(string Path, FilePacketSource? Opened)> _files = [];

    private CaptureFiles()
    {
    }

    public int Count => _files.Count;

    /// <summary>What the regular files among them hold, in bytes.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Opens each file once. Null if one cannot be used; each such file gets its sentence.</summary>
    public static CaptureFiles? Check(IReadOnlyList<string> paths, Action<string> say)
    {
        CaptureFiles files = new();
        bool isGood = true;
        foreach (string path in paths)
        {
            if (files.Add(path) is not string sentence)
                continue;
            say(sentence);
            isGood = false;
        }
        if (isGood)
            return files;
        files.Dispose();
        return null;
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
