using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PiTap.Live.Tests.Kit;

/// <summary>What only the operating system offers.</summary>
internal static partial class Native
{
    public const int HangUp = 1;
    public const int Interrupt = 2;
    public const int Terminate = 15;

    // CLONE_NEWNET of setns(2).
    private const int NetworkNamespace = 0x4000_0000;

    public static void Signal(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new Win32Exception();
    }

    /// <summary>Moves the calling thread into a network namespace: sockets that it makes belong there for good.</summary>
    public static void EnterNamespace(string name)
    {
        using SafeFileHandle handle = File.OpenHandle("/run/netns/" + name);
        if (SetNamespace(handle, NetworkNamespace) != 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int kind);
}
