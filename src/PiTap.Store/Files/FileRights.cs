using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// Whose a file is, and who may do what with it: what takes a file's place, or is made beside it by an administrator, must not become the
/// administrator's own. On other systems than Linux there are none.
/// </summary>
internal readonly partial record struct FileRights(uint User, uint Group, UnixFileMode Mode)
{
    // statx(2): one layout on all processors, unlike that of stat(2).
    private const int StatxBytes = 256;
    private const int UserAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;
    private const int ModeBits = 0xfff;
    private const uint BasicFacts = 0x7ff;
    private const int CurrentFolder = -100;

    /// <summary>Those of the file; null if there is none.</summary>
    public static FileRights? Of(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (!OperatingSystem.IsLinux() || Statx(CurrentFolder, path, 0, BasicFacts, facts) != 0)
            return null;
        return new FileRights(
            BinaryPrimitives.ReadUInt32LittleEndian(facts[UserAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[GroupAt..]),
            (UnixFileMode)(BinaryPrimitives.ReadUInt16LittleEndian(facts[ModeAt..]) & ModeBits));
    }

    /// <summary>
    /// Makes an empty file with these rights, which nobody else could open before. An <see cref="UnauthorizedAccessException"/> if this
    /// process may not give it away.
    /// </summary>
    public void Create(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using FileStream file = new(path, options);
        FileRights own = Of(path) ?? throw new FileNotFoundException($"{path} is gone.");
        if ((own.User != User || own.Group != Group) && ChangeOwner(file.SafeFileHandle, User, Group) != 0)
            throw new UnauthorizedAccessException("The file belongs to another user or group, to whom it cannot be given back.");
        // After the owner: changing that takes bits away.
        File.SetUnixFileMode(file.SafeFileHandle, Mode);
    }

    /// <summary>A file that goes with the store gets the store's rights when it is made, as far as this process may give them.</summary>
    public static void CreateBeside(string storePath, string path)
    {
        if (File.Exists(path) || Of(storePath) is not { } rights)
            return;
        try
        {
            rights.Create(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever shares the store by its group makes a file of his own; whatever else is wrong shows when it is opened.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, Span<byte> facts);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}
