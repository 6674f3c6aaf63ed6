using System.Net.Sockets;
using System.Text;
using PiTap.Host.Live;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

public sealed class DaemonServerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_record_survives_exactly()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()));
        using SocketStoreReader reader = new(Db);
        Assert.True(reader.CanConnect());
        StoreQuery all = StoreQuery.All;
        Assert.Equivalent(SampleRecords.Flow with { Sequence = 0 }, Assert.Single(reader.Flows(all)), strict: true);
        Assert.Equivalent(SampleRecords.Lookup, Assert.Single(reader.Lookups(all)), strict: true);
        Assert.Equivalent(SampleRecords.Contact, Assert.Single(reader.Contacts(all)), strict: true);
        Assert.Equivalent(SampleRecords.Device, Assert.Single(reader.Devices(all)), strict: true);
        Assert.Equivalent(SampleRecords.Minute, Assert.Single(reader.Minutes(all)), strict: true);
        Assert.Equivalent(SampleRecords.Run, Assert.Single(reader.Runs()), strict: true);
        Assert.Equal(SampleRecords.Info, reader.Info());
    }

    [Fact]
    public void The_query_arrives_and_the_reader_is_closed()
    {
        FakeReader inner = new();
        using (DaemonServer server = DaemonServer.Open(Db, Services(() => inner)))
        {
            using SocketStoreReader reader = new(Db);
            StoreQuery query = new(long.MinValue, long.MaxValue, "02:00:00:00:00:01", "example.org");
            Assert.Single(reader.Flows(query));
            Assert.Equal(query, inner.LastQuery);
        }
        Assert.Equal(1, inner.Disposed);
    }

    [Fact]
    public void Many_records_come_in_order()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader(20_000)));
        using SocketStoreReader reader = new(Db);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(static i => (long)i),
            reader.Flows(StoreQuery.All).Select(static flow => flow.Sequence));
    }

    [Fact]
    public void What_was_left_out_as_damaged_is_told()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader { DamagedBlocks = 2 }));
        using SocketStoreReader reader = new(Db);
        Assert.Single(reader.Flows(StoreQuery.All));
        Assert.Equal(2, reader.DamagedBlocks);
    }

    [Fact]
    public void A_reader_that_stops_early_disturbs_nobody()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader(50_000)));
        using SocketStoreReader reader = new(Db);
        for (int i = 0; i < 20; i++)
            Assert.Equal(3, reader.Flows(StoreQuery.All).Take(3).Count());
        Assert.Equal(50_000, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void A_failure_in_the_store_arrives_as_a_sentence_behind_the_records()
    {
        using DaemonServer server = DaemonServer.Open(Db,
            Services(static () => new FakeReader(2) { Failure = new InvalidOperationException("The block is damaged.") }));
        using SocketStoreReader reader = new(Db);
        List<FlowRecord> received = [];
        IOException failure = Assert.Throws<IOException>(() => received.AddRange(Each(reader.Flows(StoreQuery.All), received)));
        Assert.Contains("The block is damaged.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, received.Count);
    }

    [Theory]
    [InlineData("{\"Verb\":\"drop\"}\n", "does not know")]
    [InlineData("nonsense\n", "not one line of JSON")]
    [InlineData("null\n", "not one line of JSON")]
    [InlineData("{}\n", "not one line of JSON")]
    public void A_bad_request_gets_an_error(string request, string error)
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()));
        Assert.Contains(error, Ask(request), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_request_ends()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()));
        Assert.Contains("not one line of JSON", Ask(new string('x', DaemonVerbs.MaxRequestBytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_says_nothing_is_cut_off()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()),
            new DaemonLimits { ClientTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = Connect();
        socket.ReceiveTimeout = 10_000;
        Assert.Equal(0, socket.Receive(new byte[1]));
    }

    [Fact]
    public void A_client_that_reads_nothing_is_cut_off_and_its_reader_closed()
    {
        FakeReader inner = new(1_000_000);
        using DaemonServer server = DaemonServer.Open(Db, Services(() => inner), new() { ClientTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = Connect();
        socket.Send("{\"Verb\":\"flows\"}\n"u8);
        Assert.True(SpinWait.SpinUntil(() => inner.Disposed == 1, 10_000));
    }

    [Fact]
    public void A_client_that_takes_a_byte_now_and_then_is_cut_off_as_well()
    {
        FakeReader inner = new(int.MaxValue);
        DaemonLimits limits = new() { ClientTimeout = TimeSpan.FromMilliseconds(500) };
        using DaemonServer server = DaemonServer.Open(Db, Services(() => inner), limits);
        using Socket socket = Connect();
        socket.Send("{\"Verb\":\"flows\"}\n"u8);
        byte[] few = [0];
        Assert.True(SpinWait.SpinUntil(() => socket.Receive(few) > 0 && inner.Disposed == 1, 20_000));
    }

    [Fact]
    public async Task An_answer_without_an_end_ends()
    {
        FakeReader inner = new(int.MaxValue);
        using DaemonServer server = DaemonServer.Open(Db, Services(() => inner),
            new DaemonLimits { AnswerTimeout = TimeSpan.FromMilliseconds(500) });
        using SocketStoreReader reader = new(Db);
        Task<int> reading = Task.Run(() => reader.Flows(StoreQuery.All).Count(), TestContext.Current.CancellationToken);
        IOException failure = await Assert.ThrowsAsync<IOException>(
            () => reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal("The daemon broke off its answer.", failure.Message);
    }

    [Fact]
    public void A_question_that_finds_nothing_ends_in_time()
    {
        SearchingReader? inner = null;
        using DaemonServer server = DaemonServer.Open(Db, Searching(reader => inner = reader),
            new DaemonLimits { AnswerTimeout = TimeSpan.FromMilliseconds(500) });
        using SocketStoreReader reader = new(Db);
        Assert.Equal("The daemon broke off its answer.", Assert.Throws<IOException>(() => reader.Flows(StoreQuery.All).Count()).Message);
        Assert.True(SpinWait.SpinUntil(() => inner!.IsDisposed, 10_000));
    }

    [Fact]
    public void A_question_whose_client_has_gone_is_not_searched_for_any_longer()
    {
        SearchingReader? inner = null;
        using DaemonServer server = DaemonServer.Open(Db, Searching(reader => inner = reader),
            new DaemonLimits { KeepAliveEvery = TimeSpan.FromMilliseconds(20) });
        using (Socket socket = Connect())
        {
            socket.Send("{\"Verb\":\"flows\"}\n"u8);
            // It is told that the search goes on.
            socket.ReceiveTimeout = 10_000;
            byte[] line = new byte[1];
            Assert.Equal(1, socket.Receive(line));
            Assert.Equal((byte)'\n', line[0]);
            Assert.False(inner!.IsDisposed);
        }
        Assert.True(SpinWait.SpinUntil(() => inner.IsDisposed, 10_000));
    }

    [Fact]
    public void A_long_search_is_no_silence_and_its_empty_lines_are_no_records()
    {
        using DaemonServer server = DaemonServer.Open(Db, Searching(static _ => { }, parts: 50),
            new DaemonLimits { KeepAliveEvery = TimeSpan.Zero });
        using SocketStoreReader reader = new(Db);
        Assert.Single(reader.Flows(StoreQuery.All));
    }

    [Fact]
    public async Task Beyond_the_places_questions_wait_their_turn()
    {
        using SemaphoreSlim gate = new(0);
        int open = 0;
        int most = 0;
        using DaemonServer server = DaemonServer.Open(Db, Services(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref open));
            gate.Wait();
            Interlocked.Decrement(ref open);
            return new FakeReader();
        }), new DaemonLimits { MaxQueries = 2 });
        Task<StoreInfo>[] asked = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(() => new SocketStoreReader(Db).Info()))];
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref open) == 2, 10_000));
        gate.Release(10);
        Assert.All(await Task.WhenAll(asked), static info => Assert.Equal(SampleRecords.Info, info));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Beyond_those_who_wait_a_question_is_refused_and_asked_again()
    {
        using SemaphoreSlim gate = new(0);
        DaemonLimits limits = new() { MaxQueries = 1, MaxWaitingQueries = 0 };
        using DaemonServer server = DaemonServer.Open(Db, Services(() =>
        {
            gate.Wait();
            return new FakeReader();
        }), limits);
        Task<StoreInfo> first = Task.Run(() => new SocketStoreReader(Db).Info(), TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() =>
            Ask("{\"Verb\":\"info\"}\n", waitMs: 200).Contains("too many clients", StringComparison.Ordinal), 10_000));
        Task<StoreInfo> second = Task.Run(() => new SocketStoreReader(Db).Info(), TestContext.Current.CancellationToken);
        gate.Release(100);
        Assert.Equal(SampleRecords.Info, await first);
        Assert.Equal(SampleRecords.Info, await second);
    }

    [Fact]
    public void Clients_that_say_nothing_take_no_places()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()),
            new DaemonLimits { MaxQueries = 1, MaxWaitingQueries = 0 });
        using Socket first = Connect();
        using Socket second = Connect();
        using SocketStoreReader reader = new(Db);
        Assert.Equal(SampleRecords.Info, reader.Info());
    }

    [Fact]
    public void Connections_are_capped()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()), new DaemonLimits { MaxConnections = 2 });
        using Socket first = Connect();
        using Socket second = Connect();
        using Socket third = Connect();
        third.ReceiveTimeout = 10_000;
        Assert.Equal(0, third.Receive(new byte[1]));
    }

    [Fact]
    public async Task A_command_gets_its_answer_or_a_sentence()
    {
        using DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader()));
        SocketControl control = new(Db);
        Assert.Equal(FakeControl.Answer("02:00"), await control.ForgetDeviceAsync("02:00", TestContext.Current.CancellationToken));
        ControlException failure = await Assert.ThrowsAsync<ControlException>(
            () => control.ForgetDeviceAsync(FakeControl.Refused, TestContext.Current.CancellationToken));
        Assert.Contains("too busy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_cut_off_within_a_line_is_told_as_such()
    {
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Db + DaemonVerbs.SocketSuffix));
        listener.Listen();
        Task serving = Task.Run(
            () =>
            {
                using Socket client = listener.Accept();
                client.Send("{\"Device\":\"02:00\",\"Host\":\"a.exam"u8);
            },
            TestContext.Current.CancellationToken);
        using SocketStoreReader reader = new(Db);
        IOException failure = Assert.Throws<IOException>(() => reader.Contacts(StoreQuery.All).Count());
        Assert.Equal("The daemon broke off its answer.", failure.Message);
        await serving;
    }

    [Fact]
    public void Closing_ends_clients_in_the_middle_of_an_answer()
    {
        DaemonServer server = DaemonServer.Open(Db, Services(static () => new FakeReader(10_000_000)));
        using SocketStoreReader reader = new(Db);
        using IEnumerator<FlowRecord> flows = reader.Flows(StoreQuery.All).GetEnumerator();
        Assert.True(flows.MoveNext());
        server.Dispose();
        Assert.Throws<IOException>(() =>
        {
            while (flows.MoveNext())
                continue;
        });
    }

    private static IEnumerable<FlowRecord> Each(IEnumerable<FlowRecord> flows, List<FlowRecord> seen)
    {
        foreach (FlowRecord flow in flows)
            seen.Add(flow);
        return [];
    }

    private static DaemonServices Services(Func<IStoreReader> openReader) =>
        new(_ => openReader(), new LiveFeed(), new FakeControl());

    private static DaemonServices Searching(Action<SearchingReader> made, int parts = int.MaxValue) => new(
        reading =>
        {
            SearchingReader reader = new(reading, parts);
            made(reader);
            return reader;
        },
        new LiveFeed(), new FakeControl());

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Db + DaemonVerbs.SocketSuffix));
        return socket;
    }

    private string Ask(string request, int waitMs = 10_000)
    {
        using Socket socket = Connect();
        socket.ReceiveTimeout = waitMs;
        socket.Send(Encoding.UTF8.GetBytes(request));
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        try
        {
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
