using System.Runtime.InteropServices;

namespace PiTap.Host.Platform;

/// <summary>The few calls of Linux that the base library does not offer.</summary>
internal static partial class NativeMethods
{
    /// <summary>Interrupted by a signal: try again.</summary>
    public const int Eintr = 4;

    /// <summary>Of a terminal: its window is closed. Of a disk: it is broken.</summary>
    public const int Eio = 5;

    /// <summary>A non-blocking descriptor is full for now.</summary>
    public const int Eagain = 11;

    /// <summary>The reader of a pipe is gone.</summary>
    public const int Epipe = 32;

    /// <summary>access(2): may be written to.</summary>
    public const int WriteAccess = 2;

    /// <summary>poll(2): may be written to.</summary>
    public const short PollOut = 4;

    /// <summary>ioctl(2), tty_ioctl(2): how large a terminal is.</summary>
    private const nuint GetWindowSize = 0x5413;

    private const int OpenPath = 0x200000;
    private const int CloseOnExec = 0x80000;

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollDescriptor descriptor, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    /// <summary>umask(2): permissions that new files do not get.</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetFileMask(uint mask);

    /// <summary>fchmod(2): permissions of what is open.</summary>
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeHandle open, uint mode);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>A descriptor that only stands for the folder (O_PATH); negative where it cannot be had.</summary>
    public static int OpenFolder(string path) => Open(path, OpenPath | CloseOnExec);

    /// <summary>Columns and lines of a terminal, (0, 0) if that cannot be had. The base library's way writes to the terminal.</summary>
    public static (int Columns, int Lines) TerminalSize(int descriptor) =>
        Ioctl(descriptor, GetWindowSize, out WindowSize size) == 0 ? (size.Columns, size.Lines) : (0, 0);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, out WindowSize size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Lines;
        public ushort Columns;
        public ushort WidthPixels;
        public ushort HeightPixels;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
