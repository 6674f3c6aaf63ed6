using PiTap.Host.Arguments;
using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Files;

namespace PiTap.Host.Remote;

/// <summary>Reaches a store, wherever it is held.</summary>
internal static class StoreAccess
{
    /// <summary>
    /// A store that is held by a process which does not answer yet, or no more, is tried again for so long, each time after so long.
    /// </summary>
    private static readonly TimeSpan s_tryAgainFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_tryAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Through the daemon if one answers, else straight from the file.</summary>
    public static IStoreReader OpenReader(string path)
    {
        using ManualResetEventSlim never = new();
        for (TimeSpan waited = TimeSpan.Zero; ; waited += s_tryAgainAfter)
        {
            try
            {
                return OpenNow(path);
            }
            catch (StoreException failure) when (failure.IsHeld && waited < s_tryAgainFor)
            {
                never.Wait(s_tryAgainAfter);
            }
        }
    }

    private static IStoreReader OpenNow(string path)
    {
        SocketStoreReader remote = new(path);
        if (remote.CanConnect())
            return remote;
        if (!File.Exists(path))
        {
            if (IsClosed(path))
            {
                throw new CliException($"No permission to look for the store {path}: its folder is closed to this user. "
                    + "What was captured with sudo is read with sudo, too.");
            }
            throw new CliException($"There is no store at {path}: make one with 'pitap replay FILE' or 'pitap live', "
                + "or name another with --db." + RootsStore(path));
        }
        return StoreFile.OpenForReading(path);
    }

    /// <summary>True if this user may not even know whether the file is there.</summary>
    private static bool IsClosed(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Where another one may be: what `sudo` writes is root's, and its folder is closed to others.</summary>
    public static string RootsStore(string path)
    {
        string folder = Path.GetDirectoryName(DefaultPaths.RootsDatabase)!;
        return !Environment.IsPrivilegedProcess && path == DefaultPaths.Database() && Directory.Exists(folder)
            ? $" What was captured with sudo is in {DefaultPaths.RootsDatabase}: read it with sudo, too."
            : "";
    }

    /// <summary>Through the daemon if one answers, else on the file itself, which is there.</summary>
    public static IControl OpenControl(string path, TimeProvider clock, Action<string> notice) =>
        DaemonConnection.CanOpen(path) ? new SocketControl(path) : new StoreControl(path, clock, notice);
}
