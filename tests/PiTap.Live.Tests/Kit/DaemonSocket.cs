using System.Net.Sockets;
using System.Text;

namespace PiTap.Live.Tests.Kit;

/// <summary>
/// A request to a running daemon, without the start of a process for each: lines of JSON, the last one begins with an equals sign.
/// </summary>
internal sealed class DaemonSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly StreamReader _lines;

    public DaemonSocket(string db, string verb)
    {
        _socket.ReceiveTimeout = Wait.LimitMs;
        _socket.Connect(new UnixDomainSocketEndPoint(db + ".sock"));
        _socket.Send(Encoding.UTF8.GetBytes($"{{\"Verb\":\"{verb}\"}}\n"));
        _lines = new StreamReader(new NetworkStream(_socket, ownsSocket: false));
    }

    /// <summary>The next line; null at the end.</summary>
    public string? ReadLine() => _lines.ReadLine();

    /// <summary>Reads to the end. False if the daemon refused.</summary>
    /// <param name="begun">Told when the first line is there.</param>
    public bool ReadAnswer(Action begun)
    {
        string last = "";
        while (ReadLine() is string line)
        {
            if (last.Length == 0)
                begun();
            last = line;
        }
        Assert.StartsWith("=", last, StringComparison.Ordinal);
        return !last.Contains("\"Error\"", StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _socket.Dispose();
    }
}
