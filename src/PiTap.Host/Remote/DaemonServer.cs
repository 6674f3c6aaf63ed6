using System.Net.Sockets;
using System.Text.Json;
using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Store.Files;

namespace PiTap.Host.Remote;

/// <summary>What a process that holds a store offers over its socket.</summary>
/// <param name="OpenReader">
/// Reads the store; each question gets a reader of its own, which calls what it is given before each part that it reads.
/// </param>
/// <param name="Live">The state of the capture; null if nothing is captured.</param>
/// <param name="Control">Takes commands; null if none can be carried out.</param>
internal sealed record DaemonServices(Func<Action, IStoreReader> OpenReader, ILiveStateReader? Live, IControl? Control);

/// <summary>
/// Lets other processes of the same user ask, watch and command this daemon, over a Unix socket beside the store's file. A client that
/// asks or
/// reads too slowly is cut off. Each kind of request has places of its own, and only a question about the store takes a thread, once it
/// has its place.
/// </summary>
internal sealed class DaemonServer : IDisposable
{
    private const int Backlog = 64;

    /// <summary>Mode 0600.</summary>
    private const uint OwnerReadsAndWrites = 0x180;

    private readonly string _path;
    private readonly DaemonServices _services;
    private readonly DaemonLimits _limits;
    private readonly Places _queries;
    private readonly Places _watchers;
    private readonly Places _commands;
    private readonly LiveLines _lines = new();
    private readonly SocketPath _address;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private readonly object _gate = new();
    private readonly HashSet<Socket> _clients = [];
    private int _watching;

    private DaemonServer(string path, DaemonServices services, DaemonLimits limits)
    {
        _path = path;
        _services = services;
        _limits = limits;
        _queries = new Places(limits.MaxQueries, limits.MaxWaitingQueries, limits.QueryWait);
        _watchers = new Places(limits.MaxWatchers, 0, TimeSpan.Zero);
        _commands = new Places(limits.MaxCommands, 0, TimeSpan.Zero);
        _address = new SocketPath(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale();
            // bind(2) makes the name with the mode that the socket has: no moment with another one, and no name to change that of,
            // which somebody might have made a link by then.
            if (OperatingSystem.IsLinux() && NativeMethods.ChangeMode(_listener.SafeHandle, OwnerReadsAndWrites) != 0)
                throw new IOException($"The socket {path} cannot be made for its owner only.");
            _listener.Bind(_address.EndPoint);
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
    public static DaemonServer Open(string databasePath, DaemonServices services, DaemonLimits? limits = null)
    {
        string path = databasePath + DaemonVerbs.SocketSuffix;
        try
        {
            return new DaemonServer(path, services, limits ?? new DaemonLimits());
        }
        catch (Exception failure) when (failure is SocketException or UnauthorizedAccessException)
        {
            throw new IOException($"The socket {path} cannot be opened: {failure.Message}.", failure);
        }
    }

    /// <summary>
    /// Waits until all who watch a capture that ended were told so, as far as they listen: for at most so long at a time as
    /// <see cref="DaemonLimits.CloseWait"/> says.
    /// </summary>
    public void TellEnd()
    {
        lock (_gate)
        {
            while (_watching > 0 && Monitor.Wait(_gate, _limits.CloseWait))
                continue;
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Dispose();
        _accepting.Wait();
        lock (_gate)
        {
            foreach (Socket client in _clients)
                client.Dispose();
            // Their tasks notice soon; the store must not be closed under one that still reads.
            while (_clients.Count > 0 && Monitor.Wait(_gate, _limits.CloseWait))
                continue;
        }
        File.Delete(_path);
        _address.Dispose();
        _queries.Dispose();
        _watchers.Dispose();
        _commands.Dispose();
        _closing.Dispose();
    }

    private void RemoveStale()
    {
        FileKind kind = FileKinds.Of(_path);
        if (kind == FileKind.Socket)
            File.Delete(_path);
        else if (kind != FileKind.Nothing)
            throw new IOException($"{_path} is in the way: it is {FileKinds.Obstacle(kind) ?? "a file"}, not a socket.");
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(_closing.Token).ConfigureAwait(false);
                if (Admit(client))
                    _ = ServeAsync(client);
                else
                    client.Dispose();
            }
            catch (Exception failure) when (failure is ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The process is out of descriptors, for example: the next client may have more luck.
                await Task.Delay(_limits.AcceptRetry, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool Admit(Socket client)
    {
        lock (_gate)
            return _clients.Count < _limits.MaxConnections && _clients.Add(client);
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            client.SendTimeout = (int)_limits.ClientTimeout.TotalMilliseconds;
            using NetworkStream stream = new(client, ownsSocket: false);
            StoreRequest? request = await RequestReader.ReadAsync(stream, _limits.ClientTimeout, _closing.Token).ConfigureAwait(false);
            await ServeAsync(request, stream).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or too slow: its connection ends, which it sees as an answer without an end.
        }
        finally
        {
            client.Dispose();
            lock (_gate)
            {
                _clients.Remove(client);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private Task ServeAsync(StoreRequest? request, NetworkStream stream) => request?.Verb switch
    {
        null => EndAsync(stream, new StoreReply(0, "the request is not one line of JSON")),
        DaemonVerbs.Watch => _services.Live is { } live
            ? AtPlaceAsync(_watchers, stream, () => WatchAsync(live, stream))
            : EndAsync(stream, new StoreReply(0, "it reads capture files, and nothing live can be watched")),
        DaemonVerbs.Forget => _services.Control is { } control
            ? AtPlaceAsync(_commands, stream, () => ForgetAsync(control, request, stream))
            : EndAsync(stream, new StoreReply(0, "it reads capture files: ask again when it has ended")),
        _ => AtPlaceAsync(_queries, stream, () => Task.Factory.StartNew(
            () => QueryAnswer.Write(_services.OpenReader, request, stream, _limits), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)),
    };

    private async Task AtPlaceAsync(Places places, NetworkStream stream, Func<Task> serve)
    {
        if (!await places.EnterAsync(_closing.Token).ConfigureAwait(false))
        {
            await EndAsync(stream, new StoreReply(0, "it has too many clients; try again", IsBusy: true)).ConfigureAwait(false);
            return;
        }
        try
        {
            await serve().ConfigureAwait(false);
        }
        finally
        {
            places.Leave();
        }
    }

    /// <summary>A line for each state that the client is fast enough for, until either side ends it.</summary>
    private async Task WatchAsync(ILiveStateReader live, NetworkStream stream)
    {
        long count = 0;
        lock (_gate)
            _watching++;
        try
        {
            await foreach (LiveState state in live.WatchAsync(_closing.Token).ConfigureAwait(false))
            {
                await SendAsync(stream, _lines.For(state)).ConfigureAwait(false);
                count++;
            }
            await EndAsync(stream, new StoreReply(count, null)).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _watching--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private async Task ForgetAsync(IControl control, StoreRequest request, NetworkStream stream)
    {
        try
        {
            ForgottenRecords forgotten = await control.ForgetDeviceAsync(request.Device ?? "", _closing.Token)
                .ConfigureAwait(false);
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(forgotten, RecordJson.Default.ForgottenRecords), (byte)'\n'];
            await SendAsync(stream, line).ConfigureAwait(false);
            await EndAsync(stream, new StoreReply(1, null)).ConfigureAwait(false);
        }
        catch (ControlException failure)
        {
            await EndAsync(stream, new StoreReply(0, failure.Message)).ConfigureAwait(false);
        }
    }

    private Task EndAsync(NetworkStream stream, StoreReply reply) => SendAsync(stream, QueryAnswer.LastLine(reply));

    private async Task SendAsync(NetworkStream stream, ReadOnlyMemory<byte> line)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        patience.CancelAfter(_limits.ClientTimeout);
        await stream.WriteAsync(line, patience.Token).ConfigureAwait(false);
    }
}
