using System.Globalization;
using PiTap.Host.Platform;
using PiTap.Store;
using PiTap.Store.Files;

namespace PiTap.Host.Replay;

/// <summary>Where a demonstration keeps what it finds: each one begins with nothing.</summary>
internal static class DemoStore
{
    /// <summary>Demonstrations that can run at one time, each with a store of its own.</summary>
    private const int MaxStores = 8;

    /// <summary>
    /// The path of a store that is not there. One that was asked for by name may not be there; the one of the demonstration before, in
    /// the user's cache folder, is deleted, unless it still runs: then this one has another name.
    /// </summary>
    /// <param name="asked">The path that was asked for; null for none.</param>
    /// <param name="cache">The user's cache folder; null for the one that the environment names.</param>
    public static string Place(string? asked, string? cache = null)
    {
        if (asked is not null)
        {
            if (StoreFile.WhyNot(asked) is { } reason)
                throw new CliException(reason, ExitCode.Usage);
            return !File.Exists(asked) ? asked : throw new CliException(
                $"{asked} is there already: the demonstration begins with a new store. Name another file.", ExitCode.Usage);
        }
        string folder = Path.Combine(cache ?? CacheFolder(), "pitap");
        FileKind kind = FileKinds.Of(folder);
        if (kind is not (FileKind.Nothing or FileKind.Folder))
        {
            // Whatever a link leads to was not made for stores that are deleted.
            throw new CliException($"{folder} is {FileKinds.Obstacle(kind) ?? "a file"}, not the folder for the demonstration's store. "
                + "Take it away, or name a file with --db.", ExitCode.Usage);
        }
        try
        {
            Directory.CreateDirectory(folder);
            for (int i = 1; i <= MaxStores; i++)
            {
                string path = Path.Combine(folder, i == 1 ? "demo.db" : string.Create(CultureInfo.InvariantCulture, $"demo-{i}.db"));
                if (StoreFile.TryDelete(path))
                    return path;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"The demonstration's store cannot be made in {folder}: {failure.Message} Name a file with --db.", ExitCode.Failed);
        }
        throw new CliException($"{MaxStores} demonstrations run already. Wait for one to end, or name a file with --db.", ExitCode.Failed);
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
