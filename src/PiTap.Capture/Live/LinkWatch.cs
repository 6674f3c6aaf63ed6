using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace PiTap.Capture.Live;

/// <summary>
/// Looks whether an interface is set up or down. libpcap says nothing of one that was set down and is still there: it waits until the
/// interface is up again, and the packets of that time are missing without a word.
/// </summary>
internal sealed partial class LinkWatch : IDisposable
{
    /// <summary>How often it looks, in milliseconds. Of one that is back before that nobody reads that it was away.</summary>
    private const int LookMs = 250;

    /// <summary>SIOCGIFFLAGS of netdevice(7).</summary>
    private const nuint GetFlags = 0x8913;

    /// <summary>IFF_UP of netdevice(7).</summary>
    private const int Up = 1;

    // struct ifreq of netdevice(7): the name with a zero at its end, then here a short with the flags.
    private const int RequestBytes = 40;
    private const int NameBytes = 16;

    private readonly Lock _gate = new();
    private readonly byte[] _name;
    private readonly Action<bool> _seen;
    private readonly Socket _socket;
    private readonly Timer _timer;
    private bool _isDisposed;

    private LinkWatch(string name, Action<bool> seen, Socket socket)
    {
        _name = Encoding.UTF8.GetBytes(name);
        _seen = seen;
        _socket = socket;
        _timer = new Timer(_ => Look(), null, LookMs, Timeout.Infinite);
    }

    /// <summary>Begins to look; null if this interface cannot be looked at.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="seen">Called after each look, with true if it is up, from a thread of the pool's.</param>
    public static LinkWatch? Start(string name, Action<bool> seen)
    {
        if (name == LiveCaptureOptions.AnyInterface || Encoding.UTF8.GetByteCount(name) >= NameBytes)
            return null;
        try
        {
            // Which kind of socket it is does not matter.
            return new LinkWatch(name, seen, new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
            _socket.Dispose();
        }
    }

    private void Look()
    {
        bool? isUp;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            isUp = IsUp();
            _timer.Change(LookMs, Timeout.Infinite);
        }
        if (isUp is { } seen)
            _seen(seen);
    }

    /// <summary>Null if there is no such interface.</summary>
    private bool? IsUp()
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        _name.CopyTo(request);
        return Ioctl(_socket.SafeHandle, GetFlags, request) == 0
            ? (BinaryPrimitives.ReadInt16LittleEndian(request[NameBytes..]) & Up) != 0
            : null;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(SafeHandle socket, nuint request, Span<byte> argument);
}
