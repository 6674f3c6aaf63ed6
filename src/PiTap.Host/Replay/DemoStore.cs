using PiTap.Host.Platform;
using PiTap.Store;

namespace PiTap.Host.Replay;

/// <summary>Where a demonstration keeps what it finds: each one begins with nothing.</summary>
internal static class DemoStore
{
    private const string FileName = "demo.db";

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
        string folder = Path.Combine(CacheFolder(), "pitap");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, FileName);
        foreach (string file in Directory.EnumerateFiles(folder, "demo*.db*"))
            File.Delete(file);
        return path;
    }

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
