using System.Security.Authentication;
using System.Text.RegularExpressions;
using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>Live and replayed, the same traffic gives the same knowledge.</summary>
public sealed partial class ReplayTests
{
    // The kernel gives most packets one time for all who watch, but some are timed for each watcher when its turn comes.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Live_flows_are_those_of_the_recording()
    {
        Tools.Require("tcpdump");
        using TapWorld world = new();
        string db = world.FileNamed("live.db");
        using Running live = Pitap.Live(world, db, "--filter", TapWorld.OwnTraffic);
        using Tcpdump tcpdump = new(world, TapWorld.OwnTraffic);
        using InternetServers servers = new(world);
        PhoneTraffic phone = new(world);
        phone.AskAndGet("plain.example", secure: false);
        phone.AskAndGet("secure.example", secure: true);
        phone.AskAndGet("older.example", secure: true, protocols: SslProtocols.Tls12);
        if (TapWorld.HasIpv6)
        {
            phone.AskAndGet("six.example", secure: true, overIpv6: true);
            phone.AskAndGet("six.example", secure: false, overIpv6: true);
        }
        phone.TalkNoise("unknown.example");
        UdpPeer.Send(world, 7000, 300);

        // Reading works at the same time, through the daemon.
        Wait.Until(() => Pitap.Flows(db).Any(static flow => flow is { ServerPort: 7000, Packets: 300 }),
            static () => "the last flow in the store");
        Assert.Contains(Pitap.Lines("names", db), static line => line.Contains("plain.example", StringComparison.Ordinal));
        Assert.Contains(Pitap.Lines("contacts", db), static line => line.Contains("secure.example", StringComparison.Ordinal));
        Assert.NotEmpty(Pitap.Lines("devices", db));
        Assert.False(Assert.Single(Pitap.Runs(db)).Complete);
        Assert.True(File.Exists(db + ".sock"));

        IReadOnlyList<Seen> seen = tcpdump.End();
        Assert.Equal(0, live.End(Native.Terminate));
        string replayed = world.FileNamed("replay.db");
        Answer replay = Pitap.Run("replay", "--db", replayed, tcpdump.Path);
        Assert.Equal(0, replay.Code);
        Assert.Equal(Table(replay.Output), Table(live.Output));

        // Whole lines: names, verdicts, fingerprints and all.
        foreach (string command in (string[])["flows", "names", "contacts", "devices"])
            Assert.Equal(WithoutTimes(Pitap.Lines(command, replayed)), WithoutTimes(Pitap.Lines(command, db)));
        foreach ((FlowLine ofReplay, FlowLine ofLive) in InOrder(Pitap.Flows(replayed)).Zip(InOrder(Pitap.Flows(db))))
        {
            Assert.InRange(ofLive.Start, ofReplay.Start - s_apart, ofReplay.Start + s_apart);
            Assert.InRange(ofLive.End, ofReplay.End - s_apart, ofReplay.End + s_apart);
        }
        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        Assert.Equal((seen.Count, seen.Count, seen.Sum(static packet => (long)packet.Bytes), 0L),
            (source.Received, source.Kept, source.BytesKept, source.Dropped));
        Check(Pitap.Flows(db));
    }

    /// <summary>Who they talked to, as it stands at the end of a run.</summary>
    private static string[] Table(string output) =>
        [.. output.Split('\n').SkipWhile(static line => !line.StartsWith("Who they talked to", StringComparison.Ordinal))
            .TakeWhile(static line => line.Length > 0)];

    /// <summary>Without what differs by nature: times, and whether an interface or a file was the source.</summary>
    private static IEnumerable<string> WithoutTimes(string[] lines) =>
        lines.Select(static line => Source().Replace(Time().Replace(line, "T"), "S")).Order(StringComparer.Ordinal);

    [GeneratedRegex("\"source\":\"[^\"]*\"")]
    private static partial Regex Source();

    private static IEnumerable<FlowLine> InOrder(FlowLine[] flows) =>
        flows.OrderBy(static flow => flow.Proto).ThenBy(static flow => flow.ServerPort).ThenBy(static flow => flow.ClientPort);

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")]
    private static partial Regex Time();

    /// <summary>Equal could be equally empty.</summary>
    private static void Check(FlowLine[] flows)
    {
        (string Host, string Source, string Verdict)[] expected =
        [
            ("plain.example", "http-host", "readable"), ("secure.example", "tls-sni", "encrypted"),
            ("older.example", "tls-sni", "encrypted"),
            ("unknown.example", "dns", "opaque"),
        ];
        foreach ((string host, string source, string verdict) in expected)
            Assert.Contains(flows, flow => flow.Proto == "tcp" && (flow.Host, flow.HostSource, flow.Verdict) == (host, source, verdict));
        if (TapWorld.HasIpv6)
            Assert.Equal(2, flows.Count(static flow => flow is { Host: "six.example", Proto: "tcp", Server: "2001:db8:2::2" }));
    }
}
