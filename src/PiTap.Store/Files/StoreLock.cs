using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// One writer a store, across processes. PATH.lock is held with an exclusive lock of the operating system, which ends with the
/// process however it ends; LiteDB's own lock is a shared one and refuses nobody. In it stands the number of the process that writes. The
/// file stays when the store is closed: deleting it would let two processes lock two different files of that name.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int ReaderTries = 20;
    private static readonly TimeSpan s_readerPause = TimeSpan.FromMilliseconds(100);

    /// <summary>More than any process number takes.</summary>
    private const int NumberBytes = 16;

    private readonly SafeFileHandle _file;
    private readonly bool _isWriters;

    private StoreLock(SafeFileHandle file, bool isWriters)
    {
        _file = file;
        _isWriters = isWriters;
    }

    public static string PathOf(string storePath) => storePath + ".lock";

    /// <summary>For writing; a <see cref="StoreException"/> names the process that has it.</summary>
    public static StoreLock Take(string storePath)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                FileRights.CreateBeside(storePath, PathOf(storePath));
                return Own(RegularFile.OpenToWrite(PathOf(storePath)));
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
            return new StoreLock(RegularFile.OpenToRead(PathOf(storePath)), isWriters: false);
        }
        catch (IOException error) when (IsHeld(error))
        {
            string who = Owner(storePath) is { } pid ? $"process {pid}" : "another process";
            throw new StoreException($"The store {storePath} is being written by {who}.", error) { IsHeld = true };
        }
    }

    public void Dispose()
    {
        try
        {
            if (_isWriters)
                RandomAccess.SetLength(_file, 0);
        }
        catch (IOException)
        {
            // Then the number of a process that is gone stays, and means nobody.
        }
        finally
        {
            RegularFile.Close(_file);
        }
    }

    private static StoreLock Own(SafeFileHandle file)
    {
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
            return new StoreLock(file, isWriters: true);
        }
        catch
        {
            RegularFile.Close(file);
            throw;
        }
    }

    /// <summary>The process that writes the store, as far as it is known and alive.</summary>
    private static int? Owner(string storePath)
    {
        try
        {
            // The lock of the operating system keeps nobody from reading.
            using SafeFileHandle file = RegularFile.OpenToLook(PathOf(storePath));
            Span<byte> number = stackalloc byte[NumberBytes];
            number = number[..RandomAccess.Read(file, number, 0)];
            if (!int.TryParse(number, CultureInfo.InvariantCulture, out int pid))
                return null;
            using Process owner = Process.GetProcessById(pid);
            return pid;
        }
        catch (ArgumentException)
        {
            // That process is gone: what holds the lock is a reader.
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreException)
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
