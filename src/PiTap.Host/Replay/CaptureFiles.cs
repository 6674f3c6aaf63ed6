using PiTap.Capture;
using PiTap.Capture.Files;
using PiTap.Model;

namespace PiTap.Host.Replay;

/// <summary>The captures to be replayed, looked at before anything is written.</summary>
internal sealed class CaptureFiles : IDisposable
{
    private readonly List<(string Path, FilePacketSource? Opened, long? Bytes)> _files = [];
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

    /// <summary>Leaves out what a run has read before, and what is named twice; each such file gets its sentence.</summary>
    /// <param name="runs">The runs of the store.</param>
    /// <param name="say">Takes the sentences.</param>
    public void LeaveOutKnown(IEnumerable<RunRecord> runs, Action<string> say)
    {
        // Files of another length are others: only those of the same one are read for it.
        List<(long Bytes, string Sha256, string Where)> known =
        [
            .. runs.SelectMany(static run => run.Sources.Where(static source => source.FileSha256 is not null)
                .Select(source => (source.FileBytes, source.FileSha256!, $"in run {run.Run}, as {source.Source}"))),
        ];
        List<(string, FilePacketSource?, long?)> rest = [];
        foreach ((string path, FilePacketSource? opened, long? bytes) in _files)
        {
            bool mayBeKnown = bytes is not null
                && (known.Exists(one => one.Bytes == bytes) || _files.Count(file => file.Bytes == bytes) > 1);
            string? hash = mayBeKnown ? CaptureHash.Of(path) : null;
            int found = hash is null ? -1 : known.FindIndex(one => one.Sha256 == hash);
            if (found < 0)
            {
                rest.Add((path, opened, bytes));
                if (hash is not null)
                    known.Add((bytes!.Value, hash, $"in this run, as {path}"));
                continue;
            }
            string sentence = $"{path} was read before, {known[found].Where}: it is left out, or it would count twice. "
                + "--again reads it again.";
            say(sentence);
            _unreadable.Add(new FileOutcome(path, 0, 0, sentence));
        }
        _files.Clear();
        _files.AddRange(rest);
    }

    /// <summary>The source for a file; the caller disposes it.</summary>
    /// <param name="index">Which file.</param>
    /// <param name="hash">True if its <see cref="FilePacketSource.Sha256"/> is wanted.</param>
    public FilePacketSource Open(int index, bool hash)
    {
        (string path, FilePacketSource? opened, long? bytes) = _files[index];
        _files[index] = (path, null, bytes);
        return opened ?? FilePacketSource.Open(path, hash);
    }

    public void Dispose()
    {
        foreach ((_, FilePacketSource? opened, _) in _files)
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
            _files.Add((path, source.LengthBytes is null ? source : null, source.LengthBytes));
            return null;
        }
        catch (CaptureException failure)
        {
            return failure.Message;
        }
    }
}
