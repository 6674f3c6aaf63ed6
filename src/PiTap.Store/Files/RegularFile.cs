using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// Opens regular files and nothing else. Whoever may write to the folder of a store must not choose by a link, a pipe or a device what
/// an administrator's process reads, writes or waits for: the name is looked at, then opened without following it, then what is open is
/// looked at. Links among the folders above are followed: they are as good as their folders.
/// </summary>
internal static partial class RegularFile
{
    private const int Interrupted = 4;
    private const int Missing = 2;
    private const int NoAccess = 13;
    private const int NotPermitted = 1;
    private const int NoSuchDevice = 6;
    private const int IsFolder = 21;
    private const int TooManyLinks = 40;
    private const int WouldBlock = 11;

    // fcntl.h and sys/file.h, as x86 and ARM have them; but for O_NOFOLLOW, in which they differ.
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoFollowX86 = 0x20000;
    private const int NoFollowArm = 0x8000;
    private const int LargeFileArm32 = 0x20000;
    private const int SetFlags = 4;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNoWait = 4;
    private const int Unlock = 8;
    private const uint OwnerOnly = 0x180;

    private static int NoFollow => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 => NoFollowArm,
        Architecture.Arm => NoFollowArm | LargeFileArm32,
        _ => NoFollowX86,
    };

    /// <summary>A sentence if what has this name is no regular file.</summary>
    public static void Check(string path)
    {
        if (FileKinds.Obstacle(FileKinds.Of(path)) is { } obstacle)
            throw new StoreException($"{path} is {obstacle}: PiTap keeps a store in regular files alone, and leaves it as it is.");
    }

    /// <summary>For reading, locked against those who write, if they lock it.</summary>
    public static SafeFileHandle OpenToRead(string path) => Open(path, isWritten: false, isLocked: true);

    /// <summary>For a look at it, whoever has it locked.</summary>
    public static SafeFileHandle OpenToLook(string path) => Open(path, isWritten: false, isLocked: false);

    /// <summary>For reading and writing, locked against all others. Where it is missing it is made, for its owner only.</summary>
    public static SafeFileHandle OpenToWrite(string path) => Open(path, isWritten: true, isLocked: true);

    /// <summary>
    /// Unlocks and closes. A process that is being started meanwhile has a copy of the descriptor for a moment, and with it the lock.
    /// </summary>
    public static void Close(SafeFileHandle file)
    {
        if (!file.IsClosed && OperatingSystem.IsLinux())
            _ = Lock(file, Unlock);
        file.Dispose();
    }

    private static SafeFileHandle Open(string path, bool isWritten, bool isLocked)
    {
        Check(path);
        if (!OperatingSystem.IsLinux())
        {
            return isWritten
                ? File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                : File.OpenHandle(path, FileMode.Open, FileAccess.Read, isLocked ? FileShare.Read : FileShare.ReadWrite | FileShare.Delete);
        }
        SafeFileHandle file = OpenByName(path, isWritten);
        try
        {
            FileFacts facts = FileFacts.Of(file) ?? throw new IOException($"{path} cannot be looked at.");
            if (facts.Kind != FileKind.Regular)
                throw new StoreException($"{path} is no regular file any more.");
            if (isWritten && facts.IsPlanted(path))
            {
                throw new StoreException($"{path} may have been put there by somebody else (user {facts.Rights.User}), who may write to "
                    + "its folder or gave it a second name: as root PiTap does not write to it.");
            }
            // Only opening was not to wait.
            _ = SetStatus(file, SetFlags, 0);
            // A file system without locks has none; that is no reason to refuse.
            if (isLocked && Lock(file, (isWritten ? LockExclusive : LockShared) | LockNoWait) != 0
                && Marshal.GetLastPInvokeError() == WouldBlock)
                throw new IOException($"{path} is in use by another process.", WouldBlock);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenByName(string path, bool isWritten)
    {
        int flags = (isWritten ? ReadWrite | Create : 0) | NoFollow | NonBlocking | CloseOnExec;
        while (true)
        {
            int descriptor = OpenFile(path, flags, OwnerOnly);
            if (descriptor >= 0)
                return new SafeFileHandle(descriptor, ownsHandle: true);
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw Failure(path, error);
        }
    }

    private static Exception Failure(string path, int error) => error switch
    {
        Missing => new FileNotFoundException($"There is no file {path}."),
        NoAccess or NotPermitted => new UnauthorizedAccessException($"Access to {path} is denied."),
        TooManyLinks or NoSuchDevice or IsFolder => new StoreException($"{path} is no regular file any more."),
        _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}.", error),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SetStatus(SafeFileHandle file, int command, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
