using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Files;

namespace PiTap.Host.Replay;

/// <summary>Where a demonstration keeps what it finds: each one begins with nothing.</summary>
internal static class DemoStore
{
    private const string FileName = "demo.db";

    /// <summary>What a store consists of, and what is left of one whose writer was killed.</summary>
    private static readonly string[] s_files = [FileName, "demo-log.db", "demo.db.compact", "demo.db-log.compact"];

    /// <summary>
    /// The path of a store that is not there. One that was asked for by name may not be there; the one of the demonstration before, in
    /// the user's cache folder, is deleted.
    /// </summary>
    public static string Place(string? asked)
    {
        if (asked is not null)
        {
            if (StoreFile.WhyNot(asked) is { } reason)
                throw new CliException(reason, ExitCode.Usage);
            return !File.Exists(asked) ? asked : throw new CliException(
                $"{asked} is there already: the demonstration begins with a new store. Name another file.", ExitCode.Usage);
        }
        return Clear(Path.Combine(CacheFolder(), "pitap"));
    }

    /// <summary>
    /// Makes the folder, and takes the store of the demonstration before out of it, and nothing else; the lock stays, as for every store.
    /// Returns the path of the one to come.
    /// </summary>
    internal static string Clear(string folder)
    {
        FileKind kind = FileKinds.Of(folder);
        if (kind is not (FileKind.Nothing or FileKind.Folder))
        {
            // Whatever a link leads to was not made for stores that are deleted.
            throw new CliException($"{folder} is {FileKinds.Obstacle(kind) ?? "a file"}, not the folder for the demonstration's store. "
                + "Take it away, or name a file with --db.", ExitCode.Usage);
        }
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        if (IsHeld(path))
        {
            throw new CliException(
                $"Another demonstration is using {path}. Wait for its end, or name a file with --db.", ExitCode.Failed);
        }
        foreach (string file in Directory.EnumerateFiles(folder).Where(static file => IsOfStore(Path.GetFileName(file))))
            File.Delete(file);
        return path;
    }

    private static bool IsHeld(string path)
    {
        try
        {
            using IStoreReader reader = StoreFile.OpenForReading(path);
            return false;
        }
        catch (StoreException failure)
        {
            return failure.IsHeld;
        }
    }

    private static bool IsOfStore(string name) =>
        s_files.Contains(name, StringComparer.Ordinal) || name.StartsWith(FileName + ".damaged-", StringComparison.Ordinal);

    private static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
            return cache;
        return Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home && Path.IsPathRooted(home)
            ? Path.Combine(home, ".cache")
            : throw new CliException(
                "The demonstration's store has no place: HOME is not set. Set it, or name a file with --db.", ExitCode.Usage);
    }
}
