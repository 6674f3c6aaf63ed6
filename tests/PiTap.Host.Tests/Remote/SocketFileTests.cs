using System.Net.Sockets;
using PiTap.Host.Live;
using PiTap.Host.Remote;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Remote;

/// <summary>The name that the socket has in the file system.</summary>
public sealed class SocketFileTests : IDisposable
{
    private static readonly DaemonServices s_services = new(static _ => new FakeReader(), new LiveFeed(), new FakeControl());

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_socket_is_its_user_s_alone()
    {
        using DaemonServer server = DaemonServer.Open(Db, s_services);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Db + DaemonVerbs.SocketSuffix));
    }

    [Fact]
    public void The_socket_goes_with_the_daemon()
    {
        DaemonServer.Open(Db, s_services).Dispose();
        Assert.False(File.Exists(Db + DaemonVerbs.SocketSuffix));
        using SocketStoreReader reader = new(Db);
        Assert.False(reader.CanConnect());
    }

    [Fact]
    public void A_dead_daemon_s_socket_is_replaced()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Db + DaemonVerbs.SocketSuffix));
            File.Move(Db + DaemonVerbs.SocketSuffix, Db + ".kept");
        }
        File.Move(Db + ".kept", Db + DaemonVerbs.SocketSuffix);
        using SocketStoreReader reader = new(Db);
        Assert.False(reader.CanConnect());
        using DaemonServer server = DaemonServer.Open(Db, s_services);
        Assert.True(reader.CanConnect());
    }

    [Fact]
    public void A_file_of_that_name_is_left_alone()
    {
        File.WriteAllText(Db + DaemonVerbs.SocketSuffix, "mine");
        IOException failure = Assert.Throws<IOException>(() => DaemonServer.Open(Db, s_services));
        Assert.Contains("is in the way", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Db + DaemonVerbs.SocketSuffix));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("link")]
    [InlineData("link to nothing")]
    [InlineData("pipe")]
    [InlineData("device")]
    public void What_is_no_socket_is_left_alone(string kind)
    {
        string path = Db + DaemonVerbs.SocketSuffix;
        Assert.SkipUnless(SpecialFile.TryMake(kind, path, _folder.Path), "this user may not make one");
        FileKind before = FileKinds.Of(path);
        IOException failure = Assert.Throws<IOException>(() => DaemonServer.Open(Db, s_services));
        Assert.Contains($"is in the way: it {SpecialFile.Kinds[kind]}, not a socket", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, FileKinds.Of(path));
        using SocketStoreReader reader = new(Db);
        Assert.False(reader.CanConnect());
    }

    [Fact]
    public void A_path_longer_than_a_socket_s_works()
    {
        string deep = Path.Combine(_folder.Path, new string('a', 100), new string('b', 100));
        Directory.CreateDirectory(deep);
        string db = Path.Combine(deep, "pitap.db");
        using (DaemonServer server = DaemonServer.Open(db, s_services))
        {
            using SocketStoreReader reader = new(db);
            Assert.Single(reader.Flows(StoreQuery.All));
            Assert.True(File.Exists(db + DaemonVerbs.SocketSuffix));
        }
        Assert.False(File.Exists(db + DaemonVerbs.SocketSuffix));
    }

    [Fact]
    [Trait("cap", "Host.SocketPath.MaxPathBytes")]
    public void A_name_longer_than_a_socket_s_gets_a_sentence()
    {
        IOException failure = Assert.Throws<IOException>(() =>
            DaemonServer.Open(_folder.File(new string('n', 120)), s_services));
        Assert.Contains("too long", failure.Message, StringComparison.Ordinal);
    }
}
