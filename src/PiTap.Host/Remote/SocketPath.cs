using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PiTap.Host.Platform;

namespace PiTap.Host.Remote;

/// <summary>
/// An address for a Unix socket whose path may be longer than the 107 bytes that Linux takes (unix(7), sun_path): then the folder is
/// held open and named through /proc. The address holds while this object lives.
/// </summary>
internal sealed class SocketPath : IDisposable
{
    private const int MaxPathBytes = 107;

    private readonly int _folder = -1;

    public SocketPath(string path)
    {
        string full = Path.GetFullPath(path);
        if (Encoding.UTF8.GetByteCount(full) <= MaxPathBytes)
        {
            EndPoint = new UnixDomainSocketEndPoint(full);
            return;
        }
        _folder = NativeMethods.OpenFolder(Path.GetDirectoryName(full)!);
        string viaFolder = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_folder}/{Path.GetFileName(full)}");
        if (_folder < 0 || Encoding.UTF8.GetByteCount(viaFolder) > MaxPathBytes)
        {
            Dispose();
            throw new IOException($"The path of the socket {full} is too long for Linux: choose a shorter name for the store.");
        }
        EndPoint = new UnixDomainSocketEndPoint(viaFolder);
    }

    public UnixDomainSocketEndPoint EndPoint { get; }

    public void Dispose()
    {
        if (_folder >= 0)
            _ = NativeMethods.Close(_folder);
    }
}
