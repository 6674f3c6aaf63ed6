using System.Net;
using System.Net.Sockets;
using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>What becomes of each packet that the interface received.</summary>
public sealed class CaptureTests
{
    private const int Port = 7000;
    private const int ManagementPort = 22;

    [Fact]
    public void An_interface_that_goes_away_is_taken_up_again()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", "udp");
        int first = UdpPeer.Send(world, Port, 120);
        Wait.Until(() => Received(db) == 120, static () => "the first packets");
        world.DeleteWatchedLink();
        live.WaitForError($"{TapWorld.Watched} went away");
        Assert.Contains("PiTap waits for it.", live.Error, StringComparison.Ordinal);
        world.CreateWatchedLink();
        live.WaitForError($"{TapWorld.Watched} is there: capturing on it.");
        int second = UdpPeer.Send(world, Port + 1, 80);
        Wait.Until(() => Received(db) == 200, static () => "the packets after it came back");
        Assert.Equal(0, live.End(Native.Terminate));

        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        Assert.Equal((200L, 200L, 1L), (source.Received, source.Kept, source.Interruptions));
        Assert.Equal(
            [(first, 120L), (second, 80L)],
            Pitap.Flows(db).OrderBy(static flow => flow.ServerPort).Select(static flow => (flow.ClientPort, flow.Packets)));
        Assert.Contains($"{TapWorld.Watched} was away or down 1 time.", Pitap.Run("stats", "--db", db).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_set_down_is_an_interruption_and_goes_on_when_it_is_up()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", "udp");
        int first = UdpPeer.Send(world, Port, 120);
        Wait.Until(() => Received(db) == 120, static () => "the first packets");
        world.SetWatchedLink("down");
        live.WaitForError($"{TapWorld.Watched} was set down: nothing comes from it until it is up again");
        world.SetWatchedLink("up");
        live.WaitForError($"{TapWorld.Watched} is up again: capturing on it.");
        int second = UdpPeer.Send(world, Port + 1, 80);
        Wait.Until(() => Received(db) == 200, static () => "the packets after it was up");
        world.SetWatchedLink("down");
        live.WaitForError("was set down", times: 2);
        Assert.Equal(0, live.End(Native.Terminate));

        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        Assert.Equal((200L, 200L, 2L), (source.Received, source.Kept, source.Interruptions));
        Assert.Equal(
            [(first, 120L), (second, 80L)],
            Pitap.Flows(db).OrderBy(static flow => flow.ServerPort).Select(static flow => (flow.ClientPort, flow.Packets)));
        Assert.Contains($"{TapWorld.Watched} was away or down 2 times.", Pitap.Run("stats", "--db", db).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_reduced_and_filtered_packets_are_all_that_was_received()
    {
        Tools.Require("tcpdump");
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running live = Pitap.Live(
            world, db, "--clients", TapWorld.PhoneAddress.ToString(), "--ignore", "ignored.example", "--filter", "ip");
        using Tcpdump tcpdump = new(world, $"ip and not (host {TapWorld.TapAddress} and tcp port {ManagementPort})");
        using InternetServers servers = new(world);
        PhoneTraffic phone = new(world);
        phone.AskAndGet("www.ignored.example", secure: true);
        phone.AskAndGet("www.kept.example", secure: true);
        phone.AskAndGet("www.kept.example", secure: false);
        UdpPeer.Send(world, Port, 50, from: TapWorld.OtherPhoneAddress);
        TalkToManagement(world);
        IReadOnlyList<Seen> seen = tcpdump.End();
        Assert.Equal(0, live.End(Native.Terminate));

        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        Assert.Equal((seen.Count, 0L), (source.Received, source.Dropped));
        Assert.Equal(source.Received, source.Kept + source.Reduced + source.Filtered + source.Dropped);
        Assert.Equal(50, source.Filtered);
        Assert.True(source.Reduced > 10, $"{source.Reduced} packets of the ignored host");
        FlowLine[] flows = Pitap.Flows(db);
        Assert.Equal(source.Kept, flows.Sum(static flow => flow.Packets));
        Assert.DoesNotContain(flows, static flow => flow.Host?.EndsWith("ignored.example", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(
            flows, static flow => flow.ServerPort == ManagementPort || flow.Client == TapWorld.OtherPhoneAddress.ToString());
        Assert.Contains(flows, static flow => flow is { Host: "www.kept.example", HostSource: "tls-sni", Verdict: "encrypted" });
        Assert.Contains(flows, static flow => flow is { Host: "www.kept.example", HostSource: "http-host", Verdict: "readable" });
    }

    [Fact]
    public void SIGTERM_ends_it_normally_with_everything_stored()
    {
        Tools.Require("tcpdump");
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Tcpdump tcpdump = new(world, "udp", snapLengthBytes: 96);
        using Running live = Pitap.Live(world, db, "--filter", "udp port 7000");
        using UdpLoad load = new(world, Port, 4000);
        Wait.Until(() => load.Sent > 6000, static () => "load");
        long askedNs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.Equal(0, live.End(Native.Terminate));
        load.Stop();
        Assert.EndsWith("pitap: Ended normally.", live.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(db + ".sock"));
        Seen[] seen = [.. tcpdump.End().Where(static packet => packet.Touches(Port))];
        RunLine run = Assert.Single(Pitap.Runs(db));
        SourceLine source = Assert.Single(run.Sources);
        Assert.True(run.Complete);
        Assert.InRange(source.Kept, seen.Count(packet => packet.TimeNs <= askedNs), seen.Length);
        Assert.Equal((source.Received, 0L), (source.Kept, source.Dropped));
        Assert.Equal((source.Kept, source.BytesKept),
            (Pitap.Flows(db).Sum(static flow => flow.Packets), Pitap.Flows(db).Sum(static flow => flow.Bytes)));
    }

    private static long Received(string db) => Pitap.Runs(db).SelectMany(static run => run.Sources).Sum(static source => source.Received);

    /// <summary>A connection to the tap itself, as somebody makes who watches it work.</summary>
    private static void TalkToManagement(TapWorld world)
    {
        using Socket listener = TapWorld.In(world.Tap, static () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(TapWorld.TapAddress, ManagementPort));
            socket.Listen();
            return socket;
        });
        using Socket phone =
            TapWorld.In(world.Phone, static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        phone.Connect(new IPEndPoint(TapWorld.TapAddress, ManagementPort));
        using Socket accepted = listener.Accept();
        accepted.Send("SSH-2.0-test\r\n"u8);
        Assert.NotEqual(0, phone.Receive(new byte[64]));
    }
}
