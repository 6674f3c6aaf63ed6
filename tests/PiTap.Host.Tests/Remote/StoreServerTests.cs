using System.Net.Sockets;
using System.Text;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Tests.Remote;

public sealed class StoreServerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_record_survives_exactly()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader());
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
        using (StoreServer server = StoreServer.Open(Db, () => inner))
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
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader(20_000));
        using SocketStoreReader reader = new(Db);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(static i => (long)i), reader.Flows(StoreQuery.All).Select(static flow => flow.Sequence));
    }

    [Fact]
    public void What_was_left_out_as_damaged_is_told()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader { DamagedBlocks = 2 });
        using SocketStoreReader reader = new(Db);
        Assert.Single(reader.Flows(StoreQuery.All));
        Assert.Equal(2, reader.DamagedBlocks);
    }

    [Fact]
    public void A_reader_that_stops_early_disturbs_nobody()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader(50_000));
        using SocketStoreReader reader = new(Db);
        for (int i = 0; i < 20; i++)
            Assert.Equal(3, reader.Flows(StoreQuery.All).Take(3).Count());
        Assert.Equal(50_000, reader.Flows(StoreQuery.All).Count());
    }

    [Fact]
    public void A_failure_in_the_store_arrives_as_a_sentence_behind_the_records()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader(2) { Failure = new InvalidOperationException("The block is damaged.") });
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
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader());
        Assert.Contains(error, Ask(request), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_request_ends()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader());
        Assert.Contains("not one line of JSON", Ask(new string('x', StoreVerbs.MaxRequestBytes)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_says_nothing_is_cut_off()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader(), new StoreServerLimits { ClientTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = Connect();
        socket.ReceiveTimeout = 10_000;
        Assert.Equal(0, socket.Receive(new byte[1]));
    }

    [Fact]
    public void A_client_that_reads_nothing_is_cut_off_and_its_reader_closed()
    {
        FakeReader inner = new(1_000_000);
        using StoreServer server = StoreServer.Open(Db, () => inner, new StoreServerLimits { ClientTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = Connect();
        socket.Send("{\"Verb\":\"flows\"}\n"u8);
        Assert.True(SpinWait.SpinUntil(() => inner.Disposed == 1, 10_000));
    }

    [Fact]
    public void There_is_a_cap_on_clients_and_the_next_one_is_told()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader(), new StoreServerLimits { MaxClients = 2 });
        using (Socket first = Connect())
        using (Socket second = Connect())
        {
            Assert.Contains("too many readers", Ask("{\"Verb\":\"info\"}\n"), StringComparison.Ordinal);
        }
        using SocketStoreReader reader = new(Db);
        Assert.True(SpinWait.SpinUntil(() => Answers(reader), 10_000));
    }

    [Fact]
    public void The_socket_is_its_user_s_alone()
    {
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Db + StoreVerbs.SocketSuffix));
    }

    [Fact]
    public void The_socket_goes_with_the_daemon()
    {
        StoreServer.Open(Db, static () => new FakeReader()).Dispose();
        Assert.False(File.Exists(Db + StoreVerbs.SocketSuffix));
        using SocketStoreReader reader = new(Db);
        Assert.False(reader.CanConnect());
    }

    [Fact]
    public void A_dead_daemon_s_socket_is_replaced()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Db + StoreVerbs.SocketSuffix));
            File.Move(Db + StoreVerbs.SocketSuffix, Db + ".kept");
        }
        File.Move(Db + ".kept", Db + StoreVerbs.SocketSuffix);
        using SocketStoreReader reader = new(Db);
        Assert.False(reader.CanConnect());
        using StoreServer server = StoreServer.Open(Db, static () => new FakeReader());
        Assert.True(reader.CanConnect());
    }

    [Fact]
    public void A_file_of_that_name_is_left_alone()
    {
        File.WriteAllText(Db + StoreVerbs.SocketSuffix, "mine");
        IOException failure = Assert.Throws<IOException>(() => StoreServer.Open(Db, static () => new FakeReader()));
        Assert.Contains("is in the way", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Db + StoreVerbs.SocketSuffix));
    }

    [Fact]
    public void A_path_longer_than_a_socket_s_works()
    {
        string deep = Path.Combine(_folder.Path, new string('a', 100), new string('b', 100));
        Directory.CreateDirectory(deep);
        string db = Path.Combine(deep, "pitap.db");
        using (StoreServer server = StoreServer.Open(db, static () => new FakeReader()))
        {
            using SocketStoreReader reader = new(db);
            Assert.Single(reader.Flows(StoreQuery.All));
            Assert.True(File.Exists(db + StoreVerbs.SocketSuffix));
        }
        Assert.False(File.Exists(db + StoreVerbs.SocketSuffix));
    }

    [Fact]
    public void A_name_longer_than_a_socket_s_gets_a_sentence()
    {
        IOException failure = Assert.Throws<IOException>(() => StoreServer.Open(_folder.File(new string('n', 120)), static () => new FakeReader()));
        Assert.Contains("too long", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closing_ends_clients_in_the_middle_of_an_answer()
    {
        StoreServer server = StoreServer.Open(Db, static () => new FakeReader(10_000_000));
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

    private static bool Answers(SocketStoreReader reader)
    {
        try
        {
            return reader.Info() == SampleRecords.Info;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Db + StoreVerbs.SocketSuffix));
        return socket;
    }

    private string Ask(string request)
    {
        using Socket socket = Connect();
        socket.Send(Encoding.UTF8.GetBytes(request));
        using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
