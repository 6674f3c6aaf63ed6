using System.Diagnostics;
using System.Globalization;

namespace PiTap.Store.Files;

/// <summary>
/// One writer a store, across processes. PATH.lock is held with an exclusive lock of the operating system, which ends with the
/// process however it ends; LiteDB's own lock is a shared one and refuses nobody. The lock file stays when the store is closed:
/// deleting it would let two processes lock two different files of that name.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int ReaderTries = 20;
    private static readonly TimeSpan s_readerPause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;
    private readonly string? _ownerPath;

    private StoreLock(FileStream file, string? ownerPath)
    {
        _file = file;
        _ownerPath = ownerPath;
    }

    public static string PathOf(string storePath) => storePath + ".lock";

    // A locked file cannot be opened for reading either, so the number for people stands in a file of its own.
    private static string OwnerPathOf(string storePath) => storePath + ".pid";

    /// <summary>For writing; a <see cref="StoreException"/> names the process that has it.</summary>
    public static StoreLock Take(string storePath)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                FileRights.CreateBeside(storePath, PathOf(storePath));
                FileStream file = new(PathOf(storePath), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return Own(file, storePath);
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (Owner(storePath) is { } pid)
                    throw new StoreException($"The store {storePath} is already being written by process {pid}.", error);
                // Somebody only reads, which takes moments.
                if (attempt == ReaderTries)
                    throw new StoreException($"The store {storePath} is being read by another process.", error);
                using ManualResetEventSlim never = new();
                never.Wait(s_readerPause);
            }
        }
    }

    /// <summary>For reading, beside other readers; null if the store was never written here and so nobody can hold it.</summary>
    public static StoreLock? TakeShared(string storePath)
    {
        if (!File.Exists(PathOf(storePath)))
            return null;
        try
        {
            return new StoreLock(new FileStream(PathOf(storePath), FileMode.Open, FileAccess.Read, FileShare.Read), null);
        }
        catch (IOException error) when (IsHeld(error))
        {
            string who = Owner(storePath) is { } pid ? $"process {pid}" : "another process";
            throw new StoreException($"The store {storePath} is being written by {who}.", error);
        }
    }

    public void Dispose()
    {
        if (_ownerPath is not null)
            File.Delete(_ownerPath);
        _file.Dispose();
    }

    private static StoreLock Own(FileStream file, string storePath)
    {
        try
        {
            byte[] pid = System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            file.SetLength(0);
            file.Write(pid);
            file.Flush();
            // One that a process left behind may be another user's.
            File.Delete(OwnerPathOf(storePath));
            File.WriteAllBytes(OwnerPathOf(storePath), pid);
            return new StoreLock(file, OwnerPathOf(storePath));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The process that writes the store, as far as it is known and alive.</summary>
    private static int? Owner(string storePath)
    {
        try
        {
            if (!int.TryParse(File.ReadAllText(OwnerPathOf(storePath)), CultureInfo.InvariantCulture, out int pid))
                return null;
            using Process owner = Process.GetProcessById(pid);
            return pid;
        }
        catch (ArgumentException)
        {
            // That process is gone: what holds the lock is a reader.
            return null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Held by someone, as opposed to a full or read-only disk: the runtime reports a lock conflict as EAGAIN or a sharing violation.
    /// </summary>
    private static bool IsHeld(IOException error) =>
        error is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        && error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80131620);
}
