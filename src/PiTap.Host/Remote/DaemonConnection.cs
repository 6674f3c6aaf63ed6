using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiTap.Store.Files;

namespace PiTap.Host.Remote;

/// <summary>One request to a daemon and the lines of its answer. What goes wrong is an <see cref="IOException"/> with a sentence.</summary>
internal sealed class DaemonConnection : IDisposable
{
    private const string BrokenOff = "The daemon broke off its answer.";

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly StreamReader _lines;
    private readonly TimeSpan _timeout;

    private DaemonConnection(Socket socket, TimeSpan timeout)
    {
        _socket = socket;
        _timeout = timeout;
        socket.SendTimeout = socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        _stream = new NetworkStream(socket, ownsSocket: false);
        _lines = new StreamReader(_stream, Encoding.UTF8);
    }

    /// <summary>Connects to the daemon that holds the store.</summary>
    public static DaemonConnection Open(string databasePath, TimeSpan timeout) => new(Connect(databasePath), timeout);

    /// <summary>True if a daemon answers.</summary>
    public static bool CanOpen(string databasePath)
    {
        if (FileKinds.Of(databasePath + DaemonVerbs.SocketSuffix) != FileKind.Socket)
            return false;
        try
        {
            using Socket socket = Connect(databasePath);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Send(StoreRequest request)
    {
        try
        {
            _stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(request, RecordJson.Default.StoreRequest), (byte)'\n']);
        }
        catch (IOException failure)
        {
            throw new IOException(BrokenOff, failure);
        }
    }

    /// <summary>The next line that says something: an empty one says that the daemon is still at it.</summary>
    public string ReadLine()
    {
        try
        {
            string? line = "";
            while (line is "")
                line = _lines.ReadLine();
            return line ?? throw new EndOfStreamException();
        }
        catch (IOException failure)
        {
            throw new IOException(BrokenOff, failure);
        }
    }

    public async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_timeout);
        try
        {
            return await _lines.ReadLineAsync(patience.Token).ConfigureAwait(false) ?? throw new EndOfStreamException();
        }
        catch (Exception failure) when (failure is IOException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new IOException(BrokenOff, failure);
        }
    }

    /// <summary>The record that a line holds; false for the last line, whose <paramref name="reply"/> counts the records.</summary>
    public bool TryParse<T>(string line, JsonTypeInfo<T> type, out T? record, out StoreReply? reply)
    {
        bool isLast = line.Length > 0 && line[0] == DaemonVerbs.EndMark;
        record = isLast ? default : Parse(line, type);
        reply = isLast ? Parse(line[1..], RecordJson.Default.StoreReply) : null;
        return !isLast;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _stream.Dispose();
        _socket.Dispose();
    }

    private T Parse<T>(string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new IOException("The daemon's answer is empty.");
        }
        catch (JsonException failure)
        {
            // A line that another one follows is whole.
            throw new IOException(HasEnded() ? BrokenOff : "The daemon's answer is unreadable: is it another version of PiTap?", failure);
        }
    }

    private bool HasEnded()
    {
        try
        {
            return _lines.Peek() < 0 && _lines.ReadLine() is null;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static Socket Connect(string databasePath)
    {
        string path = databasePath + DaemonVerbs.SocketSuffix;
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using SocketPath address = new(path);
            socket.Connect(address.EndPoint);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(failure.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"The daemon's socket {path} belongs to another user: ask as that user, or as root.",
                // There is no socket, or one that a process left which is gone.
                SocketError.AddressNotAvailable or SocketError.ConnectionRefused =>
                    $"Nothing is captured into the store {databasePath} now: begin with 'pitap live --interface NAME', or name the store "
                    + $"of a capture that runs with --db.{StoreAccess.RootsStore(databasePath)}",
                _ => $"No daemon answers at {path}: {failure.Message}.",
            }, failure);
        }
    }
}
