using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>
/// Whose a file is, and who may do what with it: what takes a file's place, or is made beside it by an administrator, must not become the
/// administrator's own. On other systems than Linux there are none.
/// </summary>
internal readonly partial record struct FileRights(uint User, uint Group, UnixFileMode Mode)
{
    /// <summary>Those of the file, not of what a link leads to; null if there is none.</summary>
    public static FileRights? Of(string path) => FileFacts.Of(path)?.Rights;

    /// <summary>Those for what takes the file's place or is made beside it; null if there is none, or if nobody should have them.</summary>
    public static FileRights? ToInherit(string path) =>
        FileFacts.Of(path) is { Kind: FileKind.Regular } facts && !facts.IsPlanted(path) ? facts.Rights : null;

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
        if (File.Exists(path) || ToInherit(storePath) is not { } rights)
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

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);
}
