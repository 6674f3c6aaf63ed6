using System.Buffers.Binary;
using System.Globalization;
using PiTap.Live.Tests.Kit;

namespace PiTap.Live.Tests;

/// <summary>Clocks are set: by people, by time servers, by batteries that ran out.</summary>
public sealed class ClockTests
{
    private const int Port = 7000;
    private const uint YearSeconds = 365 * 24 * 60 * 60;

    [Fact]
    public void A_daemon_whose_clock_is_set_back_a_year_loses_nothing()
    {
        Tools.Require("faketime");
        string? library = Directory.Exists("/usr/lib")
            ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1",
                new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).FirstOrDefault()
            : null;
        Assert.SkipUnless(library is not null, "libfaketime is not installed.");
        using TapWorld world = new();
        string db = world.FileNamed("pitap.db");
        string clock = world.FileNamed("clock");
        Set(clock, "+0");
        Dictionary<string, string> faked = new()
        {
            ["LD_PRELOAD"] = library!,
            ["FAKETIME_TIMESTAMP_FILE"] = clock,
            ["FAKETIME_NO_CACHE"] = "1",
            // Setting a clock leaves the monotonic one alone.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
        string[] arguments = ["live", "--interface", TapWorld.Watched, "--db", db, "--filter", "udp"];
        using (Running live = TapWorld.Start(world.Tap, Pitap.Executable, arguments, faked))
        {
            live.WaitForError("Listening on");
            UdpPeer.Send(world, Port, 100);
            Wait.Until(() => Kept(db) == 100, static () => "packets before the step");
            Set(clock, "-1y");
            UdpPeer.Send(world, Port + 1, 200);
            Wait.Until(() => Kept(db) == 300, static () => "packets after the step back");
            Set(clock, "+0");
            UdpPeer.Send(world, Port + 2, 300);
            Wait.Until(() => Kept(db) == 600, static () => "packets after the step forward");
            Assert.Equal(0, live.End(Native.Terminate));
            Assert.DoesNotContain("damage", live.Error, StringComparison.Ordinal);
        }
        // Started with the clock of last year, when retention has its first pass.
        Set(clock, "-1y");
        using (Running live = TapWorld.Start(world.Tap, Pitap.Executable, [.. arguments, "--retain-days", "1"], faked))
        {
            live.WaitForError("Listening on");
            UdpPeer.Send(world, Port + 3, 50);
            Wait.Until(() => Kept(db) == 650, static () => "packets of a run in the past");
            Assert.Equal(0, live.End(Native.Terminate));
        }
        RunLine[] runs = Pitap.Runs(db);
        Assert.Equal(2, runs.Length);
        Assert.All(runs, static run => Assert.True(run.Complete));
        string started = Pitap.Run("stats", "--json", "--db", db).Output;
        int lastYear = TimeProvider.System.GetUtcNow().AddYears(-1).Year;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"started\":\"{lastYear}-"), started, StringComparison.Ordinal);
        Assert.Equal(
            [(Port, 100L), (Port + 1, 200L), (Port + 2, 300L), (Port + 3, 50L)],
            Pitap.Flows(db).OrderBy(static flow => flow.ServerPort).Select(static flow => (flow.ServerPort, flow.Packets)));
    }

    [Fact]
    public void Packets_whose_times_step_back_a_year_are_all_there()
    {
        Tools.Require("tcpdump");
        using TapWorld world = new();
        using Tcpdump tcpdump = new(world, "udp");
        UdpPeer.Send(world, Port, 100);
        UdpPeer.Send(world, Port + 1, 200);
        IReadOnlyList<Seen> seen = tcpdump.End();
        StepBack(tcpdump.Path, afterPackets: 150);

        string db = world.FileNamed("pitap.db");
        Assert.Equal(0, Pitap.Run("replay", "--db", db, tcpdump.Path).Code);
        RunLine run = Assert.Single(Pitap.Runs(db));
        SourceLine source = Assert.Single(run.Sources);
        Assert.Equal((seen.Count, seen.Sum(static packet => (long)packet.Bytes)), (source.Kept, source.BytesKept));
        Assert.Contains(run.Losses, static loss => loss.Key.Contains("clock", StringComparison.OrdinalIgnoreCase) && loss.Value == 1);
        FlowLine[] flows = Pitap.Flows(db);
        Assert.Equal(100, flows.Where(static flow => flow.ServerPort == Port).Sum(static flow => flow.Packets));
        Assert.Equal(200, flows.Where(static flow => flow.ServerPort == Port + 1).Sum(static flow => flow.Packets));
    }

    private static long Kept(string db) => Pitap.Runs(db).SelectMany(static run => run.Sources).Sum(static source => source.Kept);

    /// <summary>In one step: the daemon reads the file at any moment.</summary>
    private static void Set(string clock, string offset)
    {
        File.WriteAllText(clock + ".new", offset + "\n");
        File.Move(clock + ".new", clock, overwrite: true);
    }

    /// <summary>Takes a year off the time stamps of a pcap file from some packet on.</summary>
    private static void StepBack(string path, int afterPackets)
    {
        const int fileHeader = 24, packetHeader = 16;
        byte[] file = File.ReadAllBytes(path);
        for (int at = fileHeader, packet = 0; at + packetHeader <= file.Length; packet++)
        {
            Span<byte> seconds = file.AsSpan(at, 4);
            if (packet >= afterPackets)
                BinaryPrimitives.WriteUInt32LittleEndian(seconds, BinaryPrimitives.ReadUInt32LittleEndian(seconds) - YearSeconds);
            at += packetHeader + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 8));
        }
        File.WriteAllBytes(path, file);
    }
}
