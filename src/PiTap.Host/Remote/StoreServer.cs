using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>
/// Lets other processes of the same user read the store that this daemon holds, over a Unix socket beside the file. Each client has a
/// task of its own; one that asks or reads too slowly is cut off, and there is a cap on how many there are at once.
/// </summary>
internal sealed class StoreServer : IDisposable
{
    private const int Backlog = 16;
    private const int BufferBytes = 64 * 1024;

    private readonly string _path;
    private readonly Func<IStoreReader> _openReader;
    private readonly StoreServerLimits _limits;
    private readonly SocketPath _address;
    private readonly Socket _listener;
    private readonly Task _accepting;
    private readonly object _gate = new();
    private readonly HashSet<Socket> _clients = [];
    private int _admitted;
    private bool _isClosed;

    private StoreServer(string path, Func<IStoreReader> openReader, StoreServerLimits limits)
    {
        _path = path;
        _openReader = openReader;
        _limits = limits;
        _address = new SocketPath(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale();
            _listener.Bind(_address.EndPoint);
            // Nobody can connect before Listen, so nobody gets in before the mode is right.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            _address.Dispose();
            throw;
        }
        _accepting = AcceptAsync();
    }

    /// <summary>Opens the socket. The caller holds the store's lock, so a socket that is there is a dead daemon's.</summary>
    /// <exception cref="IOException">The socket cannot be made; the message is a sentence.</exception>
    public static StoreServer Open(string databasePath, Func<IStoreReader> openReader, StoreServerLimits? limits = null)
    {
        string path = databasePath + StoreVerbs.SocketSuffix;
        try
        {
            return new StoreServer(path, openReader, limits ?? new StoreServerLimits());
        }
        catch (Exception failure) when (failure is SocketException or UnauthorizedAccessException)
        {
            throw new IOException($"The socket {path} cannot be opened: {failure.Message}.", failure);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (Socket client in _clients)
                client.Dispose();
            // Their tasks notice soon; the store must not be closed under one that still reads.
            while (_clients.Count > 0 && Monitor.Wait(_gate, _limits.CloseWait))
                continue;
        }
        _listener.Dispose();
        _accepting.Wait();
        File.Delete(_path);
        _address.Dispose();
    }

    private void RemoveStale()
    {
        FileInfo old = new(_path);
        if (!old.Exists)
            return;
        if (old.Length > 0)
            throw new IOException($"{_path} is in the way: it is a file, not a socket.");
        old.Delete();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                if (_isClosed || failure is ObjectDisposedException)
                    return;
                // The process is out of descriptors, for example: the next client may have more luck.
                await Task.Delay(_limits.AcceptRetry).ConfigureAwait(false);
                continue;
            }
            _ = Task.Factory.StartNew(() => Serve(client), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void Serve(Socket client)
    {
        if (!Admit(client, out bool isAdmitted))
        {
            client.Dispose();
            return;
        }
        try
        {
            client.ReceiveTimeout = client.SendTimeout = (int)_limits.ClientTimeout.TotalMilliseconds;
            using NetworkStream stream = new(client, ownsSocket: false);
            using BufferedStream output = new(stream, BufferBytes);
            // Read even where it is refused: closing over unread bytes would take the refusal back.
            StoreRequest? request = ReadRequest(stream);
            if (isAdmitted)
                Answer(request, output);
            else
                End(output, new StoreReply(0, "it has too many readers; try again"));
            output.Flush();
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
        {
            // The client is gone, or too slow: its connection ends, which it sees as an answer without an end.
        }
        finally
        {
            client.Dispose();
            lock (_gate)
            {
                _clients.Remove(client);
                _admitted -= isAdmitted ? 1 : 0;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>False where there are so many clients that this one is not even told.</summary>
    private bool Admit(Socket client, out bool isAdmitted)
    {
        lock (_gate)
        {
            isAdmitted = false;
            if (_isClosed || _clients.Count >= 2 * _limits.MaxClients)
                return false;
            isAdmitted = _admitted < _limits.MaxClients;
            _admitted += isAdmitted ? 1 : 0;
            return _clients.Add(client);
        }
    }

    private static StoreRequest? ReadRequest(NetworkStream stream)
    {
        byte[] buffer = new byte[StoreVerbs.MaxRequestBytes];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0)
                return null;
            int newline = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (newline >= 0)
                return Parse(buffer.AsSpan(0, length + newline));
            length += read;
        }
        return null;
    }

    private static StoreRequest? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordJson.Default.StoreRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Answer(StoreRequest? request, Stream output)
    {
        if (request?.Verb is null)
        {
            End(output, new StoreReply(0, "the request is not one line of JSON"));
            return;
        }
        long count = 0;
        try
        {
            using IStoreReader reader = _openReader();
            StoreQuery query = request.Query ?? StoreQuery.All;
            RecordJson json = RecordJson.Default;
            string? error = null;
            switch (request.Verb)
            {
                case StoreVerbs.Flows: Send(output, reader.Flows(query), json.FlowRecord, ref count); break;
                case StoreVerbs.Lookups: Send(output, reader.Lookups(query), json.NameLookup, ref count); break;
                case StoreVerbs.Contacts: Send(output, reader.Contacts(query), json.ContactRecord, ref count); break;
                case StoreVerbs.Devices: Send(output, reader.Devices(query), json.DeviceRecord, ref count); break;
                case StoreVerbs.Minutes: Send(output, reader.Minutes(query), json.MinuteRecord, ref count); break;
                case StoreVerbs.Runs: Send(output, reader.Runs(), json.RunRecord, ref count); break;
                case StoreVerbs.Info: Send(output, [reader.Info()], json.StoreInfo, ref count); break;
                default: error = $"it does not know '{request.Verb}'"; break;
            }
            End(output, new StoreReply(count, error, reader.DamagedBlocks));
        }
        catch (Exception failure) when (failure is not (IOException or SocketException or ObjectDisposedException))
        {
            // Whatever a query meets in the store must not end the capture: the client gets the sentence.
            End(output, new StoreReply(count, failure.Message));
        }
    }

    private static void Send<T>(Stream output, IEnumerable<T> records, JsonTypeInfo<T> type, ref long count)
    {
        foreach (T record in records)
        {
            JsonSerializer.Serialize(output, record, type);
            output.WriteByte((byte)'\n');
            count++;
        }
    }

    private static void End(Stream output, StoreReply reply)
    {
        output.WriteByte(StoreVerbs.EndMark);
        JsonSerializer.Serialize(output, reply, RecordJson.Default.StoreReply);
        output.WriteByte((byte)'\n');
    }
}

/// <summary>What the socket allows.</summary>
internal sealed class StoreServerLimits
{
    /// <summary>Clients that are answered at once; as many again are told that they are too many.</summary>
    public int MaxClients { get; init; } = 8;

    /// <summary>How long a client may take to ask, and to take each piece of the answer.</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long closing waits for a client's task to end.</summary>
    public TimeSpan CloseWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait after a failed accept.</summary>
    public TimeSpan AcceptRetry { get; init; } = TimeSpan.FromSeconds(1);
}
