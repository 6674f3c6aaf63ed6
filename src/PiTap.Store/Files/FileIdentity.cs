using Microsoft.Win32.SafeHandles;

namespace PiTap.Store.Files;

/// <summary>Which file it is, whatever it is called: whoever has one open can tell whether its name still means it.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    /// <summary>True if the name means the file that is open, and on systems that cannot say.</summary>
    public static bool IsAt(string path, SafeFileHandle file) =>
        !OperatingSystem.IsLinux() || FileFacts.Of(file) is not { } own || FileFacts.Of(path)?.Identity == own.Identity;
}
