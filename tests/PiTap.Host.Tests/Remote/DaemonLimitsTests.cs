using System.Net.Sockets;
using System.Text;
using PiTap.Host.Live;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

/// <summary>How many clients a daemon serves that nobody gave other limits: just as many are served, and the next one is not.</summary>
public sealed class DaemonLimitsTests : IDisposable
{
    /// <summary>Nothing ends for its time while a test looks.</summary>
    private static readonly DaemonLimits s_patient =
        new() { ClientTimeout = TimeSpan.FromMinutes(2), QueryWait = TimeSpan.FromMinutes(2) };

    private readonly TestFolder _folder = new();
    private readonly List<Socket> _clients = [];

    private string Db => _folder.File("pitap.db");

    public void Dispose()
    {
        foreach (Socket client in _clients)
            client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("cap", "Host.DaemonLimits.MaxConnections")]
    public void A_hundred_and_sixty_are_connected()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()), s_patient);
        for (int i = 0; i < 160; i++)
            Connect();
        Connect().ReceiveTimeout = 5_000;
        Assert.Equal(0, _clients[160].Receive(new byte[1]));
        Ask(_clients[159], "info");
        Assert.Equal('{', First(_clients[159]));
    }

    [Fact]
    [Trait("cap", "Host.DaemonLimits.MaxQueries")]
    [Trait("cap", "Host.DaemonLimits.MaxWaitingQueries")]
    public void Eight_questions_are_answered_at_once_and_sixty_four_wait()
    {
        using SemaphoreSlim gate = new(0);
        int open = 0;
        using DaemonServer server = DaemonServer.Open(Db, Services(() =>
        {
            Interlocked.Increment(ref open);
            gate.Wait();
            return new FakeReader();
        }), s_patient);
        for (int i = 0; i < 80; i++)
            Ask(Connect(), "info");
        AssertRefused(80 - 8 - 64);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref open) == 8, 5_000));
        gate.Release(80);
        Assert.Equal(8 + 64, _clients.Count(static client => First(client) == '{'));
    }

    [Fact]
    [Trait("cap", "Host.DaemonLimits.MaxWatchers")]
    public void Thirty_two_watch()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()), s_patient);
        for (int i = 0; i < 40; i++)
            Ask(Connect(), DaemonVerbs.Watch);
        Assert.Equal(32, _clients.Count(static client => First(client) == '{'));
    }

    [Fact]
    [Trait("cap", "Host.DaemonLimits.MaxCommands")]
    public void Sixteen_commands_are_carried_out()
    {
        SlowControl control = new();
        using DaemonServer server =
            DaemonServer.Open(Db, new(static _ => new FakeReader(), new LiveFeed(), control), s_patient);
        for (int i = 0; i < 20; i++)
            Ask(Connect(), DaemonVerbs.Forget);
        AssertRefused(20 - 16);
        control.Answer.SetResult(FakeControl.Answer("02:00"));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    [Trait("cap", "Host.DaemonVerbs.MaxRequestBytes")]
    public void A_request_has_so_many_bytes_with_the_end_of_its_line(int bytes, bool isAnswered)
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()), s_patient);
        byte[] request = Encoding.ASCII.GetBytes("{\"Verb\":\"info\"}".PadRight(bytes - 1) + "\n");
        Socket client = Connect();
        // Not more than it takes: it would close with bytes that nobody read.
        client.Send(request.AsSpan(0, Math.Min(bytes, 64 * 1024)));
        Assert.Equal(isAnswered ? '{' : '=', First(client));
    }

    [Fact]
    public void Who_asks_waits_longer_than_the_daemon_may_be_silent()
    {
        DaemonLimits limits = new();
        ControlLimits control = new();
        Assert.InRange(limits.KeepAliveEvery, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.InRange(control.BeginWithin + 2 * control.EndWithin, TimeSpan.FromMinutes(1), SocketControl.Timeout);
    }

    private static DaemonServices Services(Func<IStoreReader> openReader) => new(_ => openReader(), new LiveFeed(), new FakeControl());

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Db + DaemonVerbs.SocketSuffix));
        socket.ReceiveTimeout = 5_000;
        _clients.Add(socket);
        return socket;
    }

    private static void Ask(Socket client, string verb) => client.Send(Encoding.ASCII.GetBytes($"{{\"Verb\":\"{verb}\"}}\n"));

    /// <summary>The first byte of the answer, which tells a record from a refusal; nothing is taken.</summary>
    private static char First(Socket client)
    {
        byte[] first = new byte[1];
        return client.Receive(first, SocketFlags.Peek) == 1 ? (char)first[0] : '\0';
    }

    /// <summary>So many are told at once that there are too many clients, while all others wait.</summary>
    private void AssertRefused(int count)
    {
        Assert.True(SpinWait.SpinUntil(() => _clients.Count(static client => client.Poll(0, SelectMode.SelectRead)) == count, 10_000));
        foreach (Socket client in _clients.Where(static client => client.Poll(0, SelectMode.SelectRead)))
        {
            byte[] line = new byte[1_024];
            Assert.Contains("too many clients", Encoding.UTF8.GetString(line, 0, client.Receive(line)), StringComparison.Ordinal);
        }
    }

    private sealed class SlowControl : IControl
    {
        public TaskCompletionSource<ForgottenRecords> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation) => Answer.Task;
    }
}
