using System.Net.Sockets;
using PiTap.Host.Live;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

public sealed class WatchTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly LiveFeed _feed = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_state_survives_exactly()
    {
        LiveState state = new()
        {
            Version = 9,
            AsOfNs = 1,
            UptimeNs = 2,
            Contacts =
            [
                new LiveContact
                {
                    Record = SampleRecords.Contact, DeviceName = "ph\u202eone", UpPerSecond = 7, DownPerSecond = 8, AgeNs = 9, IdleNs = 10,
                },
            ],
            Devices = [new LiveDevice { Record = SampleRecords.Device, BytesUp = 1, BytesDown = 2, UpPerSecond = 3, DownPerSecond = 4,
                AgeNs = 5, IdleNs = 6 }],
            Totals = new LiveTotals
            {
                Contacts = 1,
                ContactsEvicted = 2,
                Devices = 3,
                DevicesEvicted = 4,
                FlowsActive = 5,
                UpPerSecond = 6,
                DownPerSecond = 7
            },
            Sources = SampleRecords.Run.Sources,
            Losses = SampleRecords.Run.Losses,
            Health = new LiveHealth
            {
                SinceLastPacketNs = 1,
                IsStoreWaiting = true,
                StoreRecordsLost = 2,
                Failures = ["gone"],
                Notices = [new LiveNotice(3, "full")],
            },
        };
        _feed.Publish(state);
        using DaemonServer server = Open();
        Assert.Equivalent(state, await First(), strict: true);
    }

    [Fact]
    public async Task Each_change_is_a_line_until_the_capture_ends()
    {
        using DaemonServer server = Open();
        List<long> seen = [];
        await foreach (LiveState state in new SocketLiveState(Db).WatchAsync(TestContext.Current.CancellationToken))
        {
            seen.Add(state.Version);
            if (state.Version < 5)
                Publish(state.Version + 1);
            else
                _feed.End();
        }
        Assert.Equal([0L, 1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public async Task Those_who_watch_are_told_of_the_end_before_the_daemon_closes()
    {
        using SemaphoreSlim isWatching = new(0);
        DaemonServer server = Open();
        Task<int>[] watching =
        [
            .. Enumerable.Range(0, 16).Select(async _ =>
            {
                int states = 0;
                await foreach (LiveState state in new SocketLiveState(Db).WatchAsync(TestContext.Current.CancellationToken))
                {
                    if (states++ == 0)
                        isWatching.Release();
                }
                return states;
            }),
        ];
        foreach (Task<int> _ in watching)
            Assert.True(await isWatching.WaitAsync(30_000, TestContext.Current.CancellationToken));
        _feed.End();
        server.TellEnd();
        server.Dispose();
        Assert.All(await Task.WhenAll(watching), static states => Assert.True(states > 0));
    }

    [Fact]
    public async Task Watchers_have_places_of_their_own()
    {
        using DaemonServer server = Open(new DaemonLimits { MaxWatchers = 1, MaxQueries = 1, MaxWaitingQueries = 0 });
        await using IAsyncEnumerator<LiveState> watching = new SocketLiveState(Db).WatchAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watching.MoveNextAsync());
        Assert.Equal(SampleRecords.Info, new SocketStoreReader(Db).Info());
        IOException refusal = await Assert.ThrowsAsync<IOException>(First);
        Assert.Contains("too many clients", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_watcher_that_goes_gives_its_place_back()
    {
        using DaemonServer server = Open(new DaemonLimits { MaxWatchers = 1 });
        for (int i = 0; i < 5; i++)
        {
            Assert.True(SpinWait.SpinUntil(
                () =>
                {
                    Publish(_feed.Current.Version + 1);
                    return Succeeds();
                },
                10_000));
        }
    }

    [Fact]
    public async Task A_watcher_that_reads_nothing_is_cut_off()
    {
        using DaemonServer server = Open(new DaemonLimits { MaxWatchers = 1, ClientTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Db + DaemonVerbs.SocketSuffix));
        socket.Send("{\"Verb\":\"watch\"}\n"u8);
        LiveState large = new() { Losses = [.. Enumerable.Repeat(SampleRecords.Run.Losses[0], 10_000)] };
        bool hasPlace = false;
        for (int i = 1; i < 10_000 && !hasPlace; i++)
        {
            _feed.Publish(large with { Version = i });
            await Task.Yield();
            hasPlace = Succeeds();
        }
        Assert.True(hasPlace);
    }

    [Fact]
    public async Task Closing_ends_watchers()
    {
        DaemonServer server = Open();
        await using IAsyncEnumerator<LiveState> watching = new SocketLiveState(Db).WatchAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await watching.MoveNextAsync());
        server.Dispose();
        await Assert.ThrowsAsync<IOException>(async () => await watching.MoveNextAsync());
    }

    private DaemonServer Open(DaemonLimits? limits = null) =>
        DaemonServer.Open(Db, new DaemonServices(static _ => new FakeReader(), _feed, new FakeControl()), limits);

    private void Publish(long version) => _feed.Publish(new LiveState { Version = version });

    private async Task<LiveState> First()
    {
        await foreach (LiveState state in new SocketLiveState(Db).WatchAsync(TestContext.Current.CancellationToken))
            return state;
        throw new IOException("Nothing came.");
    }

    private bool Succeeds()
    {
        try
        {
            return First().GetAwaiter().GetResult() is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
