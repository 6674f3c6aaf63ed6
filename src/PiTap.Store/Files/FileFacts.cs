using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>What Linux says of a file, by its name or of one that is open. On other systems it says nothing.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rights">Whose it is.</param>
/// <param name="Names">How many names it has: more than one where there are hard links.</param>
/// <param name="Identity">Which one it is, whatever it is called.</param>
internal readonly partial record struct FileFacts(FileKind Kind, FileRights Rights, uint Names, FileIdentity Identity)
{
    // statx(2): one layout on all processors, unlike that of stat(2).
    private const int StatxBytes = 256;
    private const int NamesAt = 16;
    private const int UserAt = 20;
    private const int GroupAt = 24;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceMajorAt = 136;
    private const int DeviceMinorAt = 140;
    private const uint BasicFacts = 0x7ff;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int OfHandle = 0x1000;

    // The upper bits of the mode (inode(7)) are the kind.
    private const uint Administrator = 0;
    private const int RightsBits = 0xfff;
    private const int KindBits = 0xf000;

    /// <summary>Of what has this name, be it a link; null if there is none.</summary>
    public static FileFacts? Of(string path) => Of(CurrentFolder, path, NoFollow);

    /// <summary>Of the folder that a file is in, wherever links lead to it; null if there is none.</summary>
    public static FileFacts? OfFolder(string path) => Of(CurrentFolder, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", 0);

    /// <summary>Of a file that is open.</summary>
    public static FileFacts? Of(SafeFileHandle file)
    {
        bool hasHandle = false;
        try
        {
            file.DangerousAddRef(ref hasHandle);
            return Of((int)file.DangerousGetHandle(), "", OfHandle);
        }
        finally
        {
            if (hasHandle)
                file.DangerousRelease();
        }
    }

    /// <summary>
    /// True for an administrator who is about to write to what another user may have put into this place: a file of that user's where
    /// everybody may put files, or a second name for a file that only the administrator could write to.
    /// </summary>
    public bool IsPlanted(string path)
    {
        if (!Environment.IsPrivilegedProcess || OfFolder(path) is not { } folder)
            return false;
        bool isFolderOwners = Rights.User == folder.Rights.User;
        return folder.Rights.Mode.HasFlag(UnixFileMode.OtherWrite)
            ? Names > 1 || !isFolderOwners && Rights.User != Administrator
            : Names > 1 && !isFolderOwners;
    }

    private static FileFacts? Of(int folder, string path, int flags)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (!OperatingSystem.IsLinux() || Statx(folder, path, flags, BasicFacts, facts) != 0)
            return null;
        int mode = BinaryPrimitives.ReadUInt16LittleEndian(facts[ModeAt..]);
        return new FileFacts(
            KindOf(mode & KindBits),
            new FileRights(
                BinaryPrimitives.ReadUInt32LittleEndian(facts[UserAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(facts[GroupAt..]),
                (UnixFileMode)(mode & RightsBits)),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[NamesAt..]),
            new FileIdentity(
                BinaryPrimitives.ReadUInt32LittleEndian(facts[DeviceMajorAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(facts[DeviceMinorAt..]),
                BinaryPrimitives.ReadUInt64LittleEndian(facts[InodeAt..])));
    }

    private static FileKind KindOf(int bits) => bits switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0xa000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xc000 => FileKind.Socket,
        _ => FileKind.Device,
    };

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, Span<byte> facts);
}
