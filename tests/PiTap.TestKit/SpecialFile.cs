using System.Diagnostics;
using System.Net.Sockets;

namespace PiTap.TestKit;

/// <summary>What may stand where a file is expected. Devices are nodes of the test's own, in its own folder.</summary>
public static class SpecialFile
{
    /// <summary>Each with the word that sentences have for it.</summary>
    public static IReadOnlyDictionary<string, string> Kinds { get; } = new Dictionary<string, string>
    {
        ["folder"] = "is a folder",
        ["link"] = "is a link",
        ["link to nothing"] = "is a link",
        ["pipe"] = "is a named pipe",
        ["socket"] = "is a socket",
        ["device"] = "is a device",
    };

    /// <summary>Makes one; false if this user may not.</summary>
    /// <param name="kind">Of <see cref="Kinds"/>.</param>
    /// <param name="path">Where.</param>
    /// <param name="target">What a link leads to.</param>
    public static bool TryMake(string kind, string path, string target)
    {
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                return true;
            case "link":
                File.CreateSymbolicLink(path, target);
                return true;
            case "link to nothing":
                File.CreateSymbolicLink(path, target + ".none");
                return true;
            case "pipe":
                return Run("mkfifo", path);
            case "socket":
                // Its end would take the name away.
                using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
                    File.Move(path + ".bound", path);
                }
                return true;
            default:
                // The null device: whatever is written to it is gone, and it makes no harm.
                return Run("mknod", path, "c", "1", "3");
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
