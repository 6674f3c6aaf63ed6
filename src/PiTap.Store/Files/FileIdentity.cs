using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>Which file it is, whatever it is called: whoever has one open can tell whether its name still means it.</summary>
internal readonly partial record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    // statx(2): one layout on all processors, unlike that of stat(2).
    private const int StatxBytes = 256;
    private const int InodeAt = 32;
    private const int DeviceMajorAt = 136;
    private const int DeviceMinorAt = 140;
    private const uint InodeFact = 0x100;
    private const int CurrentFolder = -100;
    private const int OfHandle = 0x1000;

    /// <summary>True if the name means the file that is open, and on systems that cannot say.</summary>
    public static bool IsAt(string path, SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        bool hasHandle = false;
        try
        {
            file.DangerousAddRef(ref hasHandle);
            return Of((int)file.DangerousGetHandle(), "", OfHandle) is not { } own || Of(CurrentFolder, path, 0) == own;
        }
        finally
        {
            if (hasHandle)
                file.DangerousRelease();
        }
    }

    private static FileIdentity? Of(int folder, string path, int flags)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (Statx(folder, path, flags, InodeFact, facts) != 0)
            return null;
        return new FileIdentity(
            BinaryPrimitives.ReadUInt32LittleEndian(facts[DeviceMajorAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(facts[DeviceMinorAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(facts[InodeAt..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint wanted, Span<byte> facts);
}
