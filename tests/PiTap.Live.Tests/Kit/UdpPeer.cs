using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PiTap.Live.Tests.Kit;

/// <summary>Datagrams in the namespaces.</summary>
internal static class UdpPeer
{
    public static Socket Bind(string space, IPEndPoint local) => TapWorld.In(space, () =>
    {
        Socket socket = new(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(local);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    });

    /// <summary>Sends so many datagrams from a new port to a port that only swallows. Returns the port they came from.</summary>
    public static int Send(TapWorld world, int serverPort, int count, int bytes = 200, IPAddress? from = null)
    {
        using Socket sink = Bind(world.Internet, new IPEndPoint(TapWorld.ServerAddress, serverPort));
        using Socket phone = Bind(world.Phone, new IPEndPoint(from ?? TapWorld.PhoneAddress, 0));
        byte[] data = new byte[bytes];
        for (int i = 0; i < count; i++)
            phone.SendTo(data, new IPEndPoint(TapWorld.ServerAddress, serverPort));
        return ((IPEndPoint)phone.LocalEndPoint!).Port;
    }
}

/// <summary>
/// Steady load from the phone to one UDP port: some dozen flows at a time, of which the oldest is replaced by a new one every few
/// milliseconds. All datagrams of a flow have the same length; the server answers each fourth in kind. It ends on its own.
/// </summary>
internal sealed class UdpLoad : IDisposable
{
    private const int RoundMs = 5;
    private const int MaxRounds = 60_000 / RoundMs;
    private const int FlowsAtOnce = 32;
    private const int MinBytes = 64;
    private const int LengthSteps = 401;

    // Ports that nobody else is given, each used again only after all others: two flows of one load never share a port.
    private const int FirstPort = 1_024;
    private const int Ports = 18_000;

    private static int s_flows;

    private readonly Socket _server;
    private readonly Thread _sender;
    private readonly Thread _echo;
    private readonly ManualResetEventSlim _stop = new();
    private readonly IPEndPoint _target;
    private readonly string _phone;
    private readonly int _datagramsARound;
    private long _sent;

    public UdpLoad(TapWorld world, int port, int datagramsASecond)
    {
        _target = new IPEndPoint(TapWorld.ServerAddress, port);
        _phone = world.Phone;
        _datagramsARound = Math.Max(1, datagramsASecond * RoundMs / 1000);
        _server = UdpPeer.Bind(world.Internet, _target);
        _server.ReceiveTimeout = RoundMs * 10;
        _echo = new Thread(Echo) { IsBackground = true };
        _sender = new Thread(Send) { IsBackground = true };
        _echo.Start();
        _sender.Start();
    }

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Why it broke off; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends the load; what was sent is out.</summary>
    public void Stop()
    {
        _stop.Set();
        _sender.Join();
        _echo.Join();
        Assert.Null(Failure);
    }

    public void Dispose()
    {
        _stop.Set();
        _sender.Join();
        _echo.Join();
        _server.Dispose();
        _stop.Dispose();
    }

    private void Send()
    {
        List<(Socket Socket, int Bytes)> flows = [];
        byte[] data = new byte[MinBytes + LengthSteps];
        try
        {
            Native.EnterNamespace(_phone);
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; round < MaxRounds && !_stop.IsSet; round++)
            {
                if (flows.Count == FlowsAtOnce)
                {
                    flows[0].Socket.Dispose();
                    flows.RemoveAt(0);
                }
                Socket fresh = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                fresh.Bind(new IPEndPoint(TapWorld.PhoneAddress, FirstPort + (int)((uint)Interlocked.Increment(ref s_flows) % Ports)));
                flows.Add((fresh, MinBytes + round % LengthSteps));
                for (int i = 0; i < _datagramsARound; i++)
                {
                    (Socket socket, int bytes) = flows[(round * _datagramsARound + i) % flows.Count];
                    socket.SendTo(data.AsSpan(0, bytes), _target);
                    Interlocked.Increment(ref _sent);
                }
                // What a busy machine made late is caught up, a round at a time.
                double behindMs = (round + 1) * RoundMs - Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (behindMs >= 1)
                    _stop.Wait((int)behindMs);
            }
        }
        catch (Exception error)
        {
            Failure = error;
        }
        foreach ((Socket socket, _) in flows)
            socket.Dispose();
    }

    private void Echo()
    {
        byte[] data = new byte[MinBytes + LengthSteps];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        for (long received = 0; !_stop.IsSet || _server.Available > 0;)
        {
            try
            {
                int bytes = _server.ReceiveFrom(data, ref from);
                if (received++ % 4 == 0)
                    _server.SendTo(data.AsSpan(0, bytes), from);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock
                or SocketError.ConnectionRefused)
            {
                // Nothing came for a while, or the flow's socket is gone already.
            }
        }
    }
}
