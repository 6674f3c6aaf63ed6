using System.Diagnostics;
using System.Globalization;
using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>Those who watch and those who ask take nothing from a capture.</summary>
public sealed class ReadersTests(ITestOutputHelper output)
{
    private const int Port = 7000;
    private const int PacketsASecond = 4_000;
    private const int Watchers = 20;
    private const int Askers = 20;
    private const int MaxRefusedMs = 1_000;

    /// <summary>What the collector may leave for later; a list that grows with each state or answer is above it soon.</summary>
    private const long MaxGrowthKib = 64 * 1024;

    private static readonly string[] s_verbs = ["contacts", "info", "devices", "runs", "flows", "minutes"];

    private static TimeSpan Time => TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("PITAP_LONG") == "1" ? 120 : 12);

    [Fact]
    public void Twenty_who_watch_and_twenty_who_ask_cost_no_packet()
    {
        Tools.Require();
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        using Running live = Pitap.Live(world, db, "--filter", string.Create(CultureInfo.InvariantCulture, $"udp port {Port}"));
        using UdpLoad load = new(world, Port, PacketsASecond);
        using CancellationTokenSource end = new();
        Watching[] watching = [.. Enumerable.Range(0, Watchers).Select(_ => new Watching(db))];
        Asking[] asking = [.. Enumerable.Range(0, Askers).Select(i => new Asking(db, i, end.Token))];
        List<long> sizes = Sizes(live.Id);
        end.Cancel();
        foreach (Asking one in asking)
            one.Join();
        load.Stop();
        Assert.Equal(0, live.End(Native.Terminate));
        foreach (Watching one in watching)
            one.Join();

        long before = sizes.Take(sizes.Count / 2).Max();
        long after = sizes.Skip(sizes.Count / 2).Max();
        output.WriteLine(
            $"{asking.Sum(static one => one.Answers)} answers, {asking.Sum(static one => one.Refusals)} refusals, refused for {asking.Max(static one => one.RefusedMs):F0} ms "
            + $"at most; {watching.Min(static one => one.States)} to {watching.Max(static one => one.States)} states; {before} and {after} KiB; {load.Sent} packets sent.");
        SourceLine source = Assert.Single(Assert.Single(Pitap.Runs(db)).Sources);
        Assert.Equal((source.Received, 0L), (source.Kept, source.Dropped));
        Assert.True(source.Received >= load.Sent, $"{source.Received} of {load.Sent} packets");
        Assert.All(asking, static one => Assert.InRange(one.RefusedMs, 0, MaxRefusedMs));
        Assert.All(watching, static one => Assert.True(one.States > 1));
        Assert.True(after <= before + MaxGrowthKib, $"{before} KiB became {after} KiB");
    }

    /// <summary>The resident size of the process in KiB, some times over the time of the test.</summary>
    private static List<long> Sizes(int process)
    {
        const int steps = 24;
        List<long> sizes = [];
        using ManualResetEventSlim never = new();
        for (int i = 0; i < steps; i++)
        {
            never.Wait(Time / steps);
            string line = File.ReadLines($"/proc/{process}/status")
                .First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            sizes.Add(long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
        }
        return sizes;
    }

    /// <summary>Reads states until the daemon ends.</summary>
    private sealed class Watching
    {
        private readonly Thread _thread;

        public Watching(string db)
        {
            _thread = new Thread(() =>
            {
                using DaemonSocket socket = new(db, "watch");
                while (socket.ReadLine() is string line && line.StartsWith('{'))
                    States++;
            });
            _thread.Start();
        }

        public int States { get; private set; }

        public void Join() => Assert.True(_thread.Join(Wait.LimitMs));
    }

    /// <summary>Asks one thing after the other, and again at once if it is refused.</summary>
    private sealed class Asking
    {
        private readonly Thread _thread;

        public Asking(string db, int first, CancellationToken end)
        {
            _thread = new Thread(() =>
            {
                for (int i = first; !end.IsCancellationRequested; i++)
                {
                    long? refused = null;
                    while (!Ask(db, s_verbs[i % s_verbs.Length]))
                    {
                        refused ??= Stopwatch.GetTimestamp();
                        Refusals++;
                    }
                    Answers++;
                    if (refused is long since)
                        RefusedMs = Math.Max(RefusedMs, Stopwatch.GetElapsedTime(since).TotalMilliseconds);
                }
            });
            _thread.Start();
        }

        public int Answers { get; private set; }

        public int Refusals { get; private set; }

        public double RefusedMs { get; private set; }

        public void Join() => Assert.True(_thread.Join(Wait.LimitMs));

        private static bool Ask(string db, string verb)
        {
            using DaemonSocket socket = new(db, verb);
            return socket.ReadAnswer();
        }
    }
}
