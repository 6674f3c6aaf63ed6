using System.Globalization;
using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>
/// `kill -9` at a random moment costs at most what was new in the last second, of what only counts on at most the flush interval, and never
/// the file.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>Daemons at a time, each with a store and ports of its own.</summary>
    private const int Lanes = 3;

    private const int DefaultKills = 20;
    private const int DatagramsASecond = 1000;
    private const int FirstPort = 20_000;
    private const int MinLifeMs = 300;
    private const int MaxLifeMs = 2_800;

    private const int Udp = 17;

    // The promise is one second. Where several daemons and a test share two busy cores, any of them may have to wait for its turn.
    private const int AllowedMs = 1_500;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("PITAP_KILLS"), CultureInfo.InvariantCulture, out int kills)
        ? kills : DefaultKills;

    /// <summary>
    /// A flow that goes on: it is in the store within a second, and its counters are as old as the interval at most.
    /// </summary>
    [Fact]
    public void A_killed_capture_has_a_flow_that_goes_on_with_counters_that_are_no_older_than_the_flush_interval()
    {
        const int intervalMs = 4_000, kills = 3;
        Tools.Require("tcpdump");
        using TapWorld world = new();
        using Tcpdump tcpdump = new(world, "udp", snapLengthBytes: 96);
        using ManualResetEventSlim never = new();
        string db = world.FileNamed("steady.db");
        List<(int Port, long KilledNs, FlowLine[] Flows, long Kept)> killed = [];
        for (int i = 0; i < kills; i++)
        {
            int port = FirstPort + Kills + i;
            using Running live = Pitap.Live(world, db, "--filter", string.Create(CultureInfo.InvariantCulture, $"udp port {port}"),
                Pitap.FlushInterval, "4");
            using SteadyFlow flow = new(world, port);
            never.Wait(Random.Shared.Next(AllowedMs, intervalMs + 3_000), TestContext.Current.CancellationToken);
            long killedNs = NowNs();
            live.Kill();
            flow.Stop();
            killed.Add((port, killedNs, [.. Pitap.Flows(db).Where(line => line.ServerPort == port)],
                Pitap.Runs(db)[^1].Sources.Sum(static source => source.Kept)));
        }
        IReadOnlyList<Seen> all = tcpdump.End();
        foreach ((int port, long killedNs, FlowLine[] flows, long kept) in killed)
        {
            Seen[] seen = [.. all.Where(packet => packet.DestinationPort == port).OrderBy(static packet => packet.TimeNs)];
            Assert.True(killedNs - seen[0].TimeNs > AllowedMs * 1_000_000L);
            long stored = Assert.Single(flows).Packets;
            Assert.Equal(kept, stored);
            Assert.InRange(stored, 1, seen.Length);
            long lostMs = stored == seen.Length ? 0 : (killedNs - seen[stored].TimeNs) / 1_000_000;
            output.WriteLine($"{stored} of {seen.Length} packets; the oldest one lost was {lostMs} ms old.");
            Assert.True(lostMs <= intervalMs + AllowedMs - 1_000, $"A packet was {lostMs} ms old and is not counted.");
        }
    }

    private static long NowNs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    [Fact]
    public async Task A_killed_capture_where_something_is_new_all_the_time_has_everything_but_the_last_second()
    {
        Tools.Require("tcpdump");
        using TapWorld world = new();
        using Tcpdump tcpdump = new(world, "udp", snapLengthBytes: 96);
        Victim[] victims = [.. Enumerable.Range(0, Kills).Select(static i => new Victim(i % Lanes, FirstPort + i))];
        await Task.WhenAll([.. victims.GroupBy(static victim => victim.Lane).Select(lane =>
            Task.Factory.StartNew(() => KillOneAfterTheOther(world, lane), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default))]);
        ILookup<int, Seen> seen = tcpdump.End().Where(static packet => packet.Protocol == Udp)
            .ToLookup(static packet => packet.SourcePort is >= FirstPort and < 32_000 ? packet.SourcePort : packet.DestinationPort);
        long[] oldestMs = [.. victims.Select(victim => Judge(victim, [.. seen[victim.Port]]) / 1_000_000).Order()];
        output.WriteLine($"{victims.Length} kills; age in ms of the oldest packet lost at each: {string.Join(' ', oldestMs)}.");
        Assert.True(oldestMs[^1] <= AllowedMs, $"A packet was {oldestMs[^1]} ms old and is lost; all: {string.Join(' ', oldestMs)}.");
    }

    private static void KillOneAfterTheOther(TapWorld world, IEnumerable<Victim> lane)
    {
        string db = world.FileNamed(string.Create(CultureInfo.InvariantCulture, $"lane{lane.First().Lane}.db"));
        using ManualResetEventSlim never = new();
        foreach (Victim victim in lane)
        {
            // What is new takes with it all that is counted by then.
            using Running live = Pitap.Live(world, db, "--filter", string.Create(CultureInfo.InvariantCulture, $"udp port {victim.Port}"),
                Pitap.FlushInterval, "3600");
            using UdpLoad load = new(world, victim.Port, DatagramsASecond);
            never.Wait(Random.Shared.Next(MinLifeMs, MaxLifeMs));
            victim.KilledNs = NowNs();
            live.Kill();
            load.Stop();
            Assert.DoesNotContain("damage", live.Error, StringComparison.Ordinal);
            victim.Run = Pitap.Runs(db)[^1];
            victim.Flows = FlowsOf(db, victim);
        }
        // What was there after a kill is there after all that came later.
        RunLine[] runs = Pitap.Runs(db);
        ILookup<int, FlowLine> all = Pitap.Flows(db).ToLookup(static flow => flow.ServerPort);
        Assert.Equal(lane.Select(static victim => victim.Run!.Sources.Sum(static source => source.Kept)),
            runs.Select(static run => run.Sources.Sum(static source => source.Kept)));
        foreach (Victim victim in lane)
            Assert.Equal(victim.Flows.Order(s_byPort), all[victim.Port].Order(s_byPort));
        Assert.Empty(Directory.EnumerateFiles(world.Folder, "*damaged*"));
    }

    private static readonly IComparer<FlowLine> s_byPort = Comparer<FlowLine>.Create(static (a, b) => a.ClientPort.CompareTo(b.ClientPort));

    private static FlowLine[] FlowsOf(string db, Victim victim) => [.. Pitap.Flows(db).Where(flow => flow.ServerPort == victim.Port)];

    /// <summary>
    /// Holds what was stored against what tcpdump saw. Returns the age of the oldest packet that is missing, in nanoseconds.
    /// </summary>
    private static long Judge(Victim victim, Seen[] seen)
    {
        long packets = 0;
        long bytes = 0;
        long oldestNs = 0;
        Dictionary<int, FlowLine> stored = victim.Flows.ToDictionary(static flow => flow.ClientPort);
        foreach (IGrouping<int, Seen> flow in seen.GroupBy(
            packet => packet.SourcePort == victim.Port ? packet.DestinationPort : packet.SourcePort))
        {
            FlowLine? line = stored.GetValueOrDefault(flow.Key);
            long have = line?.Packets ?? 0;
            packets += have;
            bytes += line?.Bytes ?? 0;
            Assert.InRange(have, 0, flow.Count());
            Assert.Equal(have * flow.First().Bytes, line?.Bytes ?? 0);
            if (have < flow.Count())
                oldestNs = Math.Max(oldestNs, victim.KilledNs - flow.OrderBy(static packet => packet.TimeNs).ElementAt((int)have).TimeNs);
        }
        SourceLine source = victim.Run!.Sources.SingleOrDefault() ?? new SourceLine("", 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Assert.False(victim.Run.Complete);
        Assert.Equal((packets, bytes, 0L), (source.Kept, source.BytesKept, source.Dropped));
        return oldestNs;
    }

    private sealed class Victim(int lane, int port)
    {
        public int Lane { get; } = lane;

        public int Port { get; } = port;

        public long KilledNs { get; set; }

        public RunLine? Run { get; set; }

        public IReadOnlyList<FlowLine> Flows { get; set; } = [];
    }
}
